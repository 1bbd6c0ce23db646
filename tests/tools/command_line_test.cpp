// Usage: what is accepted, what is refused and how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const auto refused = cacherace(arguments);
  EXPECT_EQ(refused.status, 2) << refused.err;
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(StartsWith("cacherace: "), HasSubstr(message)));
}

TEST(CommandLine, HelpShowsExamplesFirst) {
  const auto help = cacherace({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_LT(help.out.find("cacherace run scenario.json"), help.out.find("Usage:"));
  for (const std::string command :
       {"run", "explore", "tune", "replay", "list", "init", "explain", "schema", "validate"}) {
    EXPECT_THAT(help.out, HasSubstr("\n  " + command + " "));
    const auto own = cacherace({command, "--help"});
    EXPECT_EQ(own.status, 0);
    EXPECT_LT(own.out.find("  cacherace "), own.out.find("Usage:"));
  }
}

TEST(CommandLine, VersionIsOneLine) {
  const auto version = cacherace({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("cacherace [0-9.]+\n"));
}

TEST(CommandLine, UnknownNamesAreRefusedWithTheNearest) {
  expect_refused({}, "expected a command");
  expect_refused({"rnu"}, "unknown command \"rnu\"; did you mean \"run\"?");
  expect_refused({"run", "x", "--sed", "5"}, "unknown option \"--sed\"; did you mean \"--seed\"?");
  expect_refused({"run", "x", "--sed=5"}, "did you mean \"--seed\"?");
  expect_refused({"--vesion"}, "did you mean \"--version\"?");
  expect_refused({"explain", "write-than-delete"}, "did you mean \"write-then-delete\"?");
  expect_refused({"list", "strategys"}, "did you mean \"strategies\"?");
  expect_refused({"run"}, "SCENARIO is required");
  expect_refused({"run", "x", "y"}, "unexpected argument \"y\"");
  expect_refused({"run", "no-such-scenario"}, "no-such-scenario: neither a file nor a scenario that ships");
}

TEST(CommandLine, WhatIsNotBuiltIsUnknown) {
  for (const std::string command : {"calibrate", "live"}) {
    expect_refused({command, "x"}, "unknown command");
  }
  const Folder folder;
  expect_refused({"run", folder.file("s.json", late_fill), "--format", "svg"}, "unknown \"svg\"");
}

TEST(CommandLine, EveryWrongValueIsToldAtOnce) {
  const Folder folder;
  const auto refused = cacherace({"run", folder.file("s.json", late_fill), "--jobs", "0", "--runs", "ten",
                                  "--seed", "-1", "--format", "jsn", "--strategy", "ttl"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(
      refused.err,
      AllOf(HasSubstr("--jobs: \"0\" is out of range"), HasSubstr("--runs: \"ten\" is no whole number"),
            HasSubstr("--seed: \"-1\" is no whole number"), HasSubstr("did you mean \"json\"?"),
            HasSubstr("--strategy: unknown strategy \"ttl\"")));
  EXPECT_EQ(cacherace({"run", folder / "s.json", "--jobs", "1025"}).status, 2);
  EXPECT_EQ(cacherace({"run", folder / "s.json", "--runs", "0"}).status, 2);
  EXPECT_EQ(cacherace({"run", folder / "s.json", "--runs"}).status, 2);
  EXPECT_EQ(cacherace({"run", folder / "s.json", "--runs", "18446744073709551616"}).status, 2);
}

TEST(CommandLine, FaultsOfAScenarioHaveTheirPlace) {
  const Folder folder;
  const auto path = folder.file("bad.json", "{\n  \"redis\": {\"latency\": 5},\n  \"runz\": 3\n}");
  const auto refused = cacherace({"validate", path});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("bad.json:2:24: /redis/latency: "), HasSubstr("did you mean \"runs\"?")));
}

TEST(Validate, ChecksEveryFileAndRunsNothing) {
  const Folder folder;
  const auto good = folder.file("good.json", late_fill);
  const auto both = cacherace({"validate", folder.file("bad.json", "{}"), good});
  EXPECT_EQ(both.status, 2);
  EXPECT_EQ(both.out, good + ": valid (2 strategies, 50 runs)\n");
  EXPECT_EQ(cacherace({"validate", good}).status, 0);
}

TEST(Init, WritesAScenarioThatRuns) {
  const Folder folder;
  const auto path = folder / "mine.json";
  EXPECT_EQ(cacherace({"init", path}).status, 0);
  EXPECT_EQ(cacherace({"validate", path}).status, 0);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"mine.json"});
}

TEST(Init, LeavesAnExistingFileAlone) {
  const Folder folder;
  const auto path = folder.file("mine.json", "precious");
  const auto refused = cacherace({"init", path});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("mine.json: File exists"));
  EXPECT_EQ(text_of(path), "precious");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"mine.json"});
}

TEST(Explain, TellsStepsUsersHoleAndParameters) {
  const auto text = cacherace({"explain", "delayed-double-delete"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, AllOf(HasSubstr("write     1. DEL key"), HasSubstr("read      1. GET key"),
                              HasSubstr("users     "), HasSubstr("hole      "), HasSubstr("500ms"),
                              HasSubstr("--strategy delayed-double-delete:sleep=1s")));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// What stands before the first two spaces.
std::string example_in(const std::string& line) {
  return line.substr(0, line.find("  "));
}

TEST(List, NamesEverythingThatThereIs) {
  const auto all = cacherace({"list"});
  EXPECT_EQ(all.status, 0);
  EXPECT_THAT(all.out,
              AllOf(StartsWith("strategies:\n"), HasSubstr("\nfaults:\n"), HasSubstr("\nscenarios:\n")));
  for (const auto& line : lines_of(cacherace({"list", "strategies"}).out)) {
    if (line.starts_with(' ')) continue;
    EXPECT_EQ(cacherace({"explain", example_in(line)}).status, 0) << line;
  }
}

TEST(List, ItsDistributionsAreAccepted) {
  const Folder folder;
  (void)folder.file("latency.csv", "upper_ns,count\n1000,1\n");
  for (const auto& line : lines_of(cacherace({"list", "distributions"}).out)) {
    if (line.starts_with(' ')) continue;
    const auto scenario =
        folder.file("s.json", R"({"redis": {"latency": )" + example_in(line) +
                                  R"(}, "mysql": {"latency": "1ms"}, "strategies": ["ttl-only"],
                                                       "clients": [{"name": "w", "do": ["write"]}]})");
    const auto checked = cacherace({"validate", scenario});
    EXPECT_EQ(checked.status, 0) << line << checked.err;
  }
}

TEST(List, ItsFaultsAreAccepted) {
  const Folder folder;
  for (const auto& line : lines_of(cacherace({"list", "faults"}).out)) {
    if (line.empty()) break;  // a remark follows
    if (line.starts_with(' ')) continue;
    const auto scenario = folder.file(
        "s.json",
        R"({"redis": {"latency": "1ms", "replicas": 1, "ttl": "30s"}, "strategies": ["binlog-delete"],
                      "mysql": {"latency": "1ms", "replicas": 1},
                      "clients": [{"name": "reader", "do": ["read"]}, {"name": "writer", "do": ["write"]}],
                      "faults": [)" +
            example_in(line) + "]}");
    const auto checked = cacherace({"validate", scenario});
    EXPECT_EQ(checked.status, 0) << line << checked.err;
  }
}

TEST(MatrixCommand, RefusesWhatOnlyRunsByTimeHave) {
  const Folder folder;
  const auto scenario =
      folder.file("s.json", R"({"redis": {"latency": "1ms", "maxmemory": 1, "eviction": "allkeys-lru"},
                    "mysql": {"latency": "1ms"}, "strategies": ["lease"],
                    "clients": [{"name": "reader", "do": ["read"]}, {"name": "writer", "do": ["write"]}]})");
  const auto refused = cacherace({"matrix", scenario});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("\"maxmemory\", which only runs by time have"));
}

// A cell's scenario is not the file's: the recording says what was changed.
TEST(Matrix, RecordsWhatIsBehindACellForReplay) {
  const Folder folder;
  const auto record = [&](const char* fault, const char* strategy) {
    const std::string path = folder / "cell.json";
    std::filesystem::remove(path);
    const auto made = cacherace({"matrix", "field/all", "--strategy", strategy, "--fault", fault, "--clients",
                                 "1w2r", "--runs", "200", "--record", path});
    EXPECT_EQ(made.status, 0) << made.err;
    return std::pair(path, made);
  };
  for (const auto& [fault, strategy, told] :
       {std::tuple("eviction", "versioned-update", "It comes to: stuck"),
        std::tuple("replica reads", "lease", "It comes to: stuck"),
        std::tuple("Redis failover", "write-through", "It comes to: stuck"),
        std::tuple("database failover", "delayed-double-delete:sleep=3ms", "It comes to: "),
        std::tuple("network cut", "write-then-delete", "STUCK"),
        std::tuple("replica cut off", "binlog-delete:consumers=2", "run ")}) {
    const auto [path, made] = record(fault, strategy);
    EXPECT_THAT(made.err, HasSubstr("next: cacherace replay"));
    const auto replayed = cacherace({"replay", path});
    EXPECT_EQ(replayed.status, 0) << fault << replayed.err;
    EXPECT_THAT(replayed.out, HasSubstr(told)) << fault;
  }
  const auto [path, made] = record("no fault", "locked");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_THAT(made.err, HasSubstr("nothing is wrong in any cell"));
}

TEST(Schema, OfTheMatrixHoldsItsDocument) {
  const auto result = cacherace({"matrix", "field/all", "--strategy", "write-then-delete", "--strategy",
                                 "lease", "--fault", "eviction", "--fault", "network cut", "--fault",
                                 "message lost", "--clients", "1w2r", "--runs", "200", "--format", "json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"not_applicable\""), HasSubstr("\"sampled\""),
                                HasSubstr("\"witness\""), HasSubstr("\"between\"")));
  EXPECT_TRUE(fits_schema("matrix", result.out));
}

TEST(Schema, IsOneJsonDocument) {
  const auto schema = cacherace({"schema"});
  EXPECT_EQ(schema.status, 0);
  EXPECT_THAT(schema.out,
              AllOf(StartsWith("{"), HasSubstr("\"$schema\""), HasSubstr("delayed-double-delete")));
}

}  // namespace
}  // namespace cacherace::tools
