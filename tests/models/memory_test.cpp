// Which keys go where Redis is full: the policies, over keys that were used in known ways.
#include "models/memory.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

// Four keys fit; policies compare five, so all of them.
class Bench {
 public:
  explicit Bench(Eviction eviction, std::optional<sim::Duration> ttl = std::nullopt)
      : setup_{.redis = {.ttl = ttl, .maxmemory = 4, .eviction = eviction}, .keys = {.count = 8}},
        redis_(setup_.redis, setup_.keys),
        memory_(redis_, setup_) {
    begin(0);
  }
  void begin(std::uint64_t run) {
    redis_.begin_run(1, run);
    memory_.begin_run(1, run);
  }
  void set(std::uint32_t key, sim::Duration at, std::optional<sim::Duration> ttl = std::nullopt) {
    redis_.set(Key{key}, {WriteId{1}, 1}, {.expires_after = ttl}, sim::time_zero + at);
    memory_.look(Key{key}, sim::time_zero + at);
  }
  void get(std::uint32_t key, sim::Duration at) { memory_.use(Key{key}, 0, sim::time_zero + at); }
  void lock(std::uint32_t key, sim::Duration at) {
    redis_.set_slot(Key{key}, Slot::lock, 1, 10s, sim::time_zero + at);
    memory_.look(Key{key}, sim::time_zero + at);
  }
  std::optional<std::uint32_t> victim(sim::Duration at) {
    const auto chosen = memory_.choose(sim::time_zero + at);
    return chosen ? std::optional(index_of(chosen->key)) : std::nullopt;
  }
  Memory& memory() { return memory_; }

 private:
  models::Setup setup_;
  Redis redis_;
  Memory memory_;
};

TEST(Memory, lru_lets_go_what_was_used_longest_ago) {
  Bench bench(Eviction::allkeys_lru);
  for (std::uint32_t key = 0; key < 4; ++key) bench.set(key, key * 1s);
  EXPECT_TRUE(bench.memory().is_full());
  EXPECT_EQ(bench.victim(9s), 0U);
  bench.get(0, 10s);
  EXPECT_EQ(bench.victim(11s), 1U);
}

TEST(Memory, lfu_lets_go_what_was_used_most_seldom_and_forgets_a_use_a_minute) {
  Bench bench(Eviction::allkeys_lfu);
  for (std::uint32_t key = 0; key < 4; ++key) bench.set(key, 0s);
  for (const std::uint32_t key : {0U, 0U, 1U, 2U, 2U, 2U, 3U, 3U}) bench.get(key, 1s);
  EXPECT_EQ(bench.victim(2s), 1U);
  bench.get(1, 5min), bench.get(1, 5min);
  EXPECT_NE(bench.victim(6min), 1U) << "5 + 1 - 4 + 2 - 1: more than what 0 and 3 have left";
  bench.get(1, 6min), bench.get(0, 6min), bench.get(2, 6min);
  EXPECT_EQ(bench.victim(6min), 3U);
}

TEST(Memory, random_lets_any_go) {
  std::map<std::uint32_t, int> victims;
  Bench bench(Eviction::allkeys_random);
  for (std::uint64_t run = 0; run < 400; ++run) {
    bench.begin(run);
    for (std::uint32_t key = 0; key < 4; ++key) bench.set(key, 0s);
    ++victims[*bench.victim(1s)];
  }
  for (std::uint32_t key = 0; key < 4; ++key) EXPECT_NEAR(victims[key], 100, 40);
}

TEST(Memory, volatile_policies_let_only_keys_with_a_ttl_go) {
  Bench lru(Eviction::volatile_lru), ttl(Eviction::volatile_ttl);
  for (Bench* bench : {&lru, &ttl}) {
    bench->set(0, 0s);
    bench->set(1, 1s, 100s);
    bench->set(2, 2s, 20s);
    bench->set(3, 3s);
  }
  EXPECT_EQ(lru.victim(4s), 1U);
  EXPECT_EQ(ttl.victim(4s), 2U) << "its time ends first";
  Bench none(Eviction::volatile_random);
  for (std::uint32_t key = 0; key < 4; ++key) none.set(key, 0s);
  EXPECT_EQ(none.victim(1s), std::nullopt);
}

TEST(Memory, noeviction_lets_none_go) {
  Bench bench(Eviction::noeviction);
  for (std::uint32_t key = 0; key < 4; ++key) bench.set(key, 0s, 100s);
  EXPECT_EQ(bench.victim(1s), std::nullopt);
}

TEST(Memory, what_is_kept_beside_a_value_is_a_key_of_its_own) {
  Bench bench(Eviction::volatile_lru);
  bench.set(0, 0s), bench.set(1, 0s), bench.lock(0, 1s);
  EXPECT_FALSE(bench.memory().is_full());
  bench.lock(1, 2s);
  EXPECT_TRUE(bench.memory().is_full());
  const auto victim = bench.memory().choose(sim::time_zero + 3s);
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->key, Key{0});
  EXPECT_EQ(victim->thing, 1U + index_of(Slot::lock)) << "the guard goes, not the value";
}

TEST(Memory, what_has_expired_makes_room_when_it_is_found) {
  Bench bench(Eviction::noeviction, 5s);
  for (std::uint32_t key = 0; key < 4; ++key) bench.set(key, key * 1s);
  EXPECT_EQ(bench.victim(4s), std::nullopt);
  const auto over = bench.memory().choose(sim::time_zero + 6s);
  ASSERT_TRUE(over);
  EXPECT_TRUE(over->is_over);
  EXPECT_FALSE(bench.memory().is_full());
}

}  // namespace
}  // namespace cacherace::models
