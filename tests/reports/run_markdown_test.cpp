#include "reports/run_markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/explore_programs.hpp"

namespace cacherace::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RunMarkdown, IsNeverLargerThanItsLimitAndSaysWhatIsMissing) {
  auto scenario = scenarios::must_read(
      R"({"name": "small", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"}, "clients": )" +
      one_and_two + R"(, "strategies": ["binlog-delete", "write-then-delete"]})");
  const std::string whole = steps_markdown(scenario, 0);
  EXPECT_THAT(whole, Not(HasSubstr("left out")));
  std::size_t cut = 0;
  for (std::size_t most = 400; most < whole.size() + 400; ++most) {
    const std::string text = steps_markdown(scenario, 0, most);
    ASSERT_LE(text.size(), most);
    if (text == whole) continue;
    ++cut;
    ASSERT_THAT(text, HasSubstr(" left out: a report has at most "));
    ASSERT_TRUE(text.ends_with("_\n"));
  }
  EXPECT_GT(cut, 100U);
}

TEST(RunMarkdown, AFenceIsLongerThanAnyInside) {
  EXPECT_EQ(fenced("a\n"), "```text\na\n```\n");
  EXPECT_EQ(fenced("a ```` b ``\n"), "`````text\na ```` b ``\n`````\n");
}

}  // namespace
}  // namespace cacherace::reports
