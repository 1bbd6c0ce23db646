#include "reports/run_junit.hpp"

#include <fmt/format.h>

#include "reports/expectation_case.hpp"
#include "reports/steps.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// "99 % interval: 0.32 %–0.69 %\n"; empty for a figure without one.
std::string interval_text(const StrategyResult& s, std::string_view figure) {
  std::string text;
  for_each_figure(s, [&](std::string_view path, const FigureValue& value) {
    const auto* const estimate = std::get_if<Estimate>(&value);
    if (path != figure || estimate == nullptr || !estimate->low || !estimate->high) return;
    text = fmt::format("99 % interval: {} % to {} %\n", percent_number(*estimate->low, Rounding::down),
                       percent_number(*estimate->high, Rounding::up));
  });
  return text;
}

// Steps of a violation say nothing of a latency or a hit ratio.
bool is_of_violations(std::string_view figure) {
  return !figure.starts_with("latency.") && !figure.starts_with("cache.") && !figure.starts_with("database.");
}

std::string evidence(const Scenario& scenario, const RunResult& result, const StrategyResult& s,
                     const Expectation& expected, const Source& source) {
  std::string text = interval_text(s, expected.figure);
  if (!s.first_violation || !is_of_violations(expected.figure)) return text;
  const std::uint64_t run = s.first_violation->run;
  text += fmt::format("\nThe first violation ({}):\n\n{}\nRepeat it: {}\n", spaced(s.first_violation->kind),
                      run_steps(scenario, s.strategy, run), replay_command(result, s.strategy, run, source));
  return text;
}

// Empty: all of its runs came to their end.
std::string why_incomplete(const RunResult& result, const StrategyResult& s) {
  if (s.runs < result.runs)
    return fmt::format("stopped after {} of {}", count_text(s.runs), counted(result.runs, "run"));
  return s.incomplete_runs > 0 ? counted(s.incomplete_runs, "run") + " met a limit" : "";
}

}  // namespace

std::string run_junit(const Scenario& scenario, const RunResult& result, const Source& source) {
  std::vector<JunitCase> cases;
  for (const auto& s : result.strategies) {
    const auto name = strategy_argument(s.strategy);
    for (const auto& checked : s.expectations) {
      const bool told =
          checked.verdict == ExpectationVerdict::failed || checked.verdict == ExpectationVerdict::undecided;
      cases.push_back(expectation_case(
          name, checked, told ? evidence(scenario, result, s, checked.expectation, source) : ""));
    }
    if (s.expectations.empty()) {
      cases.push_back(
          no_expectation_case(name, fmt::format("stuck {} of runs, stale {} of reads", estimate_text(s.stuck),
                                                estimate_text(s.stale_share))));
    }
    if (const auto why = why_incomplete(result, s); !why.empty()) cases.push_back(incomplete_case(name, why));
  }
  return junit_document(result.scenario, cases);
}

}  // namespace cacherace::reports
