// `tune --exact`: a scenario's threshold, with everything that is reported of it.
#pragma once

#include <string>
#include <variant>

#include "exploration/threshold.hpp"
#include "scenarios/recording.hpp"

namespace cacherace::exploration {

struct TuneResult {
  std::string scenario;
  StrategyChoice strategy;  // the parameter is what the command line or the scenario says; it does not matter
  std::string parameter;
  Property property = Property::stuck;
  DurationRange range{};
  Threshold threshold;
  std::vector<CheckedExpectation> expectations;
  ResultVerdict verdict = ResultVerdict::held;
};

// Why the strategy has no such duration; nothing where it has.
std::optional<std::string> why_no_duration(const StrategyChoice& strategy, const std::string& parameter);

// Why the parameter cannot be tuned in this scenario; nothing where it can.
std::optional<std::string> why_not_tunable(const ThresholdProblem& problem);

// The result, with the scenario's expectations of `tune`. Precondition: it can be tuned.
TuneResult tune(const ThresholdProblem& problem, const sim::SearchWatch& watch);

// What the result claims. Precondition: it is complete.
scenarios::Certificate certificate_of(const TuneResult& result);

// Whether a certificate is right, found out anew: the search at the safe value must find nothing and come to
// the same figures, the violation at the unsafe one must play. Why not, in words; empty: it is.
std::string why_not_confirmed(const ThresholdProblem& problem, const scenarios::Certificate& certificate,
                              const sim::SearchWatch& watch);

}  // namespace cacherace::exploration
