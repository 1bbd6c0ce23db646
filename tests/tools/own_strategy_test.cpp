// A strategy that a scenario defines, through every command that takes one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

const std::string shop = R"({
  "name": "shop",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
  "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
  "clients": [
    {"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
    {"name": "reader", "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"]}
  ],
  "strategies": ["write-then-delete", {
    "name": "ours", "description": "Ours.", "parameters": {"sleep": "11ms"},
    "write": [{"redis.del": "key"}, {"mysql.update": "key"}, {"sleep": "$sleep"}, {"redis.del": "key"}]}],
  "runs": 1000,
  "expect": [{"strategy": "ours", "figure": "stuck.runs", "at_most": 0},
             {"strategy": "ours", "command": "explore", "mode": "timed", "figure": "reachable.stuck",
              "equals": false}]
})";

TEST(OwnStrategy, RunsAndIsJudged) {
  const Folder folder;
  const auto file = folder.file("shop.json", shop);
  const auto run = cacherace({"run", file, "--strategy", "ours", "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  const Json strategy = Json::parse(run.out)["strategies"][0];
  EXPECT_EQ(strategy["strategy"], "ours");
  EXPECT_EQ(strategy["parameters"]["sleep_ns"], 11'000'000);
  EXPECT_EQ(strategy["expectations"][0]["verdict"], "held");
  EXPECT_EQ(cacherace({"run", file, "--strategy", "ours:sleep=1ms"}).status, 1);
  EXPECT_EQ(cacherace({"explore", file, "--strategy", "ours"}).status, 0);
  const auto refused = cacherace({"run", file, "--strategy", "our"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("did you mean \"ours\"?"));
}

TEST(OwnStrategy, IsRecordedReplayedAndCutDown) {
  const Folder folder;
  const auto file = folder.file("shop.json", shop);
  const auto record = folder / "bad.json";
  cacherace({"run", file, "--strategy", "ours:sleep=1ms", "--record", record});
  const auto replayed = cacherace({"replay", record});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("under ours:sleep=1ms"));
  const auto cut = cacherace({"replay", record, "--minimise"});
  EXPECT_EQ(cut.status, 0) << cut.err;
  EXPECT_THAT(cut.out,
              AllOf(HasSubstr("ours:sleep=1ms: stuck after 7 steps, minimal"), HasSubstr("sleeps 1 ms")));
  cacherace({"explore", file, "--untimed", "--strategy", "ours", "--record", record});
  EXPECT_EQ(cacherace({"replay", record}).status, 0);
}

TEST(OwnStrategy, IsTunedExactly) {
  const Folder folder;
  const auto file = folder.file("shop.json", shop);
  const auto certificate = folder / "sleep.json";
  const auto tuned = cacherace({"tune", file, "--exact", "--strategy", "ours", "--parameter", "sleep",
                                "--certificate", certificate, "--format", "json"});
  EXPECT_EQ(tuned.status, 0) << tuned.err;
  EXPECT_EQ(Json::parse(tuned.out)["safe_ns"], 10'000'001);
  EXPECT_EQ(cacherace({"replay", certificate}).status, 0);
}

TEST(OwnStrategy, IsExplained) {
  const Folder folder;
  const auto file = folder.file("shop.json", shop);
  const auto text = cacherace({"explain", "ours", file});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("ours: Ours.\n"), HasSubstr("write     1. redis.del key\n"),
                              HasSubstr("3. sleep $sleep\n"), HasSubstr("read      1. GET key"),
                              HasSubstr("shop.json --strategy ours:sleep=22ms"), Not(HasSubstr("users"))));
  EXPECT_EQ(cacherace({"explain", "ours"}).status, 2);
  EXPECT_EQ(cacherace({"explain", "write-then-delete", file}).status, 0);
}

// What `locked` is, in steps; its lock is lost once.
const std::string guarded = R"({
  "name": "guarded",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
  "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
  "clients": [{"name": "writer", "do": ["write"]},
              {"name": "reader", "count": 2, "start": {"uniform": ["0ms", "9ms"]}, "do": ["read"]}],
  "faults": [{"expire": {"what": "lock", "time": {"uniform": ["0ms", "30ms"]}}}],
  "strategies": ["locked", {
    "name": "ours",
    "write": [{"redis.lock": "30s"},
              {"mysql.update": "key", "else": [{"redis.unlock": "key"}, {"return": "nothing"}]},
              {"redis.del": "key"}, {"redis.unlock": "key"}],
    "read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"redis.lock": "30s"},
             {"redis.get": "key", "then": [{"redis.unlock": "key"}, {"return": "cached"}]},
             {"mysql.select": "key", "else": [{"redis.unlock": "key"}, {"return": "nothing"}]},
             {"redis.set": "selected"}, {"redis.unlock": "key"}, {"return": "selected"}]}]
})";

TEST(OwnStrategy, IsComparedUnderTheFaultsOfItsGuards) {
  const Folder folder;
  const auto file = folder.file("guarded.json", guarded);
  EXPECT_EQ(cacherace({"validate", file}).status, 0);
  const auto matrix = cacherace({"matrix", file, "--clients", "1w2r", "--format", "json"});
  EXPECT_EQ(matrix.status, 0) << matrix.err;
  Json rows = Json::parse(matrix.out)["strategies"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1]["strategy"], "ours");
  for (Json& row : rows) {
    EXPECT_EQ(row["cells"][1]["property"], "stuck");
    row["cells"][1]["witness"].erase("schedule");  // names the scenario
    row["cells"][1].erase("command");              // names the strategy
  }
  EXPECT_EQ(rows[0]["cells"], rows[1]["cells"]);
  const auto record = folder / "lost.json";
  const auto explored = cacherace({"explore", file, "--untimed", "--strategy", "ours", "--record", record});
  EXPECT_THAT(explored.out, AllOf(HasSubstr("k0:lock expires"), HasSubstr("SET k0:lock NX -> taken")));
  EXPECT_EQ(cacherace({"replay", record}).status, 0);
}

}  // namespace
}  // namespace cacherace::tools
