// `cacherace run --sweep` and `--set` from outside: points, heat maps, and going on after a kill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

class Sweep : public testing::Test {
 protected:
  Finished run(Words arguments) const {
    arguments.insert(arguments.begin(), {"run", scenario});
    return cacherace(arguments);
  }

  Folder folder;
  std::string scenario = folder.file("s.json", late_fill);
};

TEST_F(Sweep, EachPointIsWhatSetComesTo) {
  const auto document = run({"--sweep", "redis.ttl=10ms,1s", "--format", "json"});
  EXPECT_TRUE(fits_schema("sweep", document.out));
  const Json swept = Json::parse(document.out);
  EXPECT_EQ(swept["command"], "sweep");
  EXPECT_EQ(swept["complete"], true);
  EXPECT_EQ(swept["verdict"], "held");
  ASSERT_EQ(swept["points"].size(), 2U);
  for (const Json& point : swept["points"]) {
    const std::string value = point["settings"]["redis.ttl"];
    const Json alone = Json::parse(run({"--set", "redis.ttl=" + value, "--format", "json"}).out);
    EXPECT_EQ(point["result"], alone);
  }
  EXPECT_NE(swept["points"][0]["result"], swept["points"][1]["result"]);
}

TEST_F(Sweep, TheReplayCommandOfAPointRepeatsIt) {
  const Json swept = Json::parse(run({"--sweep", "clients.reader.count=3", "--format", "json"}).out);
  const Json& violation = swept["points"][0]["result"]["strategies"][0]["first_violation"];
  ASSERT_FALSE(violation.is_null());
  EXPECT_EQ(violation["replay"], "cacherace run " + scenario +
                                     " --set clients.reader.count=3 --strategy ttl-only" +
                                     " --seed 3 --only-run " + std::to_string(violation["run"].get<int>()));
  const auto told = run({"--set", "clients.reader.count=3", "--strategy", "ttl-only", "--only-run",
                         std::to_string(violation["run"].get<int>())});
  EXPECT_THAT(told.out, HasSubstr("reader#3"));
}

TEST_F(Sweep, TwoAxesMakeAHeatMap) {
  const Words two = {"--sweep", "redis.ttl=10ms,1s", "--sweep",
                     "strategies.delayed-double-delete.sleep=1ms,5ms,50ms"};
  const auto table = run(two);
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("late fill: 50 runs of each strategy at 6 points, seed 3"),
                               HasSubstr("ttl-only: stuck.probability in %, "), HasSubstr("1ms")));
  Words of_latency = two;
  of_latency.insert(of_latency.end(), {"--figure", "latency.write.p99_ns"});
  EXPECT_THAT(run(of_latency).out, HasSubstr("delayed-double-delete: latency.write.p99_ns, "));
}

TEST_F(Sweep, WhatIsWrongIsToldBeforeAnythingRuns) {
  const auto wrong = [&](const Words& arguments) {
    const auto refused = run(arguments);
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.out, "");
    return refused.err;
  };
  EXPECT_THAT(wrong({"--sweep", "redis.ttl=1s,2"}), HasSubstr("--sweep: redis.ttl=2: /redis/ttl: "));
  EXPECT_THAT(wrong({"--sweep", "redis.tll=1s"}), HasSubstr("did you mean \"ttl\"?"));
  EXPECT_THAT(wrong({"--sweep", "redis.ttl=1s", "--sweep", "redis.ttl=2s"}), HasSubstr("is an axis twice"));
  EXPECT_THAT(wrong({"--sweep", "redis.ttl=1s", "--only-run", "3", "--history", folder / "h"}),
              AllOf(HasSubstr("--only-run: "), HasSubstr("--history: ")));
  EXPECT_THAT(wrong({"--sweep", "redis.ttl=1s", "--figure", "stuck.probabilty"}), HasSubstr("did you mean"));
  EXPECT_THAT(wrong({"--figure", "stuck.probability"}), HasSubstr("add --sweep"));
  EXPECT_THAT(wrong({"--sweep-dir", folder / "d"}), HasSubstr("there is no sweep"));
  EXPECT_THAT(wrong({"--sweep", "strategies.ttl-only.x=1", "--strategy", "ttl-only"}),
              HasSubstr("--strategy: "));
  EXPECT_THAT(wrong({"--set", "redis.ttl=x"}), HasSubstr("--set: redis.ttl=x: "));
  EXPECT_THAT(wrong({"--sweep", "redis.ttl=1s", "--sweep-dir", scenario}), HasSubstr("--sweep-dir: "));
  EXPECT_THAT(folder.names(), Not(Contains("d")));
}

TEST_F(Sweep, AnotherSweepsFolderIsLeftAlone) {
  const std::string points = folder / "points";
  ASSERT_EQ(run({"--sweep", "redis.ttl=1s,2s", "--sweep-dir", points}).status, 0);
  const auto other = run({"--sweep", "redis.ttl=1s,3s", "--sweep-dir", points});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("holds the points of another sweep"));
  EXPECT_EQ(run({"--sweep", "redis.ttl=1s,2s", "--sweep-dir", points, "--seed", "9"}).status, 2);
  const auto foreign = run({"--sweep", "redis.ttl=1s", "--sweep-dir", std::string(".")});
  EXPECT_EQ(foreign.status, 2);
  EXPECT_THAT(foreign.err, HasSubstr("it holds other files"));
}

// Killed in the middle, again and again, it comes to the same bytes; no point is run twice, nothing is half
// written.
TEST_F(Sweep, GoesOnAfterAKill) {
  namespace fs = std::filesystem;
  Words arguments = {"run",      scenario, "--runs",  "3000",
                     "--format", "json",   "--sweep", "redis.ttl=10ms,20ms,30ms,40ms,50ms,60ms,70ms,80ms"};
  const auto whole = cacherace(arguments);
  ASSERT_EQ(whole.status, 0);
  const std::string points = folder / "points";
  arguments.insert(arguments.end(), {"--sweep-dir", points});
  std::size_t kills = 0, before = 0;
  for (int attempt = 0; attempt < 60; ++attempt) {
    arguments[0] = "run";
    Words command = {CACHERACE_COMMAND};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Process process(command);
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + 20 * attempt));
    process.signal(SIGKILL);
    const auto ended = process.wait();
    if (ended.status == 0) {
      EXPECT_EQ(ended.out, whole.out);
      break;
    }
    ++kills;
    if (!fs::exists(points)) continue;
    std::size_t finished = 0;
    for (const auto& entry : fs::directory_iterator(points)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("point-") || !name.ends_with(".json")) continue;
      ++finished;
      EXPECT_EQ(Json::parse(text_of(entry.path()), nullptr, false)["complete"], true);
    }
    EXPECT_GE(finished, before);
    before = finished;
  }
  EXPECT_GE(kills, 1U);
  const auto again = cacherace(arguments);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.out, whole.out);
}

}  // namespace
}  // namespace cacherace::tools
