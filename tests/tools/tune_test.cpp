// `cacherace tune --exact` from outside, and what `replay` makes of its certificates and of schedules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

const std::string late_reader = "article/late-reader";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  if (place != std::string::npos) text.replace(place, from.size(), to);
  return text;
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& message) {
  const auto refused = cacherace(arguments);
  EXPECT_EQ(refused.status, 2) << refused.out;
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr(message));
}

TEST(Tune, FindsTheSmallestSafeSleepAndWhatItCovers) {
  const auto found = cacherace({"tune", late_reader, "--exact"});
  EXPECT_EQ(found.status, 0) << found.err;
  EXPECT_THAT(found.out,
              AllOf(HasSubstr("sleep = 10000001ns (10 ms) is the smallest safe value"),
                    HasSubstr("+ 10 ms  the reply to reader's SELECT, at most"), HasSubstr("= 10 ms\n"),
                    HasSubstr(">> 7"), HasSubstr("Why: reader's SET of v0")));
}

TEST(Tune, WritesOneDocumentAsTheContractHasIt) {
  const auto found = cacherace({"tune", late_reader, "--exact", "--format", "json"});
  EXPECT_EQ(found.status, 0) << found.err;
  const Json document = Json::parse(found.out);
  EXPECT_EQ(document["command"], "tune");
  EXPECT_EQ(document["method"], "exact");
  EXPECT_EQ(document["property"], "stuck");
  EXPECT_EQ(document["safe_ns"], 10'000'001);
  EXPECT_EQ(document["unsafe_ns"], 10'000'000);
  EXPECT_EQ(document["resolution_ns"], 1);
  EXPECT_EQ(document["monotone"], true);
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["points"].size(), 2U);
  EXPECT_EQ(document["covers"].size(), 4U);
  EXPECT_EQ(document["witness"]["steps"].size(), 7U);
  EXPECT_EQ(document["certificate"]["digest"].get<std::string>().size(), 32U);
  EXPECT_EQ(cacherace({"tune", late_reader, "--exact", "--format", "json"}).out, found.out);
}

TEST(Tune, SaysWhereNothingOrEverythingIsSafe) {
  const auto safe = cacherace({"tune", late_reader, "--exact", "--range", "1s..2s", "--format", "json"});
  EXPECT_EQ(Json::parse(safe.out)["safe_ns"], 1'000'000'000);
  EXPECT_TRUE(Json::parse(safe.out)["unsafe_ns"].is_null());
  EXPECT_TRUE(Json::parse(safe.out).contains("reason"));
  const auto none = cacherace({"tune", late_reader, "--exact", "--range", "0ms..5ms", "--format", "json"});
  EXPECT_TRUE(Json::parse(none.out)["safe_ns"].is_null());
  EXPECT_EQ(Json::parse(none.out)["unsafe_ns"], 5'000'000);
  EXPECT_TRUE(Json::parse(none.out).contains("reason"));
  EXPECT_EQ(none.status, 1);  // the scenario expects 10 ms
}

TEST(Tune, RefusesWhatCannotBeTuned) {
  expect_refused({"tune", late_reader}, "--exact: missing");
  expect_refused({"tune", late_reader, "--exact", "--parameter", "slep"}, "has such a duration");
  expect_refused({"tune", late_reader, "--exact", "--strategy", "ttl-only"},
                 "no parameter that is a duration");
  expect_refused(
      {"tune", late_reader, "--exact", "--strategy", "delayed-double-delete", "--parameter", "async"},
      "has no duration");
  expect_refused({"tune", late_reader, "--exact", "--property", "stale"}, "--property: unknown");
  expect_refused({"tune", late_reader, "--exact", "--range", "5ms"}, "--range: ");
  expect_refused({"tune", late_reader, "--exact", "--range", "5ms..1ms"}, "--range: ");
  expect_refused({"tune", "article/sleep-too-short", "--exact"}, "has no upper end");
  expect_refused({"tune", "article/ttl", "--exact"}, "has such a duration");
}

TEST(Tune, CertificatesAreConfirmedOrNot) {
  const Folder folder;
  const std::string path = folder / "sleep.json";
  const auto found = cacherace({"tune", late_reader, "--exact", "--certificate", path});
  EXPECT_EQ(found.status, 0);
  EXPECT_THAT(found.err, HasSubstr("cacherace replay " + path));
  const auto confirmed = cacherace({"replay", path});
  EXPECT_EQ(confirmed.status, 0) << confirmed.err;
  EXPECT_THAT(confirmed.out, AllOf(HasSubstr("safe at 10000001ns"), HasSubstr("unsafe at 10ms")));
  const std::string text = text_of(path);
  const auto wrong =
      folder.file("wrong.json", replaced(text, "\"safe_ns\": 10000001", "\"safe_ns\": 9000000"));
  EXPECT_EQ(cacherace({"replay", wrong}).status, 1);
  expect_refused(
      {"replay", folder.file("other.json", replaced(text, "\"recording\": 2", "\"recording\": 9"))},
      "another version");
  expect_refused({"replay", folder.file("text.json", replaced(text, "\"states\": ", "\"states\": -"))},
                 "/certificate/states");
}

TEST(Replay, PlaysWhatExploreRecords) {
  const Folder folder;
  const std::string path = folder / "order.json";
  for (const std::string mode : {"--timed", "--untimed"}) {
    const auto explored = cacherace(
        {"explore", late_reader, mode, "--strategy", "delayed-double-delete:sleep=5ms", "--record", path});
    EXPECT_EQ(explored.status, mode == "--timed" ? 1 : 0) << explored.err;
    const auto played = cacherace({"replay", path});
    EXPECT_EQ(played.status, 0) << played.err;
    EXPECT_THAT(played.out, HasSubstr("It comes to: stuck."));
  }
}

TEST(Replay, TakesASchedulesTextOfTheSameScenarioOnly) {
  const auto json = cacherace({"explore", late_reader, "--untimed", "--format", "json"});
  const auto schedule =
      Json::parse(json.out)["strategies"][0]["witnesses"]["stuck"]["schedule"].get<std::string>();
  const auto played = cacherace({"replay", late_reader, "--schedule", schedule});
  EXPECT_EQ(played.status, 0) << played.err;
  EXPECT_THAT(played.out, HasSubstr("It comes to: stuck."));
  expect_refused({"replay", late_reader, "--clients", "1w2r", "--schedule", schedule}, "another scenario");
  expect_refused({"replay", "article/late-reader-replica", "--schedule", schedule}, "another scenario");
  expect_refused({"replay", late_reader, "--schedule", "9" + schedule.substr(1)}, "version 9");
  expect_refused({"replay", late_reader, "--schedule", schedule + " c7"}, "c7: nothing is left to do then");
  expect_refused({"replay", late_reader, "--schedule", schedule + " x"}, "cannot be read");
}

}  // namespace
}  // namespace cacherace::tools
