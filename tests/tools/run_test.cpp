// `cacherace run` and `replay` from outside: documents, files, exit statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;
using Names = std::vector<std::string>;

class Run : public testing::Test {
 protected:
  Finished run(std::vector<std::string> arguments, const Variables& variables = {}) const {
    arguments.insert(arguments.begin(), {"run", scenario});
    return cacherace(arguments, variables);
  }

  Folder folder;
  std::string scenario = folder.file("s.json", late_fill);
};

TEST_F(Run, PrintsATable) {
  const auto table = run({});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("late fill: 50 runs of each strategy, seed 3"),
                               HasSubstr("\nttl-only "), HasSubstr("\nNext: cacherace run ")));
  EXPECT_EQ(table.err, "");
}

TEST_F(Run, JsonIsOneDocumentAndNothingElse) {
  const auto json = run({"--format", "json"});
  EXPECT_EQ(json.status, 0);
  EXPECT_EQ(json.err, "");
  const Json document = Json::parse(json.out);
  EXPECT_EQ(document["command"], "run");
  EXPECT_EQ(document["runs"], 50);
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["strategies"].size(), 2U);
  EXPECT_EQ(document["strategies"][1]["parameters"]["sleep_ns"], 50'000'000);
}

TEST_F(Run, TheNumberOfJobsChangesNothing) {
  const auto one = run({"--format", "json", "--jobs", "1"});
  const auto two = run({"--format", "json", "--jobs", "2"});
  EXPECT_EQ(one.out, two.out);
  EXPECT_EQ(run({"--jobs", "1"}).out, run({"--jobs", "3"}).out);
}

TEST_F(Run, StrategiesRunsAndSeedCanBeReplaced) {
  const auto json = run({"--format", "json", "--strategy", "write-then-delete", "--strategy",
                         "delayed-double-delete:sleep=5ms,async=true", "--runs", "7", "--seed", "9"});
  const Json document = Json::parse(json.out);
  EXPECT_EQ(document["seed"], 9);
  EXPECT_EQ(document["runs"], 7);
  EXPECT_EQ(document["strategies"][0]["strategy"], "write-then-delete");
  EXPECT_EQ(document["strategies"][1]["parameters"]["async"], true);
  EXPECT_EQ(run({"--strategy", "ttl-only", "--strategy", "ttl-only"}).status, 2);
}

TEST_F(Run, TheReplayCommandRepeatsTheViolation) {
  const Json document = Json::parse(run({"--format", "json"}).out);
  const Json& violation = document["strategies"][0]["first_violation"];
  ASSERT_FALSE(violation.is_null());
  const auto number = std::to_string(violation["run"].get<int>());
  EXPECT_EQ(violation["replay"],
            "cacherace run " + scenario + " --strategy ttl-only --seed 3 --only-run " + number);
  const Names same = {"--strategy", "ttl-only", "--only-run", number};
  const auto steps = run(same);
  EXPECT_THAT(steps.out,
              AllOf(HasSubstr("run " + number + " of seed 3 under ttl-only"), HasSubstr("GET k0 -> ")));
  auto again = same;
  again.insert(again.end(), {"--format", "json"});
  const Json alone = Json::parse(run(again).out);
  EXPECT_EQ(alone["runs"], 1);
  EXPECT_EQ(alone["strategies"][0]["first_violation"]["kind"], violation["kind"]);
  EXPECT_EQ(alone["strategies"][0]["first_violation"]["run"], violation["run"]);
}

TEST_F(Run, ExpectationsDecideTheExitStatus) {
  const auto status = [this](const std::string& expectation) {
    return cacherace({"run", folder.file("e.json", late_fill_with(R"("expect": [)" + expectation + "]"))})
        .status;
  };
  EXPECT_EQ(status(R"({"strategy": "*", "figure": "stuck.runs", "at_least": 0})"), 0);
  EXPECT_EQ(status(R"({"strategy": "ttl-only", "figure": "stuck.runs", "at_most": 0})"), 1);
  EXPECT_EQ(
      status(R"({"strategy": "delayed-double-delete", "figure": "stuck.probability", "at_most": 0.000001})"),
      1);
}

TEST_F(Run, ARunThatMeetsALimitLeavesTheAnswerOpen) {
  const auto limited = cacherace(
      {"run", folder.file("l.json", late_fill_with(R"("limits": {"events": 3})")), "--format", "json"});
  EXPECT_EQ(limited.status, 3);
  const Json document = Json::parse(limited.out);
  EXPECT_EQ(document["complete"], false);
  EXPECT_EQ(document["verdict"], "unknown");
  EXPECT_EQ(document["strategies"][0]["incomplete"]["runs"], 50);
}

TEST_F(Run, OutputGoesToAFileAndNothingToTheScreen) {
  const auto printed = run({"--format", "json"});
  const auto written = run({"--format", "json", "--output", folder / "r.json"});
  EXPECT_EQ(written.status, 0);
  EXPECT_EQ(written.out, "");
  EXPECT_EQ(text_of(folder / "r.json"), printed.out);
  EXPECT_EQ(folder.names(), (Names{"r.json", "s.json"}));
}

TEST_F(Run, ALinkStaysALink) {
  std::filesystem::create_symlink("real.json", folder / "link.json");
  for (int time = 0; time < 2; ++time) {  // the file is missing, then there
    EXPECT_EQ(run({"--format", "json", "--output", folder / "link.json"}).status, 0);
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.json"));
    EXPECT_TRUE(Json::accept(text_of(folder / "real.json")));
  }
}

TEST_F(Run, ASecondSignalEndsAtOnce) {
  Process process(
      {CACHERACE_COMMAND, "run", scenario, "--runs", "1000000000", "--output", folder / "r.json"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  process.signal(SIGINT);
  process.signal(SIGINT);
  const int status = process.wait().status;
  EXPECT_TRUE(status == 128 + SIGINT || status == 3) << status;  // 3: it ended between the two
}

TEST_F(Run, PlacesThatTakeNoFileAreFoundBeforeTheRun) {
  for (const std::string option : {"--output", "--history", "--record"}) {
    const auto refused = run({option, folder / "no/such/folder/x", "--runs", "1000000000"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("cacherace: " + option + ": "), HasSubstr("No such file or directory")));
    EXPECT_EQ(refused.out, "");
  }
  EXPECT_EQ(run({"--output", folder / "."}).status, 2);
  EXPECT_EQ(run({"--output", folder / "x", "--history", folder / "x"}).status, 2);
  EXPECT_EQ(run({"--output", scenario}).status, 2);
  EXPECT_EQ(text_of(scenario), late_fill);
  EXPECT_EQ(folder.names(), Names{"s.json"});
}

TEST_F(Run, BadInputWritesNoFile) {
  EXPECT_EQ(run({"--strategy", "nonsense", "--output", folder / "x", "--history", folder / "y"}).status, 2);
  EXPECT_EQ(folder.names(), Names{"s.json"});
}

TEST_F(Run, HistoryHasEveryOperationOfEveryRun) {
  EXPECT_EQ(run({"--runs", "4", "--history", folder / "h.jsonl"}).status, 0);
  const auto text = text_of(folder / "h.jsonl");
  EXPECT_EQ(std::ranges::count(text, '\n'), 2 * 4 * 5);
  const Json first = Json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first["strategy"], "ttl-only");
  EXPECT_EQ(first["run"], 0);
  EXPECT_EQ(run({"--only-run", "2", "--history", folder / "one.jsonl"}).status, 0);
  const auto one = text_of(folder / "one.jsonl");
  EXPECT_EQ(std::ranges::count(one, '\n'), 2 * 5);
  EXPECT_THAT(text, HasSubstr(one.substr(0, one.find('\n') + 1)));
}

TEST_F(Run, ARecordedRunReplays) {
  const auto recorded = run({"--record", folder / "bad.json"});
  EXPECT_EQ(recorded.status, 0);
  EXPECT_THAT(recorded.err, HasSubstr("repeat it with: cacherace replay " + (folder / "bad.json")));
  const auto replayed = cacherace({"replay", folder / "bad.json"});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("of seed 3 under ttl-only"));
  EXPECT_THAT(replayed.out, Not(HasSubstr("CLEAN")));
}

TEST_F(Run, WithoutAViolationThereIsNoRecording) {
  const auto clean =
      cacherace({"run", folder.file("c.json", R"({"redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "clients": [{"name": "w", "do": ["write"]}], "strategies": ["write-then-delete"], "runs": 3})"),
                 "--record", folder / "none.json"});
  EXPECT_EQ(clean.status, 0);
  EXPECT_THAT(clean.err, HasSubstr("none.json was not written"));
  EXPECT_EQ(folder.names(), (Names{"c.json", "s.json"}));
}

TEST_F(Run, OneRunIsRecordedOfOneStrategy) {
  EXPECT_EQ(run({"--only-run", "1", "--record", folder / "r.json"}).status, 2);
  EXPECT_EQ(run({"--only-run", "1", "--strategy", "ttl-only", "--record", folder / "r.json"}).status, 0);
  EXPECT_THAT(cacherace({"replay", folder / "r.json"}).out, HasSubstr("run 1 of seed 3"));
}

TEST_F(Run, ReplayRefusesWhatIsNoRecording) {
  EXPECT_EQ(cacherace({"replay", folder / "missing"}).status, 2);
  EXPECT_EQ(cacherace({"replay", scenario}).status, 2);
}

TEST_F(Run, NothingColouredOrMovingWithoutATerminal) {
  const auto table = run({}, {{"TERM", "xterm"}, {"NO_COLOR", ""}});
  EXPECT_THAT(table.out + table.err, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r"))));
}

TEST_F(Run, AnInterruptedRunTellsWhatItHas) {
  for (const int number : {SIGINT, SIGTERM}) {
    Process process({CACHERACE_COMMAND, "run", scenario, "--runs", "1000000000", "--format", "json"});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    process.signal(number);
    const auto stopped = process.wait();
    EXPECT_EQ(stopped.status, 3);
    EXPECT_THAT(stopped.err, HasSubstr("cacherace: interrupted after "));
    const Json document = Json::parse(stopped.out);
    EXPECT_EQ(document["complete"], false);
    EXPECT_EQ(document["runs"], 1'000'000'000);
    EXPECT_GT(document["strategies"][0]["runs"], 0);
  }
}

// `timeout` tells the program and then its group.
TEST_F(Run, TheSameSignalTwiceAtOnceIsOneInterruption) {
  Process process({CACHERACE_COMMAND, "run", scenario, "--runs", "1000000000", "--format", "json"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  process.signal(SIGTERM);
  process.signal(SIGTERM);
  const auto stopped = process.wait();
  EXPECT_EQ(stopped.status, 3);
  EXPECT_EQ(Json::parse(stopped.out)["complete"], false);
}

TEST_F(Run, AnInterruptedHistoryLeavesNoFile) {
  Process process(
      {CACHERACE_COMMAND, "run", scenario, "--runs", "1000000000", "--history", folder / "h.jsonl"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().status, 3);
  EXPECT_EQ(folder.names(), Names{"s.json"});
}

TEST_F(Run, AReaderThatGoesAwayIsNoError) {
  Process piped({"/bin/sh", "-c", std::string(CACHERACE_COMMAND) + " run " + scenario + " | head -n 1"});
  const auto head = piped.wait();
  EXPECT_EQ(head.status, 0);
  EXPECT_EQ(head.err, "");
}

TEST_F(Run, AFullDiskIsTold) {
  Process full({"/bin/sh", "-c", std::string(CACHERACE_COMMAND) + " run " + scenario + " > /dev/full"});
  const auto failed = full.wait();
  EXPECT_EQ(failed.status, 2);
  EXPECT_THAT(failed.err, HasSubstr("standard output cannot be written: No space left on device"));
  EXPECT_EQ(run({"--output", "/dev/full"}).status, 2);
  EXPECT_EQ(run({"--output", "/dev/null"}).status, 0);
}

}  // namespace
}  // namespace cacherace::tools
