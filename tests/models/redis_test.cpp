#include "models/redis.hpp"

#include <gtest/gtest.h>

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
