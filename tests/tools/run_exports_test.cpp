// `run --format junit` and `--format markdown`, as a CI job uses them.
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

// One that fails, one that holds, one that so few runs cannot decide, one of another command.
const std::string expectations = R"("expect": [
  {"strategy": "ttl-only", "figure": "stuck.probability", "at_most": 0.001},
  {"strategy": "ttl-only", "figure": "latency.write.p99_ns", "at_most": "10s"},
  {"strategy": "delayed-double-delete", "figure": "stuck.probability", "at_most": 0.000001},
  {"strategy": "delayed-double-delete", "command": "explore", "mode": "untimed", "figure": "reachable.stuck",
   "equals": true}])";

TEST(RunExports, JUnitHasACaseForEachStrategyAndExpectation) {
  const Folder folder;
  const auto scenario = folder.file("s.json", late_fill_with(expectations));
  const auto junit = cacherace({"run", scenario, "--format", "junit"});
  EXPECT_EQ(junit.status, 1);
  EXPECT_EQ(junit.err, "");
  EXPECT_EQ(cases_of(folder, junit.out),
            "ttl-only | stuck.probability at most 0.001 | failure failed\n"
            "ttl-only | latency.write.p99_ns at most 10 s | passed\n"
            "delayed-double-delete:sleep=50ms | stuck.probability at most 0.000001 | failure undecided\n"
            "delayed-double-delete:sleep=50ms | reachable.stuck exactly true (untimed) | skipped -\n");
  EXPECT_THAT(junit.out, AllOf(HasSubstr("99 % interval: "), HasSubstr("STUCK"),
                               HasSubstr("Repeat it: cacherace run " + scenario)));
  EXPECT_EQ(cacherace({"run", scenario, "--format", "junit", "--jobs", "1"}).out, junit.out);
}

TEST(RunExports, JUnitNeverPassesWhatWasNotReached) {
  const Folder folder;
  const auto limited = folder.file("s.json", late_fill_with(R"("limits": {"time": "15ms"})"));
  const auto junit = cacherace({"run", limited, "--format", "junit"});
  EXPECT_EQ(junit.status, 3);
  const auto cases = cases_of(folder, junit.out);
  EXPECT_THAT(cases, AllOf(HasSubstr("ttl-only | no expectation | skipped -\n"),
                           HasSubstr("ttl-only | complete | error incomplete\n"), Not(HasSubstr("passed"))));
}

TEST(RunExports, JUnitIsOfExpectationsAlone) {
  const Folder folder;
  const auto scenario = folder.file("s.json", late_fill);
  EXPECT_EQ(cacherace({"run", scenario, "--format", "junit", "--only-run", "1"}).status, 2);
  EXPECT_EQ(cacherace({"run", scenario, "--format", "junit", "--sweep", "redis.ttl=1s,2s"}).status, 2);
}

TEST(RunExports, JUnitOfExplorationHasTheWayAndTheCommandThatPlaysIt) {
  const Folder folder;
  const auto scenario = folder.file("s.json", late_fill_with(R"("expect": [
  {"strategy": "ttl-only", "command": "explore", "mode": "untimed", "figure": "reachable.stuck",
   "equals": false},
  {"strategy": "ttl-only", "figure": "stuck.probability", "at_most": 0.001}])"));
  const std::vector<std::string> explore = {"explore", scenario,   "--untimed", "--clients",
                                            "1w1r",    "--format", "junit"};
  const auto junit = cacherace(explore);
  EXPECT_EQ(junit.status, 1) << junit.err;
  const auto cases = cases_of(folder, junit.out);
  EXPECT_THAT(cases,
              testing::StartsWith("ttl-only | reachable.stuck exactly false (untimed) | failure failed\n"
                                  "ttl-only | stuck.probability at most 0.001 | skipped -\n"));
  EXPECT_THAT(cases, HasSubstr("delayed-double-delete:sleep=50ms | no expectation | skipped -\n"));
  EXPECT_THAT(junit.out, AllOf(HasSubstr("ttl-only: stuck after "), HasSubstr("&#10;Why: ")));
  const auto replayed = played(junit.out, "Repeat it: cacherace ");
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("It comes to: stuck.\n"));
}

TEST(RunExports, NamesBreakNeitherXmlNorFences) {
  const Folder folder;
  std::string text = late_fill_with(expectations);
  const std::string name =
      R"(<a href=\"x\">&]]>\u0001 \u202eabc ````` | \ud83d\ude00 )" + std::string(10'000, 'n');
  text.replace(text.find("late fill"), 9, name);
  text.replace(text.find("\"writer\""), 8, R"("w```\u001b<b>")");
  const auto scenario = folder.file("s.json", text);
  const auto junit = cacherace({"run", scenario, "--format", "junit"});
  EXPECT_EQ(junit.status, 1) << junit.err;
  cases_of(folder, junit.out);
  const auto markdown = cacherace({"run", scenario, "--format", "markdown"});
  EXPECT_EQ(markdown.status, 1);
  EXPECT_THAT(markdown.out, AllOf(testing::StartsWith("## \\<a href="), HasSubstr("\n``````text\n"),
                                  Not(HasSubstr("\x1b"))));
}

TEST(RunExports, MarkdownSaysFirstWhatFailed) {
  const Folder folder;
  const auto scenario = folder.file("s.json", late_fill_with(expectations));
  const auto markdown = cacherace({"run", scenario, "--format", "markdown"});
  EXPECT_EQ(markdown.status, 1);
  EXPECT_THAT(markdown.out, testing::StartsWith("## late fill: 50 runs of each strategy, seed 3\n\n"
                                                "**NOT HELD** 1 of 3 expectations hold.\n\n- **failed** "));
  EXPECT_THAT(markdown.out,
              AllOf(HasSubstr("\n- **undecided** "), HasSubstr("\n| strategy | stuck % of runs |"),
                    HasSubstr("\n### ttl-only: first violation (stuck), run "),
                    HasSubstr("\ncacherace run " + scenario), Not(HasSubstr("left out"))));
}

TEST(RunExports, MarkdownOfOneRunIsItsSteps) {
  const Folder folder;
  const auto scenario = folder.file("s.json", late_fill);
  const auto steps = cacherace({"run", scenario, "--only-run", "3", "--strategy", "ttl-only"});
  const auto markdown =
      cacherace({"run", scenario, "--only-run", "3", "--strategy", "ttl-only", "--format", "markdown"});
  EXPECT_EQ(markdown.out, "## late fill: run 3\n\n### ttl-only\n\n```text\n" + steps.out + "```\n");
}

}  // namespace
}  // namespace cacherace::tools
