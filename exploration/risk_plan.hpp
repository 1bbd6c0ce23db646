// Looks for the values at which a risk passes a bound, and plans how to certify what it finds.
//
// The search goes from level to level, each chosen on the way so that about a quarter of the runs stay
// bad: by aims (risk_aim.hpp) or, where these do not lead far enough, by a splitting of its own
// (splitting.hpp). All that it finds is a plan: which values to measure, how to draw runs, and how many.
// Nothing it estimates is reported; what is reported comes from fresh runs after the plan is fixed
// (risk_certify.hpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "exploration/importance.hpp"
#include "exploration/play_crew.hpp"
#include "exploration/splitting.hpp"
#include "exploration/threshold.hpp"

namespace cacherace::exploration {

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
  unsigned jobs = 1;  // threads; nothing found depends on it
};

// From this risk on plain runs are enough.
inline constexpr double plain_from = 1e-4;
// Below it by so many independent replications.
inline constexpr std::uint32_t replications_of_risk = 40;

// Of what has more than so many times the bound one value is tested.
inline constexpr double far_above = 10.0;

enum class RiskMethod : std::uint8_t { plain, importance, splitting };

struct RiskPlan {
  std::vector<sim::Duration> values;  // to measure, ascending
  // The places of those that may be called unsafe, in the order in which they are tested: the greatest value
  // that is far above the bound, and those that are not, the one with the greatest risk (as searched) first.
  std::vector<std::size_t> order;
  // The place of the last one that is tested: what is bad from a later one on is bad from it on.
  std::size_t last_tested = 0;
  sim::Duration resolution{1};  // of those near the bound
  RiskMethod method = RiskMethod::plain;
  std::uint64_t plain_runs = 0;  // of each value
  ImportancePlan importance;
  SplittingPlan splitting;
  // Runs that are bad at `typical_at`, the last value at which the search saw the risk above the bound.
  std::vector<Particle> typical;
  sim::Duration typical_at{0};
  bool stopped = false;      // before it was finished
  sim::Duration reached{0};  // the last value that the search looked at closely
  bool unseen = false;       // no run was bad at any value: nothing to follow
};

// From where on runs that count are numbered, and those of the rehearsal; those of the search have others.
inline constexpr std::uint64_t certifying_runs = 300'000'000'000;
inline constexpr std::uint64_t rehearsal_runs = 400'000'000'000;

RiskPlan plan_risk(const RiskProblem& problem, const RiskWatch& watch);

}  // namespace cacherace::exploration
