// `run --format junit` and `--format markdown`, as a CI job uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

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

// Reads it with Python's parser, compares the sums with the cases, and prints the cases as lines.
const char* const reader = R"(
import sys, xml.etree.ElementTree as E
root = E.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites", root.tag
suite, = root
cases = suite.findall("testcase")
assert int(suite.get("tests")) == int(root.get("tests")) == len(cases) == len(suite)
for name, kind in ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"):
    assert int(suite.get(name)) == len(suite.findall("testcase/" + kind)), name
for element in suite.iter():
    assert "time" not in element.attrib
for case in cases:
    assert len(case) <= 1
    kind = case[0].tag + " " + case[0].get("type", "-") if len(case) else "passed"
    print(case.get("classname"), "|", case.get("name"), "|", kind)
)";

std::string cases_of(const Folder& folder, const std::string& junit) {
  const auto script = folder.file("reader.py", reader);
  const auto lines = folder / "cases.txt";
  const std::string command = std::string(CACHERACE_PYTHON) + " '" + script + "' '" +
                              folder.file("x.xml", junit) + "' > '" + lines + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << junit;
  return text_of(lines);
}

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
            "delayed-double-delete:sleep=50ms | reachable.stuck exactly true | skipped -\n");
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
  EXPECT_THAT(cases, testing::StartsWith("ttl-only | reachable.stuck exactly false | failure failed\n"
                                         "ttl-only | stuck.probability at most 0.001 | skipped -\n"));
  EXPECT_THAT(cases, HasSubstr("delayed-double-delete:sleep=50ms | no expectation | skipped -\n"));
  EXPECT_THAT(junit.out, AllOf(HasSubstr("ttl-only: stuck after "), HasSubstr("&#10;Why: ")));
  const std::string begin = "Repeat it: cacherace ";
  const auto at = junit.out.find(begin);
  ASSERT_NE(at, std::string::npos);
  const auto end = junit.out.find("&#10;", at);
  const auto command = junit.out.substr(at + begin.size(), end - at - begin.size());
  const auto played = Process({"/bin/sh", "-c", "'" CACHERACE_COMMAND "' " + command}).wait();
  EXPECT_EQ(played.status, 0) << command << "\n" << played.err;
  EXPECT_THAT(played.out, HasSubstr("It comes to: stuck.\n"));
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
