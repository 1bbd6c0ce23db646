// `--format junit` of `tune`, `matrix` and `compare`, and the markdown of `tune --exact`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/junit_cases.hpp"
#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Arguments = std::vector<std::string>;

const std::string late_reader = "article/late-reader";

Finished junit_of(Arguments arguments) {
  arguments.insert(arguments.end(), {"--format", "junit"});
  return cacherace(arguments);
}

TEST(JUnitOfTune, PassesWhereThereIsASafeValueAndTellsIt) {
  const Folder folder;
  const auto junit = junit_of({"tune", late_reader, "--exact"});
  EXPECT_EQ(junit.status, 0) << junit.err;
  EXPECT_THAT(cases_of(folder, junit.out),
              AllOf(StartsWith("delayed-double-delete | stuck: a safe sleep, exact | system-out -\n"
                               "delayed-double-delete | stuck.runs exactly 0 | skipped -\n"),
                    HasSubstr("delayed-double-delete | safe_ns exactly 10000001ns (10 ms) | passed\n")));
  EXPECT_THAT(junit.out, HasSubstr("<system-out>sleep = 10000001ns (10 ms) is the smallest safe value"));
  const auto order = played(junit.out, "Play it: cacherace ");
  EXPECT_EQ(order.status, 0) << order.err;
  EXPECT_THAT(order.out, HasSubstr("It comes to: stuck.\n"));
  const auto again = played(junit.out, "Repeat it: cacherace ");
  EXPECT_THAT(again.out, HasSubstr("sleep = 10000001ns (10 ms) is the smallest safe value"));
}

TEST(JUnitOfTune, FailsOnlyWhatTheScenarioExpects) {
  const Folder folder;
  const Arguments short_range = {"tune", late_reader, "--exact", "--range", "0ms..5ms"};
  const auto expected = junit_of(short_range);
  EXPECT_EQ(expected.status, 1);
  EXPECT_THAT(
      cases_of(folder, expected.out),
      AllOf(StartsWith("delayed-double-delete | stuck: a safe sleep, exact | skipped -\n"),
            HasSubstr("delayed-double-delete | safe_ns exactly 10000001ns (10 ms) | failure failed\n")));
  EXPECT_THAT(expected.out, HasSubstr(R"(<skipped message="No sleep in 0 ms to 5 ms is safe: an order )"));
  const auto again = played(expected.out, "Repeat it: cacherace ");
  EXPECT_EQ(again.out, cacherace(short_range).out);
}

TEST(JUnitOfTune, KnowsTheClientsThatWereAskedFor) {
  const auto junit = junit_of({"tune", late_reader, "--exact", "--clients", "1w1r"});
  EXPECT_THAT(played(junit.out, "Play it: cacherace ").out, HasSubstr("It comes to: stuck.\n"));
}

TEST(JUnitOfTune, OfRiskTellsWhatItRestsOn) {
  const Folder folder;
  const auto junit = junit_of({"tune", late_reader, "--risk", "0.02", "--range", "0ms..20ms"});
  EXPECT_EQ(junit.status, 0) << junit.err;
  EXPECT_THAT(cases_of(folder, junit.out),
              StartsWith("delayed-double-delete | stuck: a safe sleep, risk 0.02 | system-out -\n"));
  EXPECT_THAT(junit.out, AllOf(HasSubstr("at most 1 run in 50 leaves the cache stuck"),
                               HasSubstr("99 % confidence"), HasSubstr("A bad run: cacherace run ")));
  EXPECT_EQ(played(junit.out, "Repeat it: cacherace ").out,
            cacherace({"tune", late_reader, "--risk", "0.02", "--range", "0ms..20ms"}).out);
}

TEST(JUnitOfTune, NeverPassesWhatWasNotReached) {
  const Folder folder;
  for (const Arguments& method : {Arguments{"--exact"}, Arguments{"--risk", "1e-9"}}) {
    Arguments asked = {"tune", late_reader, "--max-time", "1ns"};
    asked.insert(asked.end(), method.begin(), method.end());
    const auto junit = junit_of(asked);
    EXPECT_EQ(junit.status, 3);
    EXPECT_THAT(cases_of(folder, junit.out), AllOf(HasSubstr(" | error incomplete\n"),
                                                   Not(HasSubstr("passed")), Not(HasSubstr("system-out"))));
  }
}

TEST(MarkdownOfTune, HasTheAnswerWhatItCoversAndTheOrder) {
  const auto found = cacherace({"tune", late_reader, "--exact", "--format", "markdown"});
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(
      found.out,
      AllOf(StartsWith("# late reader: sleep of delayed-double-delete, exact, against \"stuck\"\n\n"
                       "sleep = 10000001ns (10 ms) is the smallest safe value"),
            HasSubstr("\n## What sleep must cover\n\n| length | of |\n|---|---|\n| + 10 ms | the reply "
                      "to reader's SELECT, at most |\n"),
            HasSubstr("\nProved by "), HasSubstr("\n```text\nThe order at sleep = 10 ms"),
            HasSubstr("\n```text\ncacherace replay article/late-reader "),
            HasSubstr(
                "\n- **held** delayed-double-delete: safe\\_ns is 10000001ns (10 ms), expected exactly")));
}

TEST(JUnitOfMatrix, HasACaseForEachCellAndNoFailure) {
  const Folder folder;
  const Arguments asked = {
      "matrix",   "field/all", "--strategy",     "lease",   "--strategy",   "write-then-delete", "--fault",
      "no fault", "--fault",   "update unknown", "--fault", "message lost", "--clients",         "1w2r"};
  const auto junit = junit_of(asked);
  EXPECT_EQ(junit.status, 0) << junit.err;
  EXPECT_EQ(cases_of(folder, junit.out),
            "lease | no fault | passed\n"
            "lease | update unknown | skipped -\n"
            "lease | message lost | skipped -\n"
            "write-then-delete | no fault | skipped -\n"
            "write-then-delete | update unknown | skipped -\n"
            "write-then-delete | message lost | skipped -\n");
  EXPECT_THAT(junit.out, AllOf(HasSubstr(R"(<skipped message="the strategy cannot meet the fault"/>)"),
                               HasSubstr(R"(<skipped message="stuck after )"), HasSubstr("&#10;Why: ")));
  const auto again = played(junit.out, "Repeat it: cacherace ");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.out,
              AllOf(HasSubstr("1 writer and 2 readers"), HasSubstr("lease, update unknown: stuck ")));
}

TEST(JUnitOfMatrix, RunsProveNothingAndALimitIsAnError) {
  const Folder folder;
  const auto junit =
      junit_of({"matrix", "field/all", "--strategy", "lease", "--fault", "no fault", "--fault", "clock jump",
                "--fault", "replica cut off", "--max-states", "10", "--runs", "50"});
  EXPECT_EQ(junit.status, 3);
  EXPECT_EQ(cases_of(folder, junit.out),
            "lease | no fault | error incomplete\n"
            "lease | clock jump | skipped -\n"
            "lease | replica cut off | skipped -\n");
  EXPECT_THAT(junit.out, AllOf(HasSubstr("none of 50 runs by the scenario's own latencies goes wrong, which"),
                               HasSubstr(" --fault 'no fault' --max-states 10 --runs 50&#10;")));
}

TEST(JUnitOfMatrix, AnHourglassRunsOutWithinACell) {
  const auto stopped = junit_of({"matrix", "field/all", "--strategy", "locked", "--fault", "no fault",
                                 "--clients", "1w2r", "--max-time", "1ns"});
  EXPECT_EQ(stopped.status, 3);
  EXPECT_THAT(stopped.out, HasSubstr(R"(<error type="incomplete" message="not all orders were explored: )"));
}

class JUnitOfCompare : public testing::Test {
 protected:
  std::string saved(const std::string& name, const Arguments& more = {}) {
    Arguments arguments = {"run",         scenario,   "--quiet",         "--save-baseline",
                           folder / name, "--output", folder / "out.txt"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(cacherace(arguments).status, 0);
    return folder / name;
  }

  Folder folder;
  std::string scenario = folder.file("s.json", late_fill);
};

TEST_F(JUnitOfCompare, HasACaseForEachCondition) {
  const auto base = saved("base.json");
  const auto slow = saved("slow.json", {"--strategy", "delayed-double-delete:sleep=90ms"});
  const Arguments sides = {"compare", base, slow, "--strategy", "delayed-double-delete"};
  Arguments asked = sides;
  asked.insert(asked.end(), {"--fail-on", "latency.write.mean_ns > +50ms", "--fail-on",
                             "latency.write.mean_ns > +30ms", "--fail-on", "stuck.probability > +10%"});
  const auto junit = junit_of(asked);
  EXPECT_EQ(junit.status, 1) << junit.err;
  const std::string pair = "delayed-double-delete:sleep=50ms against delayed-double-delete:sleep=90ms | not ";
  EXPECT_EQ(cases_of(folder, junit.out), pair + "latency.write.mean_ns > +50ms | passed\n" + pair +
                                             "latency.write.mean_ns > +30ms | failure failed\n" + pair +
                                             "stuck.probability > +10% | failure undecided\n");
  EXPECT_THAT(junit.out, HasSubstr("latency.write.mean_ns: A "));
  const auto again = played(junit.out, "Repeat it: cacherace ");
  EXPECT_EQ(again.status, 1) << again.err;
  EXPECT_THAT(again.out, HasSubstr("failed: latency.write.mean_ns > +30ms; it is +40 ms"));
  const auto unasked = junit_of(sides);
  EXPECT_EQ(unasked.status, 0);
  EXPECT_THAT(cases_of(folder, unasked.out), HasSubstr(" | no condition | skipped -\n"));
}

TEST_F(JUnitOfCompare, NeverPassesWhatWasNotReached) {
  scenario = folder.file("s.json", late_fill_with(R"("limits": {"time": "15ms"})"));
  EXPECT_EQ(cacherace({"run", scenario, "--save-baseline", folder / "cut.json"}).status, 3);
  const auto junit = junit_of({"compare", folder / "cut.json", folder / "cut.json"});
  EXPECT_EQ(junit.status, 3) << junit.err;
  EXPECT_THAT(
      cases_of(folder, junit.out),
      AllOf(HasSubstr("cacherace compare | complete | error incomplete\n"), Not(HasSubstr("passed"))));
}

// Names that try to leave the document, or that no document can hold.
const std::string hostile =
    R"(</script></testcase><a href=\"x\">&]]>'\u0001\u007f \u202eabc\u2066 ````` | \ud83d\ude00 )" +
    std::string(10'000, 'n');

std::string hostile_scenario(const std::string& strategies) {
  return R"({"name": ")" + hostile + R"(", "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
    "mysql": {"latency": {"uniform": ["1ms", "5ms"]}},
    "clients": [{"name": "w\"]]>\u001b\u202e<b>", "do": ["write"]},
                {"name": "\ud83d\ude00</system-out>", "do": ["read"]}],
    "strategies": [)" +
         strategies + R"(], "runs": 50})";
}

TEST(JUnit, NoNameBreaksIt) {
  const Folder folder;
  const auto scenario = folder.file("it's <s> & \"t\".json", hostile_scenario(R"("delayed-double-delete")"));
  const auto base = folder / "b ]]> $(x).json";
  EXPECT_EQ(cacherace({"run", scenario, "--save-baseline", base}).status, 0);
  const std::vector<Arguments> asked = {
      {"tune", scenario, "--exact"},
      {"tune", scenario, "--risk", "0.1"},
      {"matrix", scenario, "--clients", "1w1r", "--fault", "no fault", "--fault", "eviction"},
      {"compare", base, base, "--fail-on", "stuck.probability > +0.1"},
      {"compare", base, base, "--fail-on", "latency.write.mean_ns > -1ms"},
      {"explore", scenario},
  };
  for (const Arguments& arguments : asked) {
    const auto junit = junit_of(arguments);
    EXPECT_LE(junit.status, 1) << arguments[0] << "\n" << junit.err;
    EXPECT_NE(cases_of(folder, junit.out), "") << arguments[0];
    EXPECT_THAT(junit.out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("<b>")), Not(HasSubstr("</script>"))));
  }
  const auto markdown = cacherace({"tune", scenario, "--exact", "--format", "markdown"});
  EXPECT_EQ(markdown.status, 0) << markdown.err;
  EXPECT_THAT(markdown.out,
              AllOf(StartsWith("# \\</script"), Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e"))));
}

}  // namespace
}  // namespace cacherace::tools
