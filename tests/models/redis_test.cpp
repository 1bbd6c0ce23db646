#include "models/redis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "models/scripts.hpp"

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

constexpr Key k{0};
constexpr Row v1{WriteId{1}, 1};
constexpr Row v2{WriteId{2}, 2};
constexpr sim::Time at(sim::Duration d) {
  return sim::time_zero + d;
}

std::optional<Row> row_at(Redis& redis, Key key, sim::Time now) {
  const auto entry = redis.get(key, now);
  if (!entry) return std::nullopt;
  return entry->row;
}

TEST(Redis, holds_what_was_set_until_it_is_deleted) {
  Redis redis({}, {.count = 2});
  EXPECT_FALSE(redis.get(k, at(0ns)));
  redis.set(k, v1, {}, at(1ns));
  EXPECT_EQ(row_at(redis, k, at(1h)), v1);
  EXPECT_FALSE(redis.get(Key{1}, at(1ns)));
  EXPECT_TRUE(redis.del(k, at(2h)));
  EXPECT_FALSE(redis.del(k, at(2h)));
  EXPECT_FALSE(redis.get(k, at(2h)));
}

TEST(Redis, an_entry_is_missing_at_every_instant_from_its_expiry_on) {
  Redis redis({.ttl = 10ns}, {});
  redis.set(k, v1, {}, at(5ns));
  EXPECT_EQ(row_at(redis, k, at(14ns)), v1);
  EXPECT_FALSE(redis.get(k, at(15ns)));
  EXPECT_FALSE(redis.get(k, at(16ns)));
}

TEST(Redis, every_set_starts_the_ttl_anew_and_px_replaces_it) {
  Redis redis({.ttl = 10ns}, {});
  redis.set(k, v1, {}, at(0ns));
  redis.set(k, v2, {}, at(9ns));
  EXPECT_EQ(row_at(redis, k, at(18ns)), v2);
  EXPECT_FALSE(redis.get(k, at(19ns)));
  redis.set(k, v1, {.expires_after = 3ns}, at(20ns));
  EXPECT_EQ(row_at(redis, k, at(22ns)), v1);
  EXPECT_FALSE(redis.get(k, at(23ns)));
}

TEST(Redis, a_plain_set_after_a_set_px_leaves_an_entry_that_never_expires) {
  Redis redis({}, {});
  redis.set(k, v1, {.expires_after = 3ns}, at(0ns));
  EXPECT_EQ(redis.set(k, v2, {}, at(1ns))->expires, sim::time_never);
  EXPECT_EQ(row_at(redis, k, at(3ns)), v2);
  EXPECT_EQ(row_at(redis, k, sim::time_never - 1ns), v2);
}

TEST(Redis, nx_sets_only_what_is_missing_expired_entries_among_them) {
  Redis redis({.ttl = 10ns}, {});
  EXPECT_TRUE(redis.set(k, v1, {.only_if_absent = true}, at(0ns)));
  EXPECT_FALSE(redis.set(k, v2, {.only_if_absent = true}, at(9ns)));
  EXPECT_EQ(row_at(redis, k, at(9ns)), v1);
  EXPECT_TRUE(redis.set(k, v2, {.only_if_absent = true}, at(10ns)));
  EXPECT_EQ(row_at(redis, k, at(10ns)), v2);
}

TEST(Redis, cached_keys_hold_version_0_with_a_full_ttl_from_0) {
  Redis redis({.ttl = 10ns}, {.count = 3, .cached = true});
  EXPECT_EQ(row_at(redis, Key{2}, at(9ns)), Row{});
  EXPECT_FALSE(redis.get(Key{2}, at(10ns)));
}

// Of each entry that is set anew: how long it lives.
std::vector<sim::Duration> lifetimes(Redis& redis, Key key, int count) {
  std::vector<sim::Duration> result;
  for (int i = 0; i < count; ++i) {
    const auto entry = redis.set(key, v1, {}, at(i * 1h));
    result.push_back(entry->expires - at(i * 1h));
  }
  return result;
}

TEST(Redis, a_jitter_draws_each_entrys_life_evenly_between_the_ttl_and_the_ttl_with_it) {
  Redis redis({.ttl = 10ns, .ttl_jitter = 4ns}, {});
  redis.begin_run(1, 0);
  constexpr int draws = 40'000;
  std::map<sim::Duration, int> seen;
  for (const auto lifetime : lifetimes(redis, k, draws)) ++seen[lifetime];
  ASSERT_EQ(seen.begin()->first, 10ns);
  ASSERT_EQ(seen.rbegin()->first, 14ns);
  // Rounded to whole nanoseconds: the ends stand for half of one.
  for (const auto& [lifetime, count] : seen) {
    const double share = lifetime == 10ns || lifetime == 14ns ? 0.125 : 0.25;
    EXPECT_NEAR(count, share * draws, 5 * std::sqrt(share * draws)) << lifetime.count();
  }
}

// Whatever else is done: so every strategy meets the same.
TEST(Redis, the_nth_entry_of_a_key_lives_equally_long_in_each_run_of_that_number) {
  const RedisSetup setup{.ttl = 1s, .ttl_jitter = 1s};
  Redis redis(setup, {.count = 2, .cached = true});
  Redis other(setup, {.count = 2});
  redis.begin_run(7, 3);
  const auto first = lifetimes(redis, k, 5);
  const auto initial = redis.initial_expiry(k);
  EXPECT_NE(first, lifetimes(redis, Key{1}, 5));
  redis.begin_run(7, 4);
  EXPECT_NE(lifetimes(redis, k, 5), first);
  EXPECT_NE(redis.initial_expiry(k), initial);
  other.begin_run(7, 3);
  other.get(k, at(0ns));
  other.set(k, v1, {.expires_after = 5ns}, at(0ns));  // not one of the cache's own TTLs
  other.del(k, at(1ns));
  EXPECT_EQ(lifetimes(other, k, 5), first);
  EXPECT_EQ(other.initial_expiry(k), initial);
}

TEST(Redis, what_is_cached_at_first_has_a_jitter_too) {
  Redis redis({.ttl = 1s, .ttl_jitter = 1s}, {.count = 50, .cached = true});
  redis.begin_run(1, 1);
  std::set<sim::Time> expiries;
  for (std::uint32_t i = 0; i < 50; ++i) {
    const sim::Time expires = redis.initial_expiry(Key{i});
    EXPECT_TRUE(at(1s) <= expires && expires <= at(2s));
    EXPECT_TRUE(redis.get(Key{i}, expires - 1ns));
    EXPECT_FALSE(redis.get(Key{i}, expires));
    expiries.insert(expires);
  }
  EXPECT_GT(expiries.size(), 45U);
}

TEST(Redis, that_there_is_no_row_is_cached_for_a_time_of_its_own) {
  Redis redis({.ttl = 10ns, .negative_ttl = 3ns}, {.count = 2, .cached = true, .missing = 1});
  const Key missing{1};
  EXPECT_TRUE(redis.get(k, at(0ns)));
  EXPECT_FALSE(redis.get(missing, at(0ns)));
  EXPECT_EQ(redis.initial_expiry(missing), at(0ns));
  redis.set(missing, {}, {}, at(1ns));
  EXPECT_EQ(row_at(redis, missing, at(3ns)), Row{});
  EXPECT_FALSE(redis.get(missing, at(4ns)));
  ScriptEffects effects;
  EXPECT_TRUE(redis.eval(set_if_newer, missing, {}, at(4ns), effects).done);
  EXPECT_FALSE(redis.get(missing, at(7ns)));
  redis.set(missing, v1, {}, at(10ns));  // the row was inserted
  EXPECT_EQ(row_at(redis, missing, at(19ns)), v1);
  redis.set(k, {}, {}, at(20ns));  // its version 0 is a row
  EXPECT_EQ(row_at(redis, k, at(29ns)), Row{});
}

TEST(Redis, a_new_run_forgets_the_old_one) {
  Redis redis({}, {.count = 1, .cached = true});
  redis.set(k, v1, {}, at(1ns));
  redis.begin_run();
  EXPECT_EQ(row_at(redis, k, at(0ns)), Row{});
}

bool set_newer(Redis& redis, Row row, sim::Time now) {
  ScriptEffects effects;
  return redis.eval(set_if_newer, k, {.row = row}, now, effects).done;
}

TEST(Redis, a_script_is_atomic_and_set_if_newer_compares_versions) {
  Redis redis({.ttl = 10ns}, {});
  EXPECT_TRUE(set_newer(redis, v1, at(0ns)));
  EXPECT_TRUE(set_newer(redis, v2, at(5ns)));
  EXPECT_FALSE(set_newer(redis, v1, at(6ns)));
  EXPECT_FALSE(set_newer(redis, v2, at(7ns)));
  EXPECT_EQ(row_at(redis, k, at(14ns)), v2);
  EXPECT_FALSE(redis.get(k, at(15ns)));  // a refused script does not prolong the entry
  EXPECT_TRUE(set_newer(redis, v1, at(15ns)));
}

TEST(Redis, a_script_may_delete) {
  const Script delete_it{.name = "delete",
                         .lua = "return redis.call('DEL', KEYS[1])",
                         .model = [](CacheView& key, const ScriptArguments&) -> ScriptReply {
                           const bool existed = key.value().has_value();
                           key.erase_value();
                           return {.done = existed};
                         }};
  Redis redis({}, {});
  redis.set(k, v1, {}, at(0ns));
  ScriptEffects effects;
  EXPECT_TRUE(redis.eval(delete_it, k, {}, at(1ns), effects).done);
  EXPECT_TRUE(effects.value_erased);
  EXPECT_FALSE(redis.get(k, at(1ns)));
}

}  // namespace
}  // namespace cacherace::models
