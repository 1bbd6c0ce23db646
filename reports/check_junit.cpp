#include "reports/check_junit.hpp"

#include <fmt/format.h>

#include "reports/check_table.hpp"
#include "reports/check_words.hpp"
#include "reports/escaped.hpp"

namespace cacherace::reports {
namespace {

struct Counts {
  std::size_t cases = 0, failures = 0, errors = 0;
};

std::string junit_case(const CheckedHistory& checked, const verify::KeyVerdict& key, Counts& counts) {
  const std::string& name = checked.history.keys.at(key.key);
  const std::string begin =
      fmt::format(R"(  <testcase classname="{}" name="{}")", escaped(history_title(checked)),
                  escaped(name.empty() ? "the only key" : name));
  ++counts.cases;
  if (!key.linearizable) {
    ++counts.errors;
    const bool left_out = key.undecided == verify::Undecided::no;
    return begin + fmt::format(">\n    <error type=\"unknown\" message=\"{}\"/>\n  </testcase>\n",
                               escaped(left_out ? why_not(checked, key) : why_undecided(key.undecided)));
  }
  if (*key.linearizable) return begin + "/>\n";
  ++counts.failures;
  return begin + fmt::format(">\n    <failure type=\"{}\" message=\"{}\">{}</failure>\n  </testcase>\n",
                             verify::violation_names[static_cast<std::size_t>(key.kind)],
                             escaped(why_not(checked, key)), escaped(witness_bars(checked, key)));
}

}  // namespace

std::string check_junit(const CheckResult& result) {
  Counts counts;
  std::string cases;
  for (const auto& checked : result.histories) {
    for (const auto& key : checked.verdict.keys) cases += junit_case(checked, key, counts);
  }
  if (!result.complete && counts.errors == 0) {
    ++counts.cases;
    ++counts.errors;
    cases +=
        "  <testcase classname=\"cacherace check\" name=\"complete\">\n    <error type=\"unknown\" "
        "message=\"stopped before every history was judged\"/>\n  </testcase>\n";
  }
  const std::string sums =
      fmt::format(R"(tests="{}" failures="{}" errors="{}")", counts.cases, counts.failures, counts.errors);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n<testsuite "
      "name=\"cacherace check\" {0}>\n{1}</testsuite>\n</testsuites>\n",
      sums, cases);
}

}  // namespace cacherace::reports
