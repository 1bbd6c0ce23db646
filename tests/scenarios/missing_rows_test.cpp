// Keys that have no row, what is cached of that, and TTLs that are not all the same.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "random_loads.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::scenarios {
namespace {

using models::Fact;
using models::Record;

// k0 has a row, k1 has none.
std::string two_keys(const std::string& redis, const std::string& clients,
                     const std::string& strategy = "write-then-delete", const char* cached = "false") {
  return fmt::format(R"({{"name": "n", "redis": {{"latency": "1ms"{}}}, "mysql": {{"latency": "1ms"}},
    "keys": {{"count": 2, "missing": 1, "cached": {}}}, "clients": [{}], "strategies": ["{}"], "runs": 1}})",
                     redis, cached, clients, strategy);
}

StrategyResult once(const std::string& text) {
  return run_experiment(must_read(text), {}).strategies[0];
}

TEST(MissingRows, are_asked_for_again_and_again) {
  const auto result =
      once(two_keys("", R"({"do": [{"read": "k1"}], "repeat": 5}, {"do": [{"read": "k0"}], "repeat": 5})"));
  EXPECT_EQ(result.reads, 10U);
  EXPECT_EQ(result.database_reads, 6U);
  EXPECT_EQ(result.hits, 4U);
  EXPECT_EQ(result.violating_runs, 0U);
  EXPECT_EQ(result.state.count, 0U);
}

TEST(MissingRows, are_asked_for_once_in_each_life_of_their_absence) {
  // GET 0–2 ms, SELECT 2–4, SET at 5 until 15. From 6 on a GET every 2 ms: those of 7, 9, 11, 13 hit.
  const auto result =
      once(two_keys(R"(, "negative_ttl": "10ms")", R"({"do": [{"read": "k1"}], "repeat": 6})"));
  EXPECT_EQ(result.database_reads, 2U);
  EXPECT_EQ(result.hits, 4U);
}

TEST(MissingRows, are_inserted_by_a_write_and_a_cached_absence_is_then_old) {
  const std::string clients = R"({"name": "r", "do": [{"read": "k1"}], "repeat": 2, "think": "10ms"},
                                {"name": "w", "start": "7ms", "do": [{"write": "k1"}]})";
  const auto old = once(two_keys(R"(, "negative_ttl": "30ms")", clients, "ttl-only"));
  EXPECT_EQ(old.stale, 1U);
  EXPECT_EQ(old.violating_runs, 1U);
  EXPECT_EQ(old.stuck_runs, 1U);
  EXPECT_EQ(old.permanently_stuck_runs, 0U);
  EXPECT_EQ(old.by_cause[static_cast<std::size_t>(verify::Cause::no_invalidation)], 1U);
  // Set at 5 ms, the run is over at 18 ms.
  EXPECT_EQ(old.heals_after.max_ns, 17'000'000);
  const auto fresh = once(two_keys("", clients, "ttl-only"));
  EXPECT_EQ(fresh.stale + fresh.stuck_runs + fresh.violating_runs, 0U);
  EXPECT_EQ(fresh.database_reads, 2U);
}

TEST(MissingRows, are_not_among_what_is_cached_at_first) {
  const auto result = once(two_keys("", R"({"do": [{"read": "k0"}, {"read": "k1"}]},
                                       {"name": "w", "do": [{"write": "k1"}]})",
                                    "ttl-only", "true"));
  EXPECT_EQ(result.hits, 1U);
  EXPECT_EQ(result.misses, 1U);
  EXPECT_EQ(result.state.count, 0U);  // nothing old was cached when k1 was written
}

TEST(MissingRows, are_told_as_such) {
  const Scenario scenario = must_read(
      two_keys(R"(, "negative_ttl": "10ms")", R"({"do": [{"read": "k1"}, {"read": "k1"}, {"read": "k0"}]})"));
  Simulation simulation(scenario, scenario.strategies[0]);
  simulation.run(0, true);
  for (const Record& record : simulation.records()) {
    const bool tells = record.fact == Fact::selected || record.fact == Fact::cache_set ||
                       record.fact == Fact::returned || (record.fact == Fact::looked_up && !record.missing);
    if (!tells) continue;
    EXPECT_EQ(record.no_row, record.key == models::Key(1)) << static_cast<int>(record.fact);
  }
}

// What the records say of the cache, held against an entry that is worked out from them: a GET finds what was
// set last, until it expires; at first that is version 0, until the time that the key's first operation says.
TEST(Ttls, end_when_the_records_say_in_random_runs) {
  int hits_on_first = 0, missed_first = 0;
  for (std::uint32_t seed = 1; seed <= 80; ++seed) {
    const Scenario scenario = random_load(seed);
    const auto& setup = scenario.setup;
    Simulation simulation(scenario, scenario.strategies[0]);
    for (std::uint64_t run = 0; run < 20; ++run) {
      simulation.run(run, true);
      struct Entry {
        bool known = false, present = false, first = false;
        models::Row row;
        sim::Time expires;
      };
      std::vector<Entry> entries(setup.keys.count);
      for (const Record& record : simulation.records()) {
        if (record.fact == Fact::applied || record.fact == Fact::delivered) continue;
        Entry& entry = entries[models::index_of(record.key)];
        if (record.fact == Fact::invoked && !entry.known) {
          sim::Time expires = setup.redis.ttl ? sim::time_zero + *setup.redis.ttl : sim::time_never;
          if (setup.redis.ttl && setup.redis.ttl_jitter.count() > 0) {
            expires = record.until;
            const bool has_row = setup.keys.starts_with_row(models::index_of(record.key));
            if (has_row) {
              EXPECT_GE(expires, sim::time_zero + *setup.redis.ttl);
              EXPECT_LE(expires, sim::time_zero + *setup.redis.ttl + setup.redis.ttl_jitter);
            }
          }
          const bool cached = setup.keys.cached && setup.keys.starts_with_row(models::index_of(record.key));
          entry = {true, cached, true, {}, expires};
        }
        if (record.fact == Fact::cache_set) entry = {true, true, false, record.row, record.until};
        if (record.fact == Fact::cache_deleted) entry = {true, false, false, {}, {}};
        if (record.fact != Fact::looked_up) continue;
        const bool found = entry.present && record.at < entry.expires;
        EXPECT_EQ(found, !record.missing) << scenario.text;
        if (found) {
          EXPECT_EQ(entry.row, record.row);
        }
        if (entry.first && found) ++hits_on_first;
        if (entry.first && entry.present && !found) ++missed_first;
      }
    }
  }
  EXPECT_GT(hits_on_first, 100);
  EXPECT_GT(missed_first, 100);
}

// The checkers know each key's own expiry: with ttl-only a window is open from the commit to just then.
TEST(Ttls, of_what_is_cached_at_first_end_the_windows_of_their_keys) {
  const Scenario scenario =
      must_read(R"({"name": "n", "redis": {"latency": "1ms", "ttl": "50ms", "ttl_jitter": "50ms"},
    "mysql": {"latency": "1ms"}, "keys": {"count": 3, "cached": true, "missing": 1},
    "clients": [{"do": [{"write": "k0"}, {"write": "k1"}, {"write": "k2"}]}, {"start": "1s", "do": ["read"]}],
    "strategies": ["ttl-only"], "runs": 300})");
  const auto result = run_experiment(scenario, {}).strategies[0];
  EXPECT_EQ(result.state.count, 600U);
  EXPECT_EQ(result.state.open_at_end, 0U);
  EXPECT_LE(*result.state.max_ns, 99'000'000);
  EXPECT_GE(*result.state.max_ns, 97'000'000);
  EXPECT_NEAR(static_cast<double>(*result.state.p50_ns), 73e6, 2e6);
}

}  // namespace
}  // namespace cacherace::scenarios
