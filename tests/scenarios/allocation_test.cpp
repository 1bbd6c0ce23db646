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

// All that befalls stores, sessions and the network, and strategies with guards, transactions and copies.
constexpr const char* trouble = R"({
  "redis": {"latency": {"exponential": {"mean": "1ms"}}, "ttl": "20ms", "replicas": 1,
            "replication_lag": {"exponential": {"mean": "10ms"}},
            "maxmemory": 6, "eviction": "allkeys-lru"},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}}, "replicas": 2, "read_from": "replica",
            "replication_lag": {"exponential": {"mean": "5ms"}}, "gtid_wait": "5ms",
            "lock_wait_timeout": "9ms",
            "semi_sync": {"mode": "after_commit", "ack": {"exponential": {"mean": "1ms"}}}},
  "queue": {"latency": {"exponential": {"mean": "3ms"}}, "partitions": 2, "ack_every": 3},
  "keys": {"count": 4, "cached": true},
  "clients": [{"name": "mixed", "count": 4, "operations": 10, "mix": {"read": 0.7, "write": 0.3},
               "think": {"exponential": {"mean": "1ms"}}}],
  "faults": [{"failover": {"time": {"uniform": ["0ms", "60ms"]}}},
             {"failover": {"command": "redis.set", "at": "after", "probability": 0.02}},
             {"restart": {"snapshot": {"uniform": ["0ms", "20ms"]}, "time": {"uniform": ["10ms", "60ms"]}}},
             {"clock-jump": {"by": "5ms", "time": {"uniform": ["0ms", "60ms"]}}},
             {"evict": {"time": {"uniform": ["0ms", "60ms"]}, "count": 3}},
             {"expire": {"what": "lock", "time": {"uniform": ["0ms", "60ms"]}}},
             {"kill": {"time": {"uniform": ["0ms", "60ms"]}}},
             {"database-failover": {"time": {"uniform": ["0ms", "60ms"]}}},
             {"rebalance": {"time": {"uniform": ["0ms", "60ms"]}}},
             {"crash": {"client": "consumer", "command": "redis.del", "probability": 0.05, "for": "3ms"}},
             {"partition": {"between": ["mixed", "redis"], "time": {"uniform": ["0ms", "60ms"]},
                            "for": "9ms", "after": "4ms"}},
             {"stall": {"time": {"uniform": ["0ms", "60ms"]}, "for": "9ms"}}],
  "strategies": ["write-then-delete", "lease", "locked", "locking-read", "versioned-tombstone",
                 "pending-marker", "tag-deleted", "write-through", "refresh-ahead", "delete-with-retry",
                 "binlog-delete", "outbox", "client-tracking", "primary-pinned",
                 {"name": "waits", "write": [{"mysql.update": "key"}, {"redis.del": "key"},
                                             {"redis.wait": "5ms", "else": [{"redis.del": "key"}]}]}]
})";

void expect_none_once_warm(const Scenario& scenario, std::uint64_t runs) {
  for (const StrategyChoice& choice : scenario.strategies) {
    Trial trial(scenario, choice);
    Tally tally;
    const auto run_all = [&] {
      for (std::uint64_t run = 0; run < runs; ++run) tally.add(run, trial.play(run));
    };
    run_all();
    const std::uint64_t before = support::allocations;
    EXPECT_GT(before, 0U);
    run_all();
    EXPECT_EQ(support::allocations - before, 0U) << choice.info->name;
  }
}

TEST(Allocations, there_are_none_in_a_warm_run) {
  expect_none_once_warm(must_read(everything), 2000);
}

TEST(Allocations, there_are_none_in_a_warm_run_where_stores_fail_over_and_start_again) {
  expect_none_once_warm(must_read(trouble), 300);
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
