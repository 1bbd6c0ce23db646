#include "reports/compare_junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/compare_words.hpp"
#include "reports/expectation_case.hpp"
#include "reports/junit.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

std::string group_of(const ComparedStrategy& strategy) {
  return strategy.label_a == strategy.label_b ? strategy.label_a
                                              : strategy.label_a + " against " + strategy.label_b;
}

// "stuck runs: A 2 %, B 4 %, change +2 points (+1 to +3), worse".
std::string row_text(const ChangeRow& row) {
  return fmt::format("{}: A {}, B {}, change {}{}{}\n", row.figure, row.a, row.b, row.change,
                     row.judgement.empty() ? "" : ", ", row.judgement);
}

std::string repeat_command(const Comparison& comparison, const ComparedStrategy& strategy,
                           const CheckedFailOn& checked) {
  return fmt::format(
      "cacherace compare {} {} --strategy {} --against {} --fail-on {}{}", shell_word(comparison.a->file),
      shell_word(comparison.b->file), shell_word(strategy.label_a), shell_word(strategy.label_b),
      shell_word(checked.condition->text), comparison.of_different_scenarios ? " --different-scenarios" : "");
}

JunitCase case_of(const Comparison& comparison, const ComparedStrategy& strategy,
                  const CheckedFailOn& checked) {
  JunitCase one{.group = group_of(strategy), .name = "not " + checked.condition->text};
  if (checked.verdict == ExpectationVerdict::held) return one;
  one.outcome = JunitOutcome::failure;
  one.type = checked.verdict == ExpectationVerdict::failed ? "failed" : "undecided";
  one.message = condition_text(checked);
  one.text = fmt::format("{}\n{}.\n\n{}\nRepeat it: {}\n", sides_text(comparison, strategy),
                         pairing_text(strategy), row_text(change_row(strategy, *checked.condition)),
                         repeat_command(comparison, strategy, checked));
  return one;
}

JunitCase case_without(const ComparedStrategy& strategy) {
  JunitCase one{.group = group_of(strategy),
                .name = "no condition",
                .outcome = JunitOutcome::skipped,
                .message = "--fail-on says nothing of what may change"};
  for (const ChangeRow& row : change_rows(strategy)) one.text += row_text(row);
  return one;
}

}  // namespace

std::string compare_junit(const Comparison& comparison) {
  std::vector<JunitCase> cases;
  for (const ComparedStrategy& strategy : comparison.strategies) {
    for (const CheckedFailOn& checked : strategy.conditions)
      cases.push_back(case_of(comparison, strategy, checked));
    if (strategy.conditions.empty()) cases.push_back(case_without(strategy));
  }
  if (!comparison.remarks.empty()) {
    cases.push_back({.group = "cacherace compare",
                     .name = "notes",
                     .outcome = JunitOutcome::skipped,
                     .message = fmt::format("{}", fmt::join(comparison.remarks, "; "))});
  }
  if (!comparison.complete) {
    cases.push_back(incomplete_case(
        "cacherace compare", "a side was interrupted or met a limit, or this comparison was interrupted"));
  }
  const std::string &a = comparison.a->scenario_name, &b = comparison.b->scenario_name;
  return junit_document(a == b ? a : a + " and " + b, cases);
}

}  // namespace cacherace::reports
