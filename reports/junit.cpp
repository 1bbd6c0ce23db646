#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escaped.hpp"

namespace cacherace::reports {
namespace {

std::string element_of(JunitOutcome outcome) {
  switch (outcome) {
    case JunitOutcome::passed:
      return "system-out";
    case JunitOutcome::failure:
      return "failure";
    case JunitOutcome::error:
      return "error";
    case JunitOutcome::skipped:
      break;
  }
  return "skipped";
}

std::string content_of(const JunitCase& one) {
  const std::string element = element_of(one.outcome);
  std::string begin = "<" + element;
  if (one.outcome == JunitOutcome::failure || one.outcome == JunitOutcome::error)
    begin += fmt::format(" type=\"{}\"", escaped(one.type));
  if (one.outcome != JunitOutcome::passed) begin += fmt::format(" message=\"{}\"", escaped(one.message));
  return one.text.empty() ? begin + "/>" : fmt::format("{}>{}</{}>", begin, escaped(one.text), element);
}

std::string case_text(const JunitCase& one) {
  const std::string begin =
      fmt::format(R"(  <testcase classname="{}" name="{}")", escaped(one.group), escaped(one.name));
  if (one.outcome == JunitOutcome::passed && one.text.empty()) return begin + "/>\n";
  return begin + ">\n    " + content_of(one) + "\n  </testcase>\n";
}

}  // namespace

std::string junit_document(std::string_view suite, const std::vector<JunitCase>& cases) {
  const auto count = [&cases](JunitOutcome outcome) {
    return std::ranges::count(cases, outcome, &JunitCase::outcome);
  };
  const std::string sums = fmt::format(R"(tests="{}" failures="{}" errors="{}")", cases.size(),
                                       count(JunitOutcome::failure), count(JunitOutcome::error));
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
      "<testsuite name=\"{1}\" {0} skipped=\"{2}\">\n",
      sums, escaped(suite), count(JunitOutcome::skipped));
  for (const auto& one : cases) text += case_text(one);
  return text + "</testsuite>\n</testsuites>\n";
}

}  // namespace cacherace::reports
