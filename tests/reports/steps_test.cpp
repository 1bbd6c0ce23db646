#include "reports/steps.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/findings.hpp"
#include "reports/history.hpp"
#include "reports/timeline.hpp"
#include "scenarios/simulation.hpp"
#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using testing::HasSubstr;

scenarios::Scenario scenario(const std::string& text) {
  auto read = scenarios::read_scenario(text, "test.json", {});
  if (const auto* faults = std::get_if<std::vector<scenarios::Fault>>(&read)) {
    for (const auto& fault : *faults) ADD_FAILURE() << to_text(fault);
    return {};
  }
  return std::get<scenarios::Scenario>(std::move(read));
}

// The reader selects before the commit and fills after the delete. Nothing is random.
scenarios::Scenario late_fill(const std::string& redis = R"({"latency": "1ms"})") {
  return scenario(R"({"name": "late fill", "redis": )" + redis + R"(, "keys": {"cached": false},
    "mysql": {"latency": {"request": "1ms", "response": "10ms"}},
    "clients": [{"name": "reader", "do": ["read"]},
                {"name": "writer", "start": "3ms", "do": ["write"]},
                {"name": "late", "start": "40ms", "do": ["read"]}],
    "strategies": ["write-then-update"], "limits": {"time": "1h"}})");
}

TEST(Steps, TellThatThereIsNoRowAndWhoWaitsForWhom) {
  const auto told = run_steps(scenario(R"({"name": "n", "redis": {"latency": "1ms", "negative_ttl": "9ms"},
    "mysql": {"latency": "1ms"}, "keys": {"missing": 1},
    "clients": [{"name": "r", "count": 2, "do": ["read"], "repeat": 2, "coalesce": true}],
    "strategies": ["write-then-delete"]})"),
                              strategy("write-then-delete"), 0);
  for (const char* line :
       {"0.000  r#1  read k0\n", "0.000  r#2  waits for the read of k0 that is under way\n",
        "1.000  r#1  GET k0 -> miss\n", "3.000  r#1  SELECT k0 -> no row\n",
        "5.000  r#1  SET k0 = no row (fill)", "6.000  r#2  returns no row\n",
        "7.000  r#1  GET k0 -> no row\n"}) {
    EXPECT_THAT(told, HasSubstr(line));
  }
}

// Each key's first entry ends at its own time.
TEST(Steps, TellWhenWhatWasCachedAtFirstExpires) {
  const auto jittered = scenario(R"({"name": "n",
    "redis": {"latency": "1ms", "ttl": "10ms", "ttl_jitter": "10ms"}, "mysql": {"latency": "1ms"},
    "keys": {"count": 2, "cached": true},
    "clients": [{"name": "r", "do": [{"read": "k0"}, {"read": "k1"}]},
                {"name": "late", "start": "30ms", "do": [{"write": "k0"}]}],
    "strategies": ["ttl-only"]})");
  scenarios::Simulation simulation(jittered, jittered.strategies[0]);
  simulation.run(3, true);
  const auto told = run_steps(jittered, strategy("ttl-only"), 3);
  int keys = 0;
  for (const models::Record& record : simulation.records()) {
    if (record.fact != models::Fact::invoked || record.kind != models::OperationKind::read) continue;
    ++keys;
    const double ms = static_cast<double>(sim::nanos(record.until)) / 1e6;
    EXPECT_THAT(told, HasSubstr(fmt::format("{:.3f}  redis  k{} expires", ms, models::index_of(record.key))));
  }
  EXPECT_EQ(keys, 2);
}

TEST(Steps, TellARunInOrder) {
  EXPECT_EQ(run_steps(late_fill(), strategy("write-then-delete"), 0),
            "late fill: run 0 of seed 1 under write-then-delete\n"
            "\n"
            "    ms  who     step                            redis  mysql\n"
            " 0.000          at first                        -      v0\n"
            " 0.000  reader  read k0\n"
            " 1.000  reader  GET k0 -> miss\n"
            " 3.000  writer  write k0 = v1\n"
            " 3.000  reader  SELECT k0 -> v0\n"
            " 4.000  writer  UPDATE k0 = v1 commits          -      v1\n"
            "14.000  reader  SET k0 = v0 (late fill)         v0     v1\n"
            "                --- wrong from here: late fill\n"
            "15.000  writer  DEL k0                          -      v1\n"
            "15.000  reader  returns v0\n"
            "                --- right again, after 1 ms\n"
            "16.000  writer  returns\n"
            "40.000  late    read k0\n"
            "41.000  late    GET k0 -> miss\n"
            "43.000  late    SELECT k0 -> v1\n"
            "54.000  late    SET k0 = v1 (fill)              v1     v1\n"
            "55.000  late    returns v1\n"
            "\n"
            "CLEAN  this run violates nothing; the cache was wrong for 1 ms in all, unseen\n");
}

TEST(Steps, EndWithTheVerdictAndTheOperationsThatContradict) {
  const auto text = run_steps(late_fill(), strategy("ttl-only"), 0);
  EXPECT_THAT(
      text, HasSubstr("STUCK  when all is quiet the cache holds v0 of k0, the database v1; without a TTL it "
                      "stays\n"));
  EXPECT_THAT(text,
              HasSubstr("STALE  late's read of k0 returned v0, begun 26 ms after writer's write of v1 had "
                        "returned\n"));
  EXPECT_THAT(text,
              HasSubstr("NOT LINEARIZABLE  no order of these operations on k0 explains what they returned:\n"
                        "  writer: write k0 = v1  ├───────┤                  3.000000–14.000000 ms\n"
                        "  late: read k0 -> v0                    ├───────┤  40.000000–42.000000 ms\n"));
}

TEST(Steps, TellWhenAnEntryExpires) {
  const auto text = run_steps(late_fill(R"({"latency": "1ms", "ttl": "20ms"})"), strategy("ttl-only"), 0);
  EXPECT_THAT(text, HasSubstr("34.000  redis   k0 expires"));
  EXPECT_THAT(text, HasSubstr("--- right again, after 20 ms"));
}

TEST(Steps, KeysAreNamedWhereThereAreSeveral) {
  const auto text =
      run_steps(scenario(R"({"redis": {"latency": "1ms"}, "mysql": {"latency": "1ms", "replicas": 1,
    "read_from": "replica"}, "keys": {"count": 2}, "strategies": ["write-then-delete"],
    "clients": [{"name": "both", "do": [{"write": "k1"}, {"read": "k1"}]}]})"),
                strategy("write-then-delete"), 0);
  EXPECT_THAT(text, HasSubstr("UPDATE k1 = v1 commits       k1=-   k1=v1  k1=v0\n"));
  EXPECT_THAT(text, HasSubstr("replica 1 applies k1 = v1"));
}

TEST(Steps, ARunThatMeetsALimitIsNotJudged) {
  auto short_of_time = late_fill();
  short_of_time.setup.limits.time = std::chrono::milliseconds(5);
  EXPECT_THAT(run_steps(short_of_time, strategy("ttl-only"), 0),
              HasSubstr("NOT COMPLETE  the run met limits.time after 4 ms, so it is not judged\n"));
}

TEST(Timeline, KeepsTheOrderOfInstants) {
  EXPECT_EQ(timeline({{"a", 0, 10'000'000}, {"b", 10'000'000, INT64_MAX}, {"c", 5'000'000, 5'000'000}}),
            "  a  ├───────────────┤          0.000000–10.000000 ms\n"
            "  b                  ├───────>  10.000000 ms, no end\n"
            "  c          │                  5.000000–5.000000 ms\n");
}

TEST(History, IsOneLineForEachOperation) {
  verify::Execution execution;
  execution.operations = {
      {.start = 1, .end = 5, .value = 1, .client = 2, .kind = verify::OperationKind::write},
      {.start = 2, .end = 9, .value = 0, .key = 3},
      {.start = 6, .outcome = verify::Outcome::unknown}};
  EXPECT_EQ(history_lines(execution, "ttl-only", 7),
            R"({"client": 2, "op": "write", "key": "k0", "value": 1, "start": 1, "end": 5, "outcome": "ok", )"
            R"("strategy": "ttl-only", "run": 7})"
            "\n"
            R"({"client": 0, "op": "read", "key": "k3", "value": 0, "start": 2, "end": 9, "outcome": "ok", )"
            R"("strategy": "ttl-only", "run": 7})"
            "\n"
            R"({"client": 0, "op": "read", "key": "k0", "value": null, "start": 6, "end": null, )"
            R"("outcome": "unknown", "strategy": "ttl-only", "run": 7})"
            "\n");
}

TEST(History, TellsVariantsOfAStrategyApart) {
  auto both = late_fill();
  both.strategies = {strategy("delayed-double-delete"), strategy("delayed-double-delete:sleep=1ms"),
                     strategy("ttl-only")};
  EXPECT_EQ(history_name(both, both.strategies[1]), "delayed-double-delete:sleep=1ms");
  EXPECT_EQ(history_name(both, both.strategies[2]), "ttl-only");
}

}  // namespace
}  // namespace cacherace::reports
