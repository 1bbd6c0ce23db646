// Expectations against what exploration found.
#include <fmt/format.h>

#include <algorithm>

#include "exploration/exploration.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::Expectation;
using scenarios::ExpectationVerdict;

struct Observed {
  double value = 0.0;
  bool certain = true;  // whatever is still to be explored
};

Observed observe(const ExploredStrategy& result, std::string_view figure) {
  if (figure == "complete") return {result.complete ? 1.0 : 0.0};
  if (figure == "states") return {static_cast<double>(result.states), result.complete};
  if (figure == "outcomes") return {static_cast<double>(result.outcomes), result.complete};
  constexpr std::string_view section = "reachable.";
  const auto property = std::ranges::find(property_names, figure.substr(section.size()));
  const bool reachable =
      result.reachable(static_cast<Property>(std::distance(property_names.begin(), property)));
  return {reachable ? 1.0 : 0.0, reachable || result.complete};
}

CheckedExpectation check(const Expectation& expectation, const ExploredStrategy& result) {
  CheckedExpectation checked{.expectation = expectation};
  if (expectation.command != "explore") {
    checked.remark = fmt::format("`cacherace {}` evaluates it", expectation.command);
    return checked;
  }
  if (!expectation.mode.empty() && (expectation.mode == "timed") != result.timed) {
    checked.remark = fmt::format("it speaks of the {} orders, these are {}", expectation.mode,
                                 result.timed ? "timed" : "untimed");
    return checked;
  }
  const Observed observed = observe(result, expectation.figure);
  checked.observed = observed.value;
  if (!observed.certain) {
    checked.verdict = ExpectationVerdict::undecided;
    checked.remark = result.draws ? "drawn orders decide only what they meet" : "a limit came first";
  } else {
    checked.verdict =
        agrees(expectation, observed.value) ? ExpectationVerdict::held : ExpectationVerdict::failed;
  }
  return checked;
}

}  // namespace

void check_expectations(const Scenario& scenario, ExploreResult& result) {
  bool any_failed = false, any_undecided = false, all_drawn = !result.strategies.empty();
  for (ExploredStrategy& strategy : result.strategies) {
    for (const Expectation& expectation : scenario.expectations) {
      if (expectation.strategy != "*" && expectation.strategy != strategy.strategy.info->name) continue;
      strategy.expectations.push_back(check(expectation, strategy));
      const auto verdict = strategy.expectations.back().verdict;
      any_failed = any_failed || verdict == ExpectationVerdict::failed;
      any_undecided = any_undecided || verdict == ExpectationVerdict::undecided;
    }
    const auto& draws = strategy.draws;
    all_drawn = all_drawn && draws && draws->runs == draws->wanted && draws->incomplete == 0;
  }
  // All that was to be drawn was drawn: then what it can say anything about is decided.
  const bool finished = result.complete || (all_drawn && (any_failed || !any_undecided));
  result.verdict = !finished    ? ResultVerdict::unknown
                   : any_failed ? ResultVerdict::failed
                                : ResultVerdict::held;
}

}  // namespace cacherace::exploration
