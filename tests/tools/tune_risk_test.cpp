// `cacherace tune --risk` from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

const std::vector<std::string> asked = {"tune", "article/late-reader", "--risk", "0.02"};

std::vector<std::string> asked_with(std::vector<std::string> more) {
  more.insert(more.begin(), asked.begin(), asked.end());
  return more;
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const auto refused = cacherace(arguments);
  EXPECT_EQ(refused.status, 2) << refused.out;
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr(message));
}

TEST(TuneRisk, SaysItInWordsWithTheCurveAndWhatElseThereIs) {
  const auto found = cacherace(asked);
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(
      found.out,
      AllOf(HasSubstr("at most 1 run in 50 leaves the cache stuck"), HasSubstr("is too short"),
            HasSubstr("The reply to reader's SELECT is"), HasSubstr("99 % of writes take at most"),
            HasSubstr("From 10000001ns on it is impossible"), HasSubstr("Clopper-Pearson"),
            HasSubstr("99 % confidence"), HasSubstr("What sleep has to cover"), HasSubstr("write p99"),
            HasSubstr("versioned-tombstone"), HasSubstr("no redis.ttl"), HasSubstr("Next: cacherace run")));
}

TEST(TuneRisk, WritesOneDocumentThatIsTheSameOnAnyNumberOfThreads) {
  const auto found = cacherace(asked_with({"--format", "json", "--jobs", "1"}));
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(cacherace(asked_with({"--format", "json", "--jobs", "3"})).out, found.out);
  EXPECT_TRUE(fits_schema("tune", found.out));
  const Json document = Json::parse(found.out);
  Json other = document;
  other["points"][0].erase("risk");
  EXPECT_FALSE(fits_schema("tune", other.dump()));
  const auto exact = cacherace({"tune", "article/late-reader", "--exact", "--format", "json"});
  EXPECT_TRUE(fits_schema("tune", exact.out));
  EXPECT_EQ(document["method"], "risk");
  EXPECT_EQ(document["risk"], 0.02);
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["monotone"], true);
  EXPECT_EQ(document["impossible_from_ns"], 10'000'001);
  EXPECT_LT(document["unsafe_ns"], document["safe_ns"]);
  EXPECT_EQ(document["confidence"]["joint"], 0.99);
  EXPECT_EQ(document["instead"].size(), 5U);
  EXPECT_GE(document["covers"]["terms"].size(), 4U);
  bool safe_met = false;
  for (const Json& point : document["points"]) {
    const double high = point["risk_from_here_on"]["high"], low = point["risk"]["low"];
    EXPECT_TRUE(point["value_ns"] != document["safe_ns"] || high <= 0.02) << high;
    EXPECT_TRUE(point["value_ns"] != document["unsafe_ns"] || low > 0.02) << low;
    safe_met = safe_met || point["value_ns"] == document["safe_ns"];
    EXPECT_GT(point["latency"]["write"]["p99_ns"], point["latency"]["write"]["p50_ns"]);
  }
  EXPECT_TRUE(safe_met);
}

TEST(TuneRisk, WritesMarkdown) {
  const auto found = cacherace(asked_with({"--format", "markdown"}));
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("# late reader: sleep of"), HasSubstr("| sleep |"),
                               HasSubstr("## The curve"), HasSubstr("| ttl-only |")));
}

TEST(TuneRisk, StopsAtItsLimit) {
  const auto stopped = cacherace({"tune", "article/late-reader", "--risk", "1e-9", "--max-time", "100ms"});
  EXPECT_EQ(stopped.status, 3);
  EXPECT_THAT(stopped.out,
              AllOf(HasSubstr("NOT COMPLETE"), HasSubstr("a limit or an interruption came first")));
  const auto json =
      cacherace({"tune", "article/late-reader", "--risk", "1e-9", "--max-time", "100ms", "--format", "json"});
  EXPECT_EQ(json.status, 3);
  EXPECT_TRUE(fits_schema("tune", json.out));
  EXPECT_EQ(Json::parse(json.out)["complete"], false);
  EXPECT_TRUE(Json::parse(json.out)["safe_ns"].is_null());
  EXPECT_TRUE(Json::parse(json.out)["stopped_at_ns"].is_number());
}

TEST(TuneRisk, AnInterruptedSearchTellsWhatItHas) {
  for (const int number : {SIGINT, SIGTERM}) {
    Process process({CACHERACE_COMMAND, "tune", "article/sleep-and-lag", "--risk", "1e-12", "--no-progress"});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    process.signal(number);
    const auto stopped = process.wait();
    EXPECT_EQ(stopped.status, 3);
    EXPECT_THAT(stopped.out,
                AllOf(HasSubstr("NOT COMPLETE"), HasSubstr("It was stopped while it still searched"),
                      Not(HasSubstr("99 % confidence"))));
  }
}

// What is of the sleep adds up: the writer takes some for itself.
TEST(TuneRisk, SaysWhatTheSleepCovers) {
  auto found = cacherace({"tune", "article/late-reader", "--risk", "0.01"});
  EXPECT_EQ(found.status, 0) << found.err;
  std::ranges::replace(found.out, '\n', ' ');
  EXPECT_THAT(found.out, AllOf(HasSubstr("The reply to reader's SELECT is "), HasSubstr(" ms of it, "),
                               HasSubstr(" that the writer takes for itself."),
                               HasSubstr("impossible in any order that these latencies allow")));
}

// One delete in two fails, whatever the sleep is.
TEST(TuneRisk, SaysWhereNoValueIsLongEnough) {
  const Folder folder;
  const std::string path = folder.file("faulty.json", R"({"name": "faulty", "redis": {"latency": "1ms"},
    "mysql": {"latency": "2ms"}, "keys": {"cached": true},
    "clients": [{"name": "writer", "start": "1ms", "do": ["write"]}], "runs": 1000,
    "faults": [{"fail": {"command": "redis.del", "probability": 0.5}}],
    "strategies": [{"name": "delayed-double-delete", "sleep": "5ms"}]})");
  const auto found = cacherace({"tune", path, "--risk", "0.01"});
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("No sleep is certain to keep to at most 1 run in 100"),
                               HasSubstr("at the end of the range, 30 min, the risk still\nis 0.2")));
}

TEST(TuneRisk, RefusesWhatCannotBe) {
  expect_refused({"tune", "article/late-reader"}, "--risk 1e-6");
  expect_refused(asked_with({"--exact"}), "does not go with --exact");
  expect_refused({"tune", "article/late-reader", "--risk", "2"}, "is no share of runs");
  expect_refused({"tune", "article/late-reader", "--risk", "1e-6x"}, "is no share of runs");
  expect_refused(asked_with({"--certificate", "c.json"}), "--certificate: only goes with --exact");
  expect_refused({"tune", "article/late-reader", "--exact", "--seed", "3"}, "--seed: only goes with --risk");
  expect_refused(asked_with({"--property", "deadlock"}), "single runs");
  expect_refused(asked_with({"--parameter", "slep"}), "has such a duration");
  expect_refused(asked_with({"--resolution", "0ms"}), "--resolution: ");
}

}  // namespace
}  // namespace cacherace::tools
