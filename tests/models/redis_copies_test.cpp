// What becomes of Redis's data when its replica takes over, or it starts again from a snapshot.
#include "models/redis_copies.hpp"

#include <gtest/gtest.h>

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

constexpr Key k{0}, other{1};
constexpr Row v1{WriteId{1}, 1}, v2{WriteId{2}, 2};

// Changes of a primary and its replica on a time line.
class Bench {
 public:
  explicit Bench(sim::Duration lag, bool cached = false, std::optional<sim::Duration> ttl = std::nullopt,
                 const std::vector<Fault>& faults = {})
      : setup_{.redis = {.ttl = ttl, .replica = true, .replication_lag = sim::Latency::constant(lag)},
               .keys = {.count = 2, .cached = cached},
               .faults = faults},
        outages_(world_, setup_),
        redis_(setup_.redis, setup_.keys),
        copies_(
            world_, redis_, setup_, outages_, [](void* who, Key) { ++static_cast<Bench*>(who)->arrived_; },
            this) {
    outages_.begin_run(1, 0);
    copies_.begin_run(1, 0);
  }

  template <class Act>
  void at(sim::Duration when, Act act) {
    world_.spawn(when, act);
  }
  void set(Key key, Row row, SetOptions options = {}) {
    redis_.set(key, row, options, world_.now());
    copies_.follow(key);
  }
  void del(Key key) {
    redis_.del(key, world_.now());
    copies_.follow(key);
  }
  void lock(Key key, std::uint32_t number) {
    redis_.set_slot(key, Slot::lock, number, std::nullopt, world_.now());
    copies_.follow(key);
  }
  std::optional<Row> get(Key key) {
    const auto entry = redis_.get(key, world_.now());
    return entry ? std::optional(entry->row) : std::nullopt;
  }
  bool holds_expired(Key key) { return redis_.holds_expired(key, world_.now()); }
  bool locked(Key key) { return redis_.slot(key, Slot::lock, world_.now()).has_value(); }
  RedisCopies& copies() { return copies_; }
  // The keys that may have changed.
  std::vector<Key> fail_over() {
    std::vector<Key> changed;
    copies_.fail_over(changed);
    return changed;
  }
  std::vector<Key> restart() {
    std::vector<Key> changed;
    copies_.restart(changed);
    return changed;
  }
  void run() { world_.run({}); }
  [[nodiscard]] std::int64_t now() const { return sim::nanos(world_.now()); }
  [[nodiscard]] int arrived() const { return arrived_; }

 private:
  models::Setup setup_;
  sim::World world_;
  Outages outages_;
  Redis redis_;
  RedisCopies copies_;
  int arrived_ = 0;
};

TEST(RedisCopies, a_failover_loses_what_has_not_arrived_at_the_replica) {
  Bench bench(10ns);
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(20ns, [&] { bench.set(k, v2), bench.lock(k, 7), bench.set(other, v1); });
  bench.at(25ns, [&] {
    EXPECT_EQ(bench.fail_over(), (std::vector<Key>{k, other}));
    EXPECT_EQ(bench.get(k), v1);
    EXPECT_FALSE(bench.locked(k)) << "a lock that was acknowledged is gone";
    EXPECT_FALSE(bench.get(other));
  });
  bench.run();
  EXPECT_EQ(bench.arrived(), 1) << "what was lost does not arrive later";
}

TEST(RedisCopies, a_deleted_key_comes_back_where_its_delete_is_lost) {
  Bench bench(10ns, true);
  bench.at(1ns, [&] { bench.del(k); });
  bench.at(2ns, [&] {
    bench.fail_over();
    EXPECT_EQ(bench.get(k), Row{});
  });
  bench.run();
}

TEST(RedisCopies, an_entry_that_comes_back_lives_no_longer_than_it_would_have) {
  Bench bench(10ns, true, 50ns);
  bench.at(1ns, [&] { bench.del(k); });
  bench.at(2ns, [&] { bench.fail_over(); });
  bench.at(49ns, [&] { EXPECT_TRUE(bench.get(k)); });
  bench.at(50ns, [&] { EXPECT_FALSE(bench.get(k)); });
  bench.run();
}

TEST(RedisCopies, nothing_is_lost_once_it_has_arrived) {
  Bench bench(10ns);
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(12ns, [&] {
    EXPECT_TRUE(bench.fail_over().empty());
    EXPECT_EQ(bench.get(k), v1);
  });
  bench.run();
}

TEST(RedisCopies, what_is_set_after_a_failover_reaches_the_new_replica) {
  Bench bench(10ns);
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(2ns, [&] { bench.fail_over(), bench.set(k, v2); });
  bench.at(30ns, [&] {
    EXPECT_TRUE(bench.fail_over().empty());
    EXPECT_EQ(bench.get(k), v2);
  });
  bench.run();
}

TEST(RedisCopies, the_replica_hides_what_has_expired) {
  Bench bench(1ns);
  bench.at(1ns, [&] { bench.set(k, v1, {.expires_after = 5ns}); });
  bench.at(9ns, [&] {
    bench.set(other, v1), bench.fail_over();
    EXPECT_FALSE(bench.get(k));
  });
  bench.run();
}

// A replica hides by the clock and erases only what its primary tells it: so the old primary, where the entry
// was erased for a newer one, no longer has what its replica has.
TEST(RedisCopies, until_a_failover_an_expired_entry_still_exists_on_the_replica_which_hides_it) {
  for (const bool erased : {false, true}) {
    Bench bench(10ns);
    bench.at(1ns, [&] { bench.set(k, v1, {.expires_after = 20ns}); });
    bench.at(25ns, [&] {
      EXPECT_TRUE(bench.holds_expired(k)) << "nobody has looked at it since";
      if (erased) bench.del(k);
      EXPECT_EQ(bench.holds_expired(k), !erased);
      bench.fail_over();
      EXPECT_TRUE(bench.holds_expired(k)) << "the replica's";
      EXPECT_FALSE(bench.get(k));
      EXPECT_FALSE(bench.holds_expired(k)) << "the new primary erases it as it is asked for";
    });
    bench.run();
  }
}

TEST(RedisCopies, a_restart_from_an_old_snapshot_brings_deleted_keys_back) {
  Bench bench(1ns);
  bench.at(1ns, [&] { bench.set(k, v1), bench.lock(k, 7); });
  bench.at(2ns, [&] { bench.copies().take_snapshot(); });
  bench.at(3ns, [&] { bench.del(k), bench.set(other, v2); });
  bench.at(9ns, [&] {
    bench.restart();
    EXPECT_EQ(bench.get(k), v1);
    EXPECT_TRUE(bench.locked(k));
    EXPECT_FALSE(bench.get(other)) << "it came after the snapshot";
  });
  bench.run();
}

TEST(RedisCopies, a_restart_without_a_snapshot_begins_with_nothing) {
  Bench bench(1ns, true);
  bench.at(1ns, [&] {
    bench.restart();
    EXPECT_FALSE(bench.get(k));
  });
  bench.run();
}

TEST(RedisCopies, one_who_waits_learns_when_its_changes_have_arrived) {
  Bench bench(10ns);
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(2ns, [&] {
    const std::size_t mine = bench.copies().changes();
    EXPECT_TRUE(bench.copies().arrive(mine, 50ns, 1));
    EXPECT_EQ(bench.now(), 11);
  });
  bench.at(3ns, [&] { bench.set(other, v2); });  // of somebody else: not waited for
  bench.at(4ns, [&] { EXPECT_FALSE(bench.copies().arrive(2, 5ns, 2)) << "too soon"; });
  bench.run();
}

TEST(RedisCopies, what_a_failover_lost_never_arrives) {
  Bench bench(10ns);
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(2ns, [&] {
    EXPECT_FALSE(bench.copies().arrive(1, 50ns, 1));
    EXPECT_EQ(bench.now(), 52);
  });
  bench.at(5ns, [&] { bench.fail_over(); });
  bench.run();
}

TEST(RedisCopies, while_the_replica_is_cut_off_changes_wait_in_order) {
  const Fault cut{.kind = FaultKind::partition,
                  .length = sim::Latency::constant(100ns),
                  .link = Link::redis_replica,
                  .time = sim::Latency::constant(5ns)};
  Bench bench(10ns, false, std::nullopt, {cut});
  std::vector<int> seen;
  bench.at(1ns, [&] { bench.set(k, v1); });
  bench.at(104ns, [&] { seen.push_back(bench.arrived()); });
  bench.at(97ns, [&] { bench.set(k, v2); });
  bench.at(106ns, [&] { seen.push_back(bench.arrived()); });
  bench.at(108ns, [&] { seen.push_back(bench.arrived()); });
  bench.run();
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2})) << "the second one as late as its lag says";
}

}  // namespace
}  // namespace cacherace::models
