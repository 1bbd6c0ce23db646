#include "reports/expectation_case.hpp"

#include <fmt/format.h>

#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// "stuck.probability at most 0.001", "reachable.stuck exactly true (untimed)".
std::string case_name(const Expectation& expected) {
  const auto comparison = expected.comparison == Comparison::equals
                              ? std::string("exactly")
                              : spaced(comparison_name(expected.comparison));
  return fmt::format("{} {} {}{}", expected.figure, comparison, bound_text(expected),
                     expected.mode.empty() ? "" : fmt::format(" ({})", expected.mode));
}

}  // namespace

JunitCase expectation_case(const std::string& strategy, const CheckedExpectation& checked,
                           const std::string& evidence) {
  JunitCase one{.group = strategy, .name = case_name(checked.expectation)};
  switch (checked.verdict) {
    case ExpectationVerdict::held:
      break;
    case ExpectationVerdict::not_evaluated:
      one.outcome = JunitOutcome::skipped;
      one.message = checked.remark;
      break;
    case ExpectationVerdict::failed:
      one.outcome = JunitOutcome::failure;
      one.type = "failed";
      one.message = expectation_text(strategy, checked);
      one.text = evidence;
      break;
    case ExpectationVerdict::undecided:
      one.outcome = JunitOutcome::failure;
      one.type = "undecided";
      one.message = "undecided: " + expectation_text(strategy, checked);
      one.text = evidence;
  }
  return one;
}

JunitCase no_expectation_case(const std::string& strategy, const std::string& seen) {
  return {.group = strategy,
          .name = "no expectation",
          .outcome = JunitOutcome::skipped,
          .message = "nothing is expected of it; " + seen};
}

JunitCase incomplete_case(const std::string& strategy, const std::string& why) {
  return {strategy, "complete", JunitOutcome::error, "incomplete", why, ""};
}

}  // namespace cacherace::reports
