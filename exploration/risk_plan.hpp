// Looks for the values at which a risk passes a bound, and plans how to certify what it finds.
//
// The search is a splitting of its own (splitting.hpp) whose levels are chosen on the way, so that about a
// quarter of the runs stay bad from one to the next. All that it finds is a plan: which values to measure,
// which draws to move, with how many runs. Nothing it estimates is reported; what is reported comes from
// fresh runs after the plan is fixed (risk_certify.hpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "exploration/splitting.hpp"
#include "exploration/threshold.hpp"

namespace cacherace::exploration {

// Plays runs at these values; called on the thread that will play them.
using MakeRuns = std::function<std::unique_ptr<PlayedRuns>(const std::vector<sim::Duration>& values)>;

// How far a search for a risk is.
struct RiskProgress {
  bool certifying = false;  // otherwise it still searches
  double done = 0.0;        // searching: the risk it has come down to; certifying: the share that is done
};
// Told now and then; true: it is to end here.
using RiskWatch = std::function<bool(const RiskProgress&)>;

struct RiskProblem {
  MakeRuns make;
  double risk = 1e-6;
  DurationRange range = ThresholdProblem::default_range;
  std::optional<sim::Duration> resolution;  // of the answer; none: about 1 % of the value
  std::uint64_t seed = 1;
};

// From this risk on plain runs are enough.
inline constexpr double plain_from = 1e-4;

struct RiskPlan {
  std::vector<sim::Duration> values;  // to measure, ascending
  std::vector<std::size_t> order;     // their places, the one with the greatest risk (as searched) first
  sim::Duration resolution{1};        // of those near the bound
  bool splits = false;                // otherwise by `plain_runs` plain runs of each value
  std::uint64_t plain_runs = 0;
  SplittingPlan splitting;
  // Runs that are bad at `typical_at`, the last value at which the search saw the risk above the bound.
  std::vector<Particle> typical;
  sim::Duration typical_at{0};
  bool stopped = false;  // before it was finished
  bool unseen = false;   // no run was bad at any value: nothing to follow
};

RiskPlan plan_risk(const RiskProblem& problem, const RiskWatch& watch);

// The greatest of 1, 2 and 5 times a power of ten (ns) that is not above `value`; at least 1.
sim::Duration round_step(double value);

}  // namespace cacherace::exploration
