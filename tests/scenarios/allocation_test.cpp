// A run allocates nothing once everything is warm: models, recording, observation, every check, and the
// tally.
#include <gtest/gtest.h>

#include "scenarios/tally.hpp"
#include "sim/draw_table.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::scenarios {
namespace {

constexpr const char* everything = R"({
  "redis": {"latency": {"exponential": {"mean": "1ms"}}, "ttl": "20ms",
            "ttl_jitter": "5ms", "negative_ttl": "9ms"},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}}, "replicas": 2, "read_from": "replica",
            "replication_lag": {"exponential": {"mean": "5ms"}}},
  "queue": {"latency": {"exponential": {"mean": "3ms"}}, "partitions": 2},
  "keys": {"count": 4, "cached": true, "missing": 1, "popularity": {"zipf": 1}},
  "clients": [{"name": "mixed", "count": 4, "operations": 10, "mix": {"read": 0.7, "write": 0.3},
               "think": {"exponential": {"mean": "1ms"}}},
              {"name": "process", "count": 3, "do": ["read"], "repeat": 5, "coalesce": true}],
  "faults": [{"fail": {"command": "redis.del", "probability": 0.05}},
             {"timeout": {"command": "redis.set", "after": "3ms", "probability": 0.05}},
             {"crash": {"command": "redis.get", "probability": 0.002}},
             {"lose": {"probability": 0.05}}, {"duplicate": {"probability": 0.1, "delay": "4ms"}}],
  "strategies": ["delete-then-write", {"name": "delayed-double-delete", "sleep": "5ms", "async": true},
                 "binlog-delete", "binlog-update",
                 {"name": "ours",
                  "write": [{"redis.del": "key"},
                            {"retry": [{"mysql.update": "key"}], "attempts": 2, "pause": "1ms"},
                            {"background": [{"sleep": "5ms"}, {"redis.set": "updated"}]}],
                  "read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
                           {"redis.set_if_newer": "selected"}, {"return": "selected"}],
                  "consume": [{"redis.set": "event"}], "consumers": 2}]
})";

TEST(Allocations, there_are_none_in_a_warm_run) {
  const Scenario scenario = must_read(everything);
  for (const StrategyChoice& choice : scenario.strategies) {
    Trial trial(scenario, choice);
    Tally tally;
    const auto run_all = [&] {
      for (std::uint64_t run = 0; run < 2000; ++run) tally.add(run, trial.play(run));
    };
    run_all();
    const std::uint64_t before = support::allocations;
    EXPECT_GT(before, 0U);
    run_all();
    EXPECT_EQ(support::allocations - before, 0U) << choice.info->name;
  }
}

TEST(Allocations, there_are_none_in_a_warm_run_that_is_played) {
  const Scenario scenario = must_read(everything);
  Trial trial(scenario, scenario.strategies.front());
  sim::DrawTable table;
  const sim::Playing playing(table);
  const auto play_all = [&] {
    for (std::uint64_t run = 0; run < 500; ++run) {
      table.begin(scenario.seed, run);
      EXPECT_TRUE(trial.play(sim::played_run));
    }
  };
  play_all();
  const std::uint64_t before = support::allocations;
  play_all();
  EXPECT_EQ(support::allocations - before, 0U);
}

}  // namespace
}  // namespace cacherace::scenarios
