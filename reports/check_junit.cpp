#include "reports/check_junit.hpp"

#include <algorithm>

#include "reports/check_table.hpp"
#include "reports/check_words.hpp"
#include "reports/junit.hpp"

namespace cacherace::reports {
namespace {

JunitCase junit_case(const CheckedHistory& checked, const verify::KeyVerdict& key) {
  const std::string& name = checked.history.keys.at(key.key);
  JunitCase one{.group = history_title(checked), .name = name.empty() ? "the only key" : name};
  if (!key.linearizable) {
    const bool left_out = key.undecided == verify::Undecided::no;
    one.outcome = JunitOutcome::error;
    one.type = "unknown";
    one.message = left_out ? why_not(checked, key) : why_undecided(key.undecided);
  } else if (!*key.linearizable) {
    one.outcome = JunitOutcome::failure;
    one.type = verify::violation_names[static_cast<std::size_t>(key.kind)];
    one.message = why_not(checked, key);
    one.text = witness_bars(checked, key);
  }
  return one;
}

}  // namespace

std::string check_junit(const CheckResult& result) {
  std::vector<JunitCase> cases;
  for (const auto& checked : result.histories) {
    for (const auto& key : checked.verdict.keys) cases.push_back(junit_case(checked, key));
  }
  const bool any_error =
      std::ranges::any_of(cases, [](const auto& one) { return one.outcome == JunitOutcome::error; });
  if (!result.complete && !any_error) {
    cases.push_back({"cacherace check", "complete", JunitOutcome::error, "unknown",
                     "stopped before every history was judged", ""});
  }
  return junit_document("cacherace check", cases);
}

}  // namespace cacherace::reports
