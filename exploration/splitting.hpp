// How likely something rare is in a run, for each of several values of a parameter: multilevel splitting.
//
// The values are levels, in ascending order. A run is kept at a level if it is bad at that value *or at any
// later one*, under the same draws: these events lie in each other whatever the property is, so nothing is
// assumed about larger being safer. P(kept at k+1) = P(kept at k) P(kept at k+1 | kept at k): each factor is
// the share that is kept of a population that stands for the level, made of the last one's survivors by
// copying and by moves (draw_mover.hpp) that do not leave the level. With levels, numbers of runs and moves
// fixed beforehand the product is unbiased, and so is the share of the population that is bad at the very
// value.
// Sources: Del Moral, "Feynman-Kac Formulae" (2004), theorem 7.4.2 (unbiased); Cérou, Del Moral, Furon,
// Guyader, "Sequential Monte Carlo for rare event estimation" (Statistics and Computing 2012); Botev, Kroese,
// "Efficient Monte Carlo simulation via the generalized splitting method" (same journal, 2012).
// Whether a run is bad at a later value is looked at seldom where it is not at this one, by delayed
// acceptance: Christen, Fox, "Markov chain Monte Carlo using an approximation" (J. Comput. Graph. Stat.
// 2005). In the same way not every run that a level begins with is looked at closer; one that is counts for
// the others.
//
// Cost of a replication: about 2 * (first_draws + particles * (all moves)) runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "exploration/draw_mover.hpp"
#include "exploration/played_runs.hpp"

namespace cacherace::exploration {

struct SplittingPlan {
  std::size_t values = 0;
  std::uint64_t seed = 0;
  std::uint64_t first_run = 0;  // the runs that replications begin with are numbered from here on
  std::uint32_t first_draws = 0;
  std::uint32_t particles = 0;
  struct Level {
    std::uint32_t moves = 0;    // of each particle
    std::size_t move_plan = 0;  // which of them
  };
  std::vector<Level> levels;  // by value; the last one's moves are not made
  std::vector<MovePlan> move_plans;
};

// Replication number `replication`: a pure function of the plan and the number. `stop` (not null): ends soon,
// with nothing that could be used.
ReplicationEstimate split(const SplittingPlan& plan, PlayedRuns& runs, std::uint32_t replication,
                          const std::atomic<bool>& stop);

}  // namespace cacherace::exploration
