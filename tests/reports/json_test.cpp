#include "reports/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

const Source source{"1.2.3", "late fill.json"};

Json parsed(const scenarios::RunResult& result) {
  return Json::parse(run_document(result, source));
}

Names keys(const Json& object) {
  Names names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

TEST(RunDocument, HasTheKeysOfTheContractInTheirOrder) {
  const Json document = parsed(result({stuck("write-then-delete", 6'000'000)}));
  EXPECT_EQ(keys(document),
            (Names{"cacherace", "command", "scenario", "seed", "runs", "complete", "strategies", "verdict"}));
  const Json& s = document["strategies"][0];
  EXPECT_EQ(keys(s), (Names{"strategy", "parameters", "runs", "incomplete", "linearizability", "stuck",
                            "reads", "writes", "staleness", "outdatedness", "lag", "windows", "sessions",
                            "latency", "cache", "database", "first_violation", "expectations"}));
  EXPECT_EQ(keys(s["stuck"]), (Names{"runs", "probability", "permanent_runs", "heals_after"}));
  EXPECT_EQ(keys(s["reads"]),
            (Names{"total", "outdated", "stale", "dirty", "inversions", "stale_share", "outdated_share"}));
  EXPECT_EQ(keys(s["windows"]), (Names{"state", "visible", "post_ack", "state_time_share", "by_cause"}));
  EXPECT_EQ(keys(s["windows"]["state"]),
            (Names{"count", "runs", "total_ns", "p50_ns", "p99_ns", "max_ns", "open_at_end"}));
  EXPECT_EQ(keys(s["latency"]["write"]),
            (Names{"count", "mean_ns", "p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns"}));
  EXPECT_EQ(keys(s["stuck"]["probability"]), (Names{"estimate", "low", "high", "confidence", "method"}));
  EXPECT_EQ(s["windows"]["by_cause"].size(), verify::cause_names.size());
}

TEST(RunDocument, SaysWhatWasMeasured) {
  const Json document = parsed(result({stuck("write-then-delete", 6'000'000)}));
  EXPECT_EQ(document["cacherace"], "1.2.3");
  EXPECT_EQ(document["runs"], 10'000);
  EXPECT_EQ(document["complete"], true);
  EXPECT_EQ(document["verdict"], "held");
  const Json& s = document["strategies"][0];
  EXPECT_EQ(s["stuck"]["probability"]["estimate"], 0.0048);
  EXPECT_EQ(s["stuck"]["probability"]["confidence"], 0.99);
  EXPECT_EQ(s["windows"]["by_cause"]["late_fill"], 162);
  EXPECT_EQ(s["latency"]["write"]["p99_ns"], 6'000'000);
}

TEST(RunDocument, NamesParametersWithTheirUnit) {
  const Json document = parsed(result({clean("delayed-double-delete:sleep=1500us,async=true", 1)}));
  const Json& parameters = document["strategies"][0]["parameters"];
  EXPECT_EQ(parameters["sleep_ns"], 1'500'000);
  EXPECT_EQ(parameters["async"], true);
  EXPECT_EQ(parameters["on_error"], "continue");
}

TEST(RunDocument, WithoutAMeasurementThereAreNulls) {
  scenarios::StrategyResult empty{.strategy = strategy("ttl-only")};
  const Json s = parsed(result({empty}))["strategies"][0];
  EXPECT_EQ(s["parameters"], Json::object());
  EXPECT_TRUE(s["stuck"]["probability"]["estimate"].is_null());
  EXPECT_EQ(s["staleness"]["count"], 0);
  EXPECT_TRUE(s["staleness"]["p50_ns"].is_null());
  EXPECT_TRUE(s["cache"]["hit_ratio"].is_null());
  EXPECT_TRUE(s["first_violation"].is_null());
  EXPECT_EQ(s["expectations"], Json::array());
}

TEST(RunDocument, TheReplayCommandCanBePasted) {
  const Json document = parsed(result({stuck("delayed-double-delete:sleep=50ms", 1)}));
  EXPECT_EQ(document["strategies"][0]["first_violation"],
            (Json{{"run", 17},
                  {"kind", "stuck"},
                  {"replay",
                   "cacherace run 'late fill.json' --strategy delayed-double-delete:sleep=50ms --seed 1 "
                   "--only-run 17"}}));
}

TEST(RunDocument, TellsHowExpectationsFared) {
  auto s = clean("write-then-delete", 1);
  s.expectations.push_back({{.strategy = "*", .figure = "latency.write.p99_ns", .bound = 600e6},
                            1.0,
                            scenarios::ExpectationVerdict::held,
                            ""});
  s.expectations.push_back({{.strategy = "write-then-delete",
                             .command = "explore",
                             .mode = "untimed",
                             .figure = "reachable.stuck",
                             .comparison = scenarios::Comparison::equals,
                             .bound = 1.0,
                             .bound_is_flag = true},
                            std::nullopt,
                            scenarios::ExpectationVerdict::not_evaluated,
                            "for explore"});
  const Json expectations = parsed(result({s}))["strategies"][0]["expectations"];
  EXPECT_EQ(expectations[0].dump(), R"({"strategy":"*","figure":"latency.write.p99_ns","at_most":600000000,)"
                                    R"("observed":1,"verdict":"held"})");
  EXPECT_EQ(
      expectations[1].dump(),
      R"({"strategy":"write-then-delete","command":"explore","mode":"untimed","figure":"reachable.stuck",)"
      R"("equals":true,"observed":null,"verdict":"not evaluated","remark":"for explore"})");
}

TEST(RunDocument, EndsWithOneNewline) {
  const auto text = run_document(result({}), source);
  ASSERT_GE(text.size(), 2U);
  EXPECT_EQ(text.substr(text.size() - 2), "}\n");
}

TEST(Commands, ShellWordsSurviveTheShell) {
  EXPECT_EQ(shell_word("a/b.json"), "a/b.json");
  EXPECT_EQ(shell_word("my file"), "'my file'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Commands, StrategyArgumentsReadBackAsTheyWere) {
  for (const std::string text :
       {"write-then-delete", "delayed-double-delete:sleep=1500us,async=true,on_error=abort",
        "delayed-double-delete:sleep=0ms", "binlog-delete:consumers=3"}) {
    EXPECT_EQ(strategy_argument(strategy(text)), text);
  }
}

}  // namespace
}  // namespace cacherace::reports
