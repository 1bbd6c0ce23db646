// `tune --risk`: from which value of a duration on at most a given share of runs is bad, with everything that
// is reported of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exploration/risk_certify.hpp"
#include "exploration/risk_cover.hpp"
#include "scenarios/result.hpp"

namespace cacherace::exploration {

struct RiskTuning {
  const scenarios::Scenario& scenario;
  scenarios::StrategyChoice strategy;
  std::string parameter;
  Property property = Property::stuck;
  double risk = 1e-6;
  std::optional<DurationRange> range;  // none: all that runs have time for, up to 1 h
  std::optional<sim::Duration> resolution;
  unsigned jobs = 1;
};

struct RiskResult {
  std::string scenario;
  scenarios::StrategyChoice strategy;
  std::string parameter;
  Property property = Property::stuck;
  double risk = 0.0;
  std::uint64_t seed = 0;
  DurationRange range{};
  sim::Duration resolution{1};
  bool unseen = false;  // no run of the search was bad at any value, so there was nothing to follow
  // Where a search that was stopped had come to; nothing is known from it.
  std::optional<sim::Duration> stopped_at;
  // The exact threshold, where it is found quickly: from here on nothing can happen. The range ends there.
  std::optional<sim::Duration> impossible_from;
  RiskSample sample;
  // What the strategy costs at each point, by runs of the scenario's numbers; empty where it was stopped.
  std::vector<scenarios::StrategyResult> costs;
  Cover cover;  // of runs that are bad at the greatest unsafe value
  // The strategy at the safe value, and others on the same runs.
  std::vector<scenarios::StrategyResult> instead;
  std::vector<scenarios::CheckedExpectation> expectations;
  scenarios::ResultVerdict verdict = scenarios::ResultVerdict::held;

  // The answer was reached: there is a safe value, or surely none.
  [[nodiscard]] bool complete() const;
  // Certified, or (if that is all there is) exact.
  [[nodiscard]] std::optional<sim::Duration> safe() const;
  [[nodiscard]] std::optional<sim::Duration> unsafe() const;
  [[nodiscard]] bool safe_is_exact() const { return !sample.safe && impossible_from; }
};

// Why that cannot be tuned; nothing where it can.
std::optional<std::string> why_not_tunable_by_risk(const RiskTuning& tuning);

// Precondition: it can be tuned. A pure function of the tuning, but for `watch` and `jobs`.
RiskResult tune_by_risk(const RiskTuning& tuning, const RiskWatch& watch);

}  // namespace cacherace::exploration
