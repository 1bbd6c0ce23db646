// `cacherace explore` from outside: documents, refusals, exit statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class Explore : public testing::Test {
 protected:
  Finished explore(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"explore", scenario});
    return cacherace(arguments);
  }

  void expect_refused(const std::vector<std::string>& arguments, const std::string& message) const {
    const auto refused = explore(arguments);
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr(message));
  }

  Folder folder;
  std::string scenario = folder.file("s.json", late_fill);
};

TEST_F(Explore, TellsTheShortestWayToEachViolation) {
  const auto table = explore({"--untimed", "--clients", "1w2r", "--strategy", "write-then-delete"});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("late fill: every order of commands"),
                               HasSubstr("write-then-delete: stale read after 6 steps"),
                               HasSubstr("reader#1: read k0; GET k0 -> miss"), HasSubstr("returns v0"),
                               HasSubstr("\nWhy: reader#1's SET of v0 landed after writer's DEL")));
  EXPECT_EQ(table.err, "");
}

TEST_F(Explore, JsonIsOneDocumentAndNothingElse) {
  const auto json = explore({"--untimed", "--clients", "1w2r", "--format", "json"});
  EXPECT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.err, "");
  const Json document = Json::parse(json.out);
  EXPECT_EQ(document["command"], "explore");
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["verdict"], "held");
  ASSERT_EQ(document["strategies"].size(), 2U);
  const Json& strategy = document["strategies"][1];
  EXPECT_EQ(strategy["strategy"], "delayed-double-delete");
  EXPECT_EQ(strategy["parameters"]["sleep_ns"], 50'000'000);
  EXPECT_EQ(strategy["mode"], "untimed");
  EXPECT_GT(strategy["states"], 50);
  EXPECT_GT(strategy["outcomes"], 5);
  EXPECT_EQ(strategy["reachable"].size(), 8U);
  EXPECT_EQ(strategy["reachable"]["stale_read"], true);
  EXPECT_EQ(strategy["reachable"]["deadlock"], false);
  EXPECT_EQ(strategy["witnesses"]["stale_read"]["steps"].size(), 8U);
  EXPECT_TRUE(strategy["witnesses"]["stale_read"]["schedule"].is_string());
  EXPECT_EQ(strategy["witnesses"]["stale_read"]["deciding_step"], 7);
  EXPECT_EQ(strategy["witnesses"]["stale_read"]["cause"], "late_fill");
  EXPECT_THAT(strategy["witnesses"]["stale_read"]["reason"].get<std::string>(),
              HasSubstr("landed after writer's second DEL"));
  EXPECT_FALSE(strategy["witnesses"].contains("deadlock"));
  EXPECT_EQ(explore({"--untimed", "--clients", "1w2r", "--format", "json"}).out, json.out);
}

TEST_F(Explore, MarkdownHasADiagramForEachWay) {
  const auto markdown =
      explore({"--untimed", "--clients", "1w2r", "--strategy", "write-then-delete", "--format", "markdown"});
  EXPECT_EQ(markdown.status, 0) << markdown.err;
  EXPECT_EQ(markdown.err, "");
  EXPECT_THAT(markdown.out,
              AllOf(HasSubstr("# late fill: every order"), HasSubstr("\n```mermaid\nsequenceDiagram\n"),
                    HasSubstr("## write-then-delete: stale read after 6 steps\n")));
}

TEST_F(Explore, OutputGoesToAFile) {
  const auto quiet =
      explore({"--untimed", "--clients", "1w1r", "--format", "json", "--output", folder / "o.json"});
  EXPECT_EQ(quiet.status, 0) << quiet.err;
  EXPECT_EQ(quiet.out, "");
  EXPECT_EQ(Json::parse(text_of(folder / "o.json"))["command"], "explore");
}

TEST_F(Explore, ALimitLeavesTheVerdictUnknown) {
  for (const std::vector<std::string>& limit :
       {std::vector<std::string>{"--max-states", "10"}, {"--max-time", "0ms"}}) {
    std::vector<std::string> arguments = {"--untimed", "--format", "json", "--clients", "2w3r"};
    arguments.insert(arguments.end(), limit.begin(), limit.end());
    const auto cut = explore(arguments);
    EXPECT_EQ(cut.status, 3) << cut.err;
    const Json document = Json::parse(cut.out);
    EXPECT_EQ(document["complete"], false);
    EXPECT_EQ(document["verdict"], "unknown");
  }
}

TEST_F(Explore, AnExpectationThatFailsIsTheStatus) {
  const auto expecting = [&](const std::string& value) {
    const auto path = folder.file(
        "e.json",
        late_fill_with(R"("expect": [{"strategy": "ttl-only", "command": "explore", "mode": "untimed",
                                               "figure": "reachable.stuck", "equals": )" +
                       value + "}]"));
    return cacherace({"explore", path, "--untimed", "--clients", "1w1r"});
  };
  EXPECT_EQ(expecting("true").status, 0);
  const auto failed = expecting("false");
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.out, HasSubstr("reachable.stuck is true, expected exactly false"));
}

TEST_F(Explore, DrawnOrdersAreCountedAndTheirViolationsCutDown) {
  const auto mix = folder.file("m.json", R"({
    "name": "mix", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "keys": {"cached": true, "count": 2},
    "clients": [{"name": "all", "count": 8, "operations": 10, "mix": {"read": 0.7, "write": 0.3}}],
    "strategies": ["delete-then-write"], "expect": [{"strategy": "*", "command": "explore",
      "mode": "untimed", "figure": "reachable.stuck", "equals": true}]})");
  const auto draw = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"explore", mix, "--untimed"});
    return cacherace(more);
  };
  const auto table = draw({"--choose", "random", "--runs", "50", "--seed", "4"});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out,
              AllOf(HasSubstr("mix: 50 random orders, untimed (seed 4); how many violate what"),
                    HasSubstr("delete-then-write: stuck after 5 steps, minimal\n"), HasSubstr("orders\n")));
  EXPECT_EQ(draw({"--choose", "random", "--runs", "50", "--seed", "4"}).out, table.out);

  const auto json = draw({"--choose", "pct", "--runs", "300", "--depth", "4", "--format", "json"});
  EXPECT_EQ(json.status, 0) << json.err;
  const Json document = Json::parse(json.out);
  EXPECT_EQ(document["complete"], false);
  EXPECT_EQ(document["verdict"], "held");
  const Json& strategy = document["strategies"][0];
  EXPECT_EQ(strategy["mode"], "untimed");
  EXPECT_EQ(strategy["complete"], false);
  EXPECT_TRUE(strategy["states"].is_null());
  EXPECT_TRUE(strategy["outcomes"].is_null());
  const Json& chooser = strategy["chooser"];
  EXPECT_EQ(chooser["name"], "pct");
  EXPECT_EQ(chooser["runs"], 300);
  EXPECT_EQ(chooser["seed"], 1);
  EXPECT_EQ(chooser["depth"], 4);
  EXPECT_EQ(chooser["violating_runs"].size(), 8U);
  EXPECT_GT(chooser["violating_runs"]["stuck"], 0);
  EXPECT_EQ(chooser["violating_runs"]["lost_write"], 0);
  const Json& stuck = strategy["witnesses"]["stuck"];
  EXPECT_EQ(stuck["steps"].size(), 5U);
  EXPECT_EQ(stuck["reduced"]["length"], "minimal");
  EXPECT_EQ(stuck["reduced"]["clients"].size(), 2U);
  EXPECT_EQ(stuck["reduced"]["clients"][0]["do"].size(), 1U);

  const auto markdown = draw({"--choose", "random", "--runs", "50", "--format", "markdown"});
  EXPECT_THAT(markdown.out, AllOf(HasSubstr("# mix: 50 random orders, untimed"), HasSubstr("| orders |"),
                                  HasSubstr("stuck after 5 steps, minimal")));
}

TEST_F(Explore, DrawnOrdersExcludeNothing) {
  const auto expecting = [&](const std::string& property) {
    const auto path = folder.file("e.json",
                                  late_fill_with(R"("expect": [{"strategy": "ttl-only", "command": "explore",
            "figure": "reachable.)" + property + R"(", "equals": false}])"));
    return cacherace({"explore", path, "--untimed", "--choose", "random", "--runs", "200"});
  };
  const auto open = expecting("lost_write");
  EXPECT_EQ(open.status, 3);
  EXPECT_THAT(open.out, HasSubstr("expected exactly false (drawn orders decide"));
  EXPECT_EQ(expecting("stale_read").status, 1);
  EXPECT_EQ(explore({"--untimed", "--choose", "random", "--max-time", "0ms"}).status, 3);
}

TEST_F(Explore, OptionsOfDrawnOrdersNeedAChooser) {
  expect_refused({"--untimed", "--runs", "5"}, "--runs: it goes with --choose");
  expect_refused({"--untimed", "--seed", "5"}, "--seed: it goes with --choose");
  expect_refused({"--untimed", "--depth", "5"}, "--depth: it goes with --choose");
  expect_refused({"--untimed", "--choose", "random", "--depth", "5"}, "only --choose pct has a depth");
  expect_refused({"--choose", "random"}, "add --untimed");
  expect_refused({"--untimed", "--choose", "randon"}, "did you mean \"random\"");
  expect_refused({"--untimed", "--choose", "pct", "--depth", "0"}, "--depth");
  expect_refused({"--untimed", "--choose", "pct", "--max-states", "9"}, "does not go with --choose");
}

TEST_F(Explore, ARecordedRunIsCutDown) {
  const auto run = cacherace({"run", "article/side-by-side", "--strategy", "delete-then-write", "--record",
                              folder / "bad.json", "--quiet", "--output", folder / "r.txt"});
  ASSERT_EQ(run.status, 0) << run.err;
  const auto cut = cacherace({"replay", folder / "bad.json", "--minimise"});
  EXPECT_EQ(cut.status, 0) << cut.err;
  EXPECT_THAT(cut.out, AllOf(HasSubstr("of delete-then-write, cut down to what each violation takes"),
                             HasSubstr(" steps, minimal\n"), HasSubstr("\nWhy: ")));
  EXPECT_EQ(cacherace({"replay", folder / "bad.json", "--minimise"}).out, cut.out);
}

TEST_F(Explore, WhatCannotBeExploredIsRefused) {
  expect_refused({"--timed", "--untimed"}, "--timed: it excludes --untimed");
  expect_refused({"--untimed", "--max-memory", "2"}, "--max-memory: ");
  expect_refused({"--untimed", "--clients", "2w"}, "expected 2w3r");
  expect_refused({"--untimed", "--clients", "0w0r"}, "expected 2w3r");
  expect_refused({"--untimed", "--clients", "2w3r4"}, "expected 2w3r");
  expect_refused({"--untimed", "--max-time", "5"}, "--max-time");
  expect_refused({"--untimed", "--max-states", "0"}, "--max-states");
  const auto mix = folder.file("m.json", R"({
    "name": "mix", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "clients": [{"name": "all", "operations": 5, "mix": {"read": 0.5, "write": 0.5}}],
    "strategies": ["ttl-only"]})");
  const auto refused = cacherace({"explore", mix, "--untimed"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("client \"all\" has a \"mix\""), HasSubstr("--clients 2w3r")));
  EXPECT_EQ(cacherace({"explore", mix, "--untimed", "--clients", "1w1r"}).status, 0);
}

}  // namespace
}  // namespace cacherace::tools
