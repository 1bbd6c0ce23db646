// How likely something rare is in a run, for each of several values of a parameter: importance sampling.
//
// Values that follow each other form a group, for which runs are drawn from a law that is bent towards those
// which are bad there (aim.hpp), with some plain runs among them. A run counts for as much as it is more
// likely by the usual law than by the mixture it is drawn from, over the draws that it asked for: a run asks
// for one draw after the other, so these are known without those it never asked for (a stopping time), and
// the estimates are unbiased whatever the aims are. A poor aim only makes them scatter.
// Sources: Owen, Zhou, "Safe and effective importance sampling" (JASA 2000): mixtures with a defensive part;
// Asmussen, Glynn, "Stochastic Simulation" (2007), theorem V.1.1: likelihood ratios at stopping times.
//
// Cost of a replication: each group's runs times (its values + about 1/16 of the later ones).
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "exploration/aim.hpp"

namespace cacherace::exploration {

struct ImportancePlan {
  std::size_t values = 0;
  std::uint64_t seed = 0;
  std::uint64_t first_run = 0;  // its runs are numbered from here on
  struct Group {
    std::vector<std::pair<std::size_t, double>> aims;  // which, and for what share; the rest are plain runs
    std::size_t first = 0, end = 0;                    // its values
    std::uint32_t runs = 0;                            // of one replication
  };
  std::vector<Group> groups;
  std::vector<Aim> aims;
};

// Replication number `replication`: a pure function of the plan and the number. `stop` (not null): ends soon,
// with nothing that could be used.
ReplicationEstimate weigh(const ImportancePlan& plan, PlayedRuns& runs, std::uint32_t replication,
                          const std::atomic<bool>& stop);

}  // namespace cacherace::exploration
