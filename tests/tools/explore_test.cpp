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

TEST_F(Explore, WhatCannotBeExploredIsRefused) {
  expect_refused({}, "give --untimed");
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
