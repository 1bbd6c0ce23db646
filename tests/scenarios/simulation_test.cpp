#include "scenarios/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "callback_twin.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/recording.hpp"
#include "sim/draw_table.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::scenarios {
namespace {

// One key, cold, one writer and one reader each starting uniformly in 0–20 ms, Redis legs uniform 1–3 ms,
// MySQL legs uniform 2–10 ms.
constexpr const char* two_clients = R"({
  "name": "two clients",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
  "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
  "clients": [{"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
              {"name": "reader", "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"]}],
  "strategies": ["delete-then-write"]
})";

struct Reference {
  const char* strategy;
  double stuck;  // of 100,000 runs of an independent simulation of the contract
};

// That simulation gave the shares to three digits (two significant ones where they are small); its own
// sampling error is sqrt(p (1 - p) / 100000). Ours adds a tenth of that variance. Four standard errors and
// the rounding are allowed.
TEST(Simulation, agrees_with_an_independent_simulation_of_the_contract) {
  const std::uint64_t runs = support::sanitized ? 100'000 : 1'000'000;
  for (const Reference& reference : {Reference{"delete-then-write", 0.465},
                                     {"write-then-delete", 0.048},
                                     {"write-then-update", 0.048},
                                     {"update-then-write", 0.404},
                                     {"delayed-double-delete:sleep=5ms", 0.0039},
                                     {"delayed-double-delete:sleep=10.5ms", 0.0}}) {
    Scenario scenario = must_read(two_clients);
    scenario.strategies = {must_choose(reference.strategy)};
    scenario.runs = runs;
    const RunResult result = run_experiment(scenario, {.jobs = 2});
    const double share = static_cast<double>(result.strategies[0].stuck_runs) / static_cast<double>(runs);
    const double p = reference.stuck;
    const double rounding = p < 0.01 ? 0.00005 : 0.0005;
    const double margin =
        p == 0.0 ? 0.0
                 : rounding + 4.0 * std::sqrt(p * (1.0 - p) * (1.0 / 1e5 + 1.0 / static_cast<double>(runs)));
    EXPECT_NEAR(share, p, margin) << reference.strategy;
  }
}

TwinOutcome outcome_of(Simulation& simulation, std::uint64_t run, bool cached) {
  TwinOutcome outcome;
  if (cached) outcome.cached = 0;
  outcome.end_ns = sim::nanos(simulation.run(run).at);
  for (const models::Record& record : simulation.records()) {
    switch (record.fact) {
      case models::Fact::cache_set:
        outcome.cached = models::number_of(record.row.value);
        break;
      case models::Fact::cache_deleted:
        outcome.cached.reset();
        break;
      case models::Fact::committed:
        outcome.newest = models::number_of(record.row.value);
        break;
      case models::Fact::returned:
        if (record.kind == models::OperationKind::read)
          outcome.reads.push_back(models::number_of(record.row.value));
        break;
      default:
        break;
    }
  }
  return outcome;
}

// Run by run, on several shapes of latencies and clients, coarse times (many equal instants) among them.
TEST(Simulation, comes_run_by_run_to_what_a_callback_twin_comes_to) {
  const std::map<std::string, std::pair<std::string, std::int64_t>> programs = {
      {"delete-then-write", {"DU", 0}},
      {"write-then-delete", {"UD", 0}},
      {"write-then-update", {"US", 0}},
      {"update-then-write", {"SU", 0}},
      {"ttl-only", {"U", 0}},
      {"delayed-double-delete:sleep=5ms", {"DUWD", 5'000'000}},
      {"delayed-double-delete:sleep=2ns,first_delete=false", {"UWD", 2}}};
  for (const char* legs : {R"({"uniform": ["1ms", "3ms"]})", R"({"uniform": ["0ns", "3ns"]})", R"("1ns")",
                           R"({"lognormal": {"median": "1ms", "p99": "20ms"}})"}) {
    for (const char* cached : {"true", "false"}) {
      const std::string text = std::string(R"({"name": "twin", "redis": {"latency": )") + legs +
                               R"(}, "mysql": {"latency": )" + legs + R"(}, "keys": {"cached": )" + cached +
                               R"(}, "clients": [
          {"name": "writer", "count": 2, "start": {"uniform": ["0ns", "9ns"]}, "do": ["write"]},
          {"name": "reader", "count": 3, "start": {"uniform": ["0ns", "4ms"]}, "do": ["read"]}],
          "strategies": ["ttl-only"]})";
      const Scenario scenario = must_read(text);
      for (const auto& [strategy, program] : programs) {
        const StrategyChoice choice = must_choose(strategy);
        Simulation simulation(scenario, choice);
        CallbackTwin twin(scenario.setup, scenario.seed, program.first, program.second);
        for (std::uint64_t run = 0; run < 300; ++run) {
          ASSERT_EQ(outcome_of(simulation, run, scenario.setup.keys.cached), twin.run(run))
              << strategy << ", legs " << legs << ", run " << run;
        }
      }
    }
  }
}

constexpr const char* busy = R"({
  "name": "busy",
  "redis": {"latency": {"exponential": {"mean": "1ms"}}, "ttl": "20ms"},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}},
            "service": {"update": {"exponential": {"mean": "1ms"}}},
            "replicas": 2, "replication_lag": {"exponential": {"mean": "5ms"}}, "read_from": "replica"},
  "queue": {"latency": {"exponential": {"mean": "3ms"}}, "partitions": 2},
  "keys": {"count": 5, "cached": true, "popularity": {"zipf": 1.0}},
  "clients": [{"name": "mixed", "count": 6, "operations": 20, "mix": {"read": 0.7, "write": 0.3},
               "think": {"exponential": {"mean": "1ms"}}}],
  "faults": [{"fail": {"command": "redis.del", "probability": 0.05}},
             {"timeout": {"command": "mysql.update", "after": "3ms", "probability": 0.05,
                          "delay": {"exponential": {"mean": "5ms"}}}},
             {"pause": {"command": "redis.set", "for": "5ms", "probability": 0.05}},
             {"crash": {"command": "redis.get", "probability": 0.002}},
             {"lose": {"probability": 0.05}}, {"duplicate": {"probability": 0.1, "delay": "4ms"}}],
  "strategies": ["*"],
  "runs": 300
})";

std::vector<std::uint64_t> digests(const Scenario& scenario, const StrategyChoice& choice,
                                   std::uint64_t runs) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t run = 0; run < runs; ++run) result.push_back(digest_of_run(scenario, choice, run));
  return result;
}

TEST(Simulation, any_run_repeats_alone) {
  const Scenario scenario = must_read(busy);
  for (const StrategyChoice& choice : scenario.strategies) {
    Simulation simulation(scenario, choice);
    std::vector<std::vector<models::Record>> together;
    for (std::uint64_t run = 0; run < 20; ++run) {
      simulation.run(run);
      together.push_back(simulation.records());
    }
    Simulation alone(scenario, choice);
    alone.run(17);
    ASSERT_EQ(alone.records().size(), together[17].size());
    for (std::size_t i = 0; i < together[17].size(); ++i) {
      ASSERT_EQ(alone.records()[i].at, together[17][i].at);
      ASSERT_EQ(alone.records()[i].fact, together[17][i].fact);
      ASSERT_EQ(alone.records()[i].row, together[17][i].row);
    }
  }
}

TEST(Simulation, a_played_run_is_the_numbered_one_until_a_draw_is_replaced) {
  const Scenario scenario = must_read(busy);
  sim::DrawTable table;
  const sim::Playing playing(table);
  for (const StrategyChoice& choice : scenario.strategies) {
    for (std::uint64_t run = 0; run < 10; ++run) {
      table.begin(scenario.seed, run);
      ASSERT_EQ(digest_of_run(scenario, choice, sim::played_run), digest_of_run(scenario, choice, run));
      ASSERT_GT(table.entries().size(), 10U);
      const auto asked = std::vector(table.entries().begin(), table.entries().end());
      for (const auto& entry : asked) table.at(entry.address).first ^= std::uint64_t{1} << 62U;
      ASSERT_NE(digest_of_run(scenario, choice, sim::played_run), digest_of_run(scenario, choice, run));
    }
  }
}

TEST(Simulation, telling_a_run_in_detail_does_not_change_it) {
  const Scenario scenario = must_read(busy);
  for (const StrategyChoice& choice : scenario.strategies) {
    Simulation simulation(scenario, choice);
    for (std::uint64_t run = 0; run < 20; ++run) {
      const sim::RunEnd plain = simulation.run(run);
      const auto facts = simulation.records().size();
      const sim::RunEnd told = simulation.run(run, true);
      ASSERT_EQ(plain.at, told.at);
      ASSERT_EQ(plain.events, told.events);
      ASSERT_GT(simulation.records().size(), facts);
    }
  }
}

std::string with_faults(const std::string& faults, const std::string& strategy, const std::string& clients) {
  return R"({"name": "n", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"}, "keys": {"cached": true},
    "clients": [)" +
         clients + R"(], "strategies": [)" + strategy + R"(], "faults": [)" + faults + "]}";
}

RunResult once(const std::string& text) {
  Scenario scenario = must_read(text);
  scenario.runs = 1;
  return run_experiment(scenario, {});
}

std::uint64_t of_cause(const RunResult& result, verify::Cause cause) {
  return result.strategies[0].by_cause.at(static_cast<std::size_t>(cause));
}

constexpr const char* two_writes = R"({"name": "w", "do": ["write"], "repeat": 2, "think": "1ms"})";
constexpr const char* async = R"({"name": "delayed-double-delete", "sleep": "10s", "async": true,
                                  "first_delete": false})";

// The client crashes in its second write: the timer of the first dies with it, and that is why v1 stays.
TEST(Simulation, a_crash_takes_background_work_along_and_is_the_cause) {
  const auto result =
      once(with_faults(R"({"crash": {"command": "mysql.update", "occurrence": 2}})", async, two_writes));
  EXPECT_EQ(result.strategies[0].stuck_runs, 1U);
  EXPECT_EQ(of_cause(result, verify::Cause::crash), 1U);
  // Quiet from the crash on: at 3 ms, 2 ms after the commit. A dead timer is waited for by nobody.
  EXPECT_EQ(result.strategies[0].state.total_ns, 2'000'000U);
}

TEST(Simulation, an_update_that_timed_out_is_a_failed_command) {
  const auto result =
      once(with_faults(R"({"timeout": {"command": "mysql.update", "after": "3ms", "occurrence": 1}})",
                       R"("write-then-delete")", R"({"name": "w", "do": ["write"]})"));
  EXPECT_EQ(result.strategies[0].writes_unknown, 1U);
  EXPECT_EQ(result.strategies[0].stuck_runs, 1U);
  EXPECT_EQ(of_cause(result, verify::Cause::failed_command), 1U);
}

TEST(Simulation, an_operation_under_way_at_a_limit_has_no_return) {
  const Scenario scenario =
      must_read(R"({"name": "n", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "clients": [{"name": "w", "do": ["write"]}, {"name": "r", "do": ["read"]}],
    "strategies": ["delayed-double-delete"], "limits": {"time": "3500us"}})");
  Simulation simulation(scenario, scenario.strategies[0]);
  EXPECT_EQ(simulation.run(0).ending, sim::Ending::out_of_time);
  int unknown = 0;
  for (const models::Record& record : simulation.records()) {
    EXPECT_NE(record.fact, models::Fact::returned);
    unknown += record.fact == models::Fact::unknown ? 1 : 0;
  }
  EXPECT_EQ(unknown, 2);
}

TEST(Simulation, an_update_is_served_for_its_commit_too) {
  const auto result = once(R"({"name": "n", "redis": {"latency": "1ms"},
    "mysql": {"latency": "1ms", "service": {"update": "3ms", "commit": "5ms"}},
    "clients": [{"name": "w", "do": ["write"]}], "strategies": ["ttl-only"]})");
  EXPECT_EQ(result.strategies[0].write_latency.max_ns, 10'000'000);
}

// Whether a client's first DEL fails does not depend on what others do, nor on the strategy.
TEST(Simulation, strategies_meet_the_same_faults) {
  const auto struck = [&](const char* strategy) {
    const Scenario scenario = must_read(
        with_faults(R"({"fail": {"command": "redis.del", "probability": 0.5}})", R"("ttl-only")",
                    R"({"name": "w", "count": 8, "do": ["write"], "start": {"uniform": ["0ms", "9ms"]}})"));
    const StrategyChoice choice = must_choose(strategy);
    Simulation simulation(scenario, choice);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> failed;
    for (std::uint64_t run = 0; run < 20; ++run) {
      simulation.run(run);
      for (const models::Record& record : simulation.records()) {
        if (record.fact == models::Fact::command_failed) failed.emplace_back(run, record.client);
      }
    }
    std::ranges::sort(failed);
    return failed;
  };
  EXPECT_GT(struck("delete-then-write").size(), 50U);
  EXPECT_EQ(struck("delete-then-write"), struck("write-then-delete"));
}

// The n-th command of a client has the same legs under every strategy: here the first GET of each reader.
TEST(Simulation, strategies_share_latencies) {
  const Scenario scenario = must_read(two_clients);
  const auto first_look_up = [&](const char* strategy, std::uint64_t run) {
    const StrategyChoice choice = must_choose(strategy);
    Simulation simulation(scenario, choice);
    simulation.run(run);
    for (const models::Record& record : simulation.records()) {
      if (record.fact == models::Fact::looked_up) return record.at;
    }
    return sim::time_never;
  };
  for (std::uint64_t run = 0; run < 50; ++run) {
    EXPECT_EQ(first_look_up("delete-then-write", run), first_look_up("write-then-update", run));
  }
}

TEST(Simulation, other_seeds_and_runs_are_other_executions) {
  Scenario scenario = must_read(busy);
  const StrategyChoice choice = must_choose("write-then-delete");
  auto all = digests(scenario, choice, 50);
  scenario.seed = 2;
  const auto others = digests(scenario, choice, 50);
  all.insert(all.end(), others.begin(), others.end());
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Simulation, names_its_clients) {
  const Scenario scenario =
      must_read(R"({"name": "n", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "clients": [{"name": "writer", "do": ["write"]}, {"name": "reader", "count": 2, "do": ["read"]}],
    "strategies": [{"name": "binlog-delete", "consumers": 2}]})");
  const Simulation simulation(scenario, scenario.strategies[0]);
  EXPECT_EQ(simulation.client_name(0), "writer");
  EXPECT_EQ(simulation.client_name(1), "reader#1");
  EXPECT_EQ(simulation.client_name(2), "reader#2");
  EXPECT_EQ(simulation.client_name(4), "consumer#2");
}

// Shares of a drawn mix and of drawn keys.
TEST(Simulation, draws_operations_and_keys_as_told) {
  const Scenario scenario =
      must_read(R"({"name": "n", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "keys": {"count": 3, "popularity": {"zipf": 1}},
    "clients": [{"name": "c", "operations": 20000, "mix": {"read": 3, "write": 1}}],
    "strategies": ["ttl-only"]})");
  Simulation simulation(scenario, scenario.strategies[0]);
  simulation.run(0);
  double writes = 0;
  std::array<double, 3> keys{};
  for (const models::Record& record : simulation.records()) {
    if (record.fact != models::Fact::invoked) continue;
    writes += record.kind == models::OperationKind::write ? 1 : 0;
    keys.at(models::index_of(record.key)) += 1;
  }
  EXPECT_NEAR(writes / 20000, 0.25, 0.015);
  const double sum = 1.0 + 1.0 / 2 + 1.0 / 3;
  for (std::size_t key = 0; key < 3; ++key) {
    EXPECT_NEAR(keys.at(key) / 20000, 1.0 / static_cast<double>(key + 1) / sum, 0.015);
  }
}

}  // namespace
}  // namespace cacherace::scenarios
