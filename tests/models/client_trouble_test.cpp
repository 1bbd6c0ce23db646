// A client whose network is cut, whose Redis is full or has a clock that jumps; WAIT, and copies of its own.
#include "client_bench.hpp"
#include "models/scripts.hpp"

namespace cacherace::models {
namespace {

// Nothing passes between the client and Redis from 5 ms on, for 100 ms; the client waits for 20 ms.
Setup cut_setup(sim::Duration lasts) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::partition,
                   .client = "c",
                   .after = 20ms,
                   .length = sim::Latency::constant(lasts),
                   .store = Store::redis,
                   .time = sim::Latency::constant(5ms)}};
  return setup;
}

TEST(Partition, what_is_sent_in_it_arrives_when_it_is_over_and_the_client_has_given_up) {
  Bench bench(cut_setup(100ms));
  bench.run([&](Session& s) {
    s.sleep(10ms);
    EXPECT_FALSE(s.cache().del(k));
    EXPECT_EQ(bench.now_ms(), 30);
    EXPECT_TRUE(s.database().select(k)) << "the other store is there";
  });
  EXPECT_EQ(bench.times(Fact::timed_out), Times{30});
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{105});
}

TEST(Partition, two_commands_of_one_connection_sent_within_it_arrive_in_the_order_sent) {
  for (const bool deletes_first : {false, true}) {
    Bench bench(cut_setup(100ms));
    bench.run([&](Session& s) {
      s.sleep(10ms);
      if (deletes_first) s.cache().del(k);
      EXPECT_FALSE(s.cache().set(k, {WriteId{1}, 1}));
      if (!deletes_first) s.cache().del(k);
      EXPECT_EQ(bench.now_ms(), 50) << "given up twice";
      s.sleep(60ms);
      EXPECT_EQ(s.cache().get(k).has_value(), deletes_first);
    });
    EXPECT_EQ(bench.times(Fact::cache_set), Times{105});
    EXPECT_EQ(bench.times(Fact::cache_deleted), Times{105});
  }
}

TEST(Partition, a_reply_that_it_holds_up_comes_too_late) {
  Bench bench(cut_setup(100ms));
  bench.run([&](Session& s) {
    s.sleep(3ms);  // the effect at 4 ms, the reply at 6
    EXPECT_FALSE(s.cache().set(k, {WriteId{1}, 1}));
    EXPECT_EQ(bench.now_ms(), 23);
  });
  EXPECT_EQ(bench.times(Fact::cache_set), Times{4});
}

TEST(Partition, a_short_one_only_costs_time) {
  Bench bench(cut_setup(10ms));
  bench.run([&](Session& s) {
    s.sleep(10ms);
    EXPECT_TRUE(s.cache().del(k));
    EXPECT_EQ(bench.now_ms(), 17);
  });
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{15});
  EXPECT_TRUE(bench.times(Fact::timed_out).empty());
}

TEST(Partition, one_from_the_database_leaves_the_outcome_of_an_update_unknown) {
  auto setup = cut_setup(100ms);
  setup.faults[0].store = Store::mysql;
  Bench bench(setup);
  bench.run([&](Session& s) {
    EXPECT_FALSE(s.database().update(k, WriteId{1}));
    EXPECT_EQ(bench.client().write_state(), WriteState::unknown);
  });
  EXPECT_EQ(bench.times(Fact::committed), Times{105});
}

// Whatever else befalls the command: it does not get through.
TEST(Partition, holds_up_what_its_client_gave_up_or_did_not_live_to_see_and_what_a_server_refuses) {
  const Fault at_del{.command = Command::del, .occurrence = 1};
  for (const FaultKind kind : {FaultKind::timeout, FaultKind::crash, FaultKind::fail}) {
    auto setup = cut_setup(100ms);
    setup.faults.push_back(at_del);
    setup.faults.back().kind = kind;
    setup.faults.back().moment = Moment::sent;
    setup.faults.back().after = 4ms;  // of the timeout
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.sleep(10ms);
      EXPECT_FALSE(s.cache().del(k));
      EXPECT_EQ(bench.now_ms(), kind == FaultKind::timeout ? 14 : kind == FaultKind::crash ? 10 : 30);
    });
    EXPECT_EQ(bench.times(Fact::cache_deleted), kind == FaultKind::fail ? Times{} : Times{105});
    EXPECT_EQ(bench.times(Fact::refused), Times{}) << "nobody was told so";
  }
}

TEST(Partition, a_short_one_only_delays_a_refusal) {
  auto setup = cut_setup(10ms);
  setup.faults.push_back({.kind = FaultKind::fail, .command = Command::del, .occurrence = 1});
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.sleep(10ms);
    EXPECT_FALSE(s.cache().del(k));
    EXPECT_EQ(bench.now_ms(), 17);
  });
  EXPECT_EQ(bench.times(Fact::refused), Times{17});
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{});
}

// Cut off from its replica, from 12 ms on for 100 ms.
Fault cut_off(Link link) {
  return {.kind = FaultKind::partition,
          .length = sim::Latency::constant(100ms),
          .link = link,
          .time = sim::Latency::constant(12ms)};
}

TEST(Partition, a_semi_synchronous_commit_waits_for_a_replica_that_is_not_cut_off) {
  for (const std::uint32_t replicas : {1U, 2U}) {
    auto setup = plain_setup();
    setup.mysql.replicas = replicas;
    setup.mysql.semi_sync = SemiSync::after_sync;
    setup.mysql.semi_sync_ack = sim::Latency::constant(5ms);
    setup.faults = {cut_off(Link::mysql_replica)};
    setup.faults[0].replica = 0;
    Bench bench(setup);
    bench.run([&](Session& s) { EXPECT_TRUE(s.database().update(k, WriteId{1})); });
    EXPECT_EQ(bench.times(Fact::flushed), Times{10}) << "it is in the binlog";
    EXPECT_EQ(bench.times(Fact::committed), Times{replicas == 1 ? 112 : 15});
  }
}

TEST(Partition, a_wait_for_a_replica_that_is_cut_off_ends_without_it) {
  auto setup = plain_setup();
  setup.redis.replica = true;
  setup.redis.replication_lag = sim::Latency::constant(30ms);
  setup.faults = {cut_off(Link::redis_replica)};
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});  // at 1 ms
    EXPECT_FALSE(s.cache().wait(50ms));
    EXPECT_EQ(bench.now_ms(), 56);
    EXPECT_TRUE(s.cache().wait(200ms));
  });
  EXPECT_EQ(bench.times(Fact::replicated), Times{112});
}

// The update takes effect at 10 ms, its reply is there at 30 ms.
TEST(FaultAtACommand, a_database_that_fails_over_after_an_update_loses_what_its_replica_has_not) {
  for (const auto lag : {15ms, 50ms}) {
    auto setup = plain_setup();
    setup.mysql.replicas = 1;
    setup.mysql.replication_lag = sim::Latency::constant(lag);
    setup.faults = {{.kind = FaultKind::database_failover,
                     .command = Command::update,
                     .occurrence = 1,
                     .moment = Moment::after}};
    Bench bench(setup);
    bench.run([&](Session& s) {
      EXPECT_TRUE(s.database().update(k, WriteId{1}));
      EXPECT_EQ(s.database().select(k)->version, lag == 15ms ? 1U : 0U);
    });
    EXPECT_EQ(bench.times(Fact::promoted), Times{30});
    EXPECT_EQ(bench.times(Fact::rolled_back), lag == 15ms ? Times{} : Times{30});
  }
}

TEST(FaultAtACommand, a_database_that_fails_over_before_a_commit_undoes_the_transaction) {
  auto setup = plain_setup();
  setup.mysql.replicas = 1;
  setup.faults = {{.kind = FaultKind::database_failover, .command = Command::commit, .occurrence = 1}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.database().begin();
    EXPECT_TRUE(s.database().update(k, WriteId{1}));
    EXPECT_FALSE(s.database().commit());
  });
  EXPECT_TRUE(bench.times(Fact::committed).empty());
}

TEST(FaultAtACommand, a_clock_that_jumps_before_a_get_ends_what_it_would_have_found) {
  auto setup = plain_setup();
  setup.redis.ttl = 1000ms;
  setup.faults = {{.kind = FaultKind::clock_jump, .command = Command::get, .occurrence = 2, .by = 2000ms}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});
    EXPECT_TRUE(s.cache().get(k));
    EXPECT_FALSE(s.cache().get(k));
  });
}

TEST(FaultAtACommand, a_redis_that_starts_again_after_a_set_has_what_its_snapshot_had) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::restart,
                   .command = Command::set,
                   .occurrence = 2,
                   .moment = Moment::after,
                   .snapshot = sim::Latency::constant(3ms)}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});  // at 1 ms
    s.cache().set(k, {WriteId{2}, 2});  // at 4 ms
    EXPECT_EQ(s.cache().get(k), (Row{WriteId{1}, 1}));
  });
}

// The replica takes over as the reply is there, 2 ms after the change: with a lag of 1 ms it has the change.
TEST(FaultAtACommand, a_failover_loses_the_last_acknowledged_del_set_and_lock) {
  for (const auto lag : {1ms, 50ms}) {
    const bool loses = lag == 50ms;
    const auto after = [&](Command command, auto work) {
      auto setup = plain_setup();
      setup.keys.cached = true;
      setup.redis.replica = true;
      setup.redis.replication_lag = sim::Latency::constant(lag);
      setup.faults = {
          {.kind = FaultKind::failover, .command = command, .occurrence = 1, .moment = Moment::after}};
      Bench(setup).run([&](Session& s) { work(s.cache()); });
    };
    after(Command::del, [&](CachePort& redis) {
      EXPECT_TRUE(redis.del(k));
      EXPECT_EQ(redis.get(k), loses ? std::optional(Row{}) : std::nullopt);
    });
    after(Command::set, [&](CachePort& redis) {
      EXPECT_TRUE(redis.set(k, {WriteId{1}, 1}));
      EXPECT_EQ(redis.get(k), loses ? Row{} : (Row{WriteId{1}, 1}));
    });
    after(Command::set, [&](CachePort& redis) {
      EXPECT_TRUE(redis.take(k, Slot::lock, redis.new_token(), 1h));
      EXPECT_EQ(redis.take(k, Slot::lock, redis.new_token(), 1h), loses) << "then two have it";
    });
  }
}

TEST(Eviction, is_a_del_that_replicas_and_trackers_see_and_a_guard_beside_it_stays) {
  auto setup = plain_setup();
  setup.redis.replica = true;
  setup.redis.replication_lag = sim::Latency::constant(5ms);
  setup.faults = {{.kind = FaultKind::evict, .time = sim::Latency::constant(20ms)},
                  {.kind = FaultKind::failover, .time = sim::Latency::constant(40ms)}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    const auto holds_the_lock_alone = [&] {
      EXPECT_FALSE(s.cache().get(k));
      EXPECT_FALSE(s.cache().take(k, Slot::lock, s.cache().new_token(), 1h)) << "the guard is there";
    };
    s.cache().set(k, {WriteId{1}, 1});                                      // at 1 ms
    EXPECT_TRUE(s.cache().take(k, Slot::lock, s.cache().new_token(), 1h));  // at 4 ms
    s.expect_copy(k);
    s.keep_copy(k, *s.cache().get_tracked(k), true);
    EXPECT_TRUE(s.copy(k));
    s.sleep(20ms);
    EXPECT_FALSE(s.copy(k));
    holds_the_lock_alone();
    s.sleep(20ms);  // the replica has taken over
    holds_the_lock_alone();
  });
  EXPECT_EQ(bench.times(Fact::evicted), Times{20});
  EXPECT_EQ(bench.times(Fact::invalidated), Times{22});
  EXPECT_EQ(bench.times(Fact::replicated), (Times{6, 9, 25}));
  EXPECT_EQ(bench.times(Fact::failed_over), Times{40});
}

TEST(ClockJump, what_has_a_ttl_has_less_of_it_or_is_gone) {
  auto setup = plain_setup();
  setup.redis.ttl = 1000ms;
  setup.faults = {{.kind = FaultKind::clock_jump, .by = 500ms, .time = sim::Latency::constant(100ms)},
                  {.kind = FaultKind::clock_jump, .by = 500ms, .time = sim::Latency::constant(400ms)}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});  // until 1,001 ms
    s.sleep(300ms);
    EXPECT_TRUE(s.cache().get(k));
    s.sleep(100ms);
    EXPECT_FALSE(s.cache().get(k));
  });
  EXPECT_EQ(bench.times(Fact::restored), Times{100}) << "the same entry, until 501 ms";
  EXPECT_EQ(bench.times(Fact::expired), Times{400});
}

TEST(Maxmemory, a_command_that_needs_room_fails_where_none_may_go) {
  auto setup = plain_setup();
  setup.keys.count = 3;
  setup.redis.maxmemory = 2;
  Bench bench(setup);
  bench.run([&](Session& s) {
    EXPECT_TRUE(s.cache().set(Key{0}, {WriteId{1}, 1}));
    EXPECT_TRUE(s.cache().set(Key{1}, {WriteId{1}, 1}));
    EXPECT_TRUE(s.cache().set(Key{1}, {WriteId{2}, 2})) << "it has its room";
    EXPECT_FALSE(s.cache().set(Key{2}, {WriteId{1}, 1}));
    EXPECT_FALSE(s.cache().take(Key{0}, Slot::lock, s.cache().new_token(), 1s));
    EXPECT_TRUE(s.cache().del(Key{0}));
    EXPECT_TRUE(s.cache().set(Key{2}, {WriteId{1}, 1}));
  });
  EXPECT_EQ(bench.times(Fact::command_failed).size(), 1U) << "the value, not the lock";
}

TEST(Maxmemory, a_policy_makes_room) {
  auto setup = plain_setup();
  setup.keys.count = 3;
  setup.redis.maxmemory = 2;
  setup.redis.eviction = Eviction::allkeys_lru;
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(Key{0}, {WriteId{1}, 1});
    s.cache().set(Key{1}, {WriteId{1}, 1});
    EXPECT_TRUE(s.cache().get(Key{0}));
    EXPECT_TRUE(s.cache().set(Key{2}, {WriteId{1}, 1}));
    EXPECT_FALSE(s.cache().get(Key{1}));
    EXPECT_TRUE(s.cache().get(Key{0}));
  });
  EXPECT_EQ(bench.times(Fact::evicted).size(), 1U);
}

// A script is asked for room only if it adds something: one that deletes or replaces always may.
TEST(Maxmemory, a_script_needs_room_for_what_it_adds_alone) {
  auto setup = plain_setup();
  setup.keys.count = 2;
  setup.redis.maxmemory = 2;
  Bench bench(setup);
  bench.run([&](Session& s) {
    const Token token = s.cache().new_token();
    EXPECT_TRUE(s.cache().take(k, Slot::lock, token, 1s));
    EXPECT_TRUE(s.cache().eval(set_if_newer, k, {.row = {WriteId{1}, 1}}).done);
    EXPECT_TRUE(s.cache().eval(set_if_newer, k, {.row = {WriteId{2}, 2}}).done) << "it has its room";
    EXPECT_FALSE(s.cache().eval(set_if_newer, Key{1}, {.row = {WriteId{1}, 1}}).done);
    EXPECT_EQ(s.cache().get(k), (Row{WriteId{2}, 2})) << "and nothing went";
    EXPECT_TRUE(s.cache().eval(unlock, k, {.token = token}).done);
    EXPECT_TRUE(s.cache().eval(set_if_newer, Key{1}, {.row = {WriteId{1}, 1}}).done);
  });
}

TEST(Maxmemory, what_a_script_adds_makes_others_go) {
  auto setup = plain_setup();
  setup.keys.count = 3;
  setup.redis.maxmemory = 2;
  setup.redis.eviction = Eviction::allkeys_lru;
  Bench bench(setup);
  bench.run([&](Session& s) {
    for (std::uint32_t key = 0; key < 3; ++key) {
      EXPECT_TRUE(s.cache().eval(set_if_newer, Key{key}, {.row = {WriteId{1}, 1}}).done);
    }
    EXPECT_FALSE(s.cache().get(Key{0}));
    EXPECT_TRUE(s.cache().get(Key{1}));
    EXPECT_TRUE(s.cache().get(Key{2}));
  });
}

TEST(Wait, counts_the_replica_for_the_writes_of_this_connection_alone) {
  auto setup = plain_setup();
  setup.keys.count = 2;
  setup.redis.replica = true;
  setup.redis.replication_lag = sim::Latency::constant(50ms);
  Bench bench(setup);
  bench.run([&](Session& s) {
    EXPECT_TRUE(s.cache().wait(10ms)) << "it has changed nothing";
    s.cache().set(k, {WriteId{1}, 1});  // at 4 ms; at the replica at 54 ms
    s.background([&](Session& other) { EXPECT_TRUE(other.cache().wait(1ms)) << "a connection of its own"; });
    EXPECT_FALSE(s.cache().wait(10ms));
    EXPECT_TRUE(s.cache().wait(100ms));
    EXPECT_EQ(bench.now_ms(), 56);
  });
}

TEST(ClientTracking, redis_tells_once_that_a_key_has_changed_and_the_copy_is_gone) {
  Bench bench(plain_setup());
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});  // until 3 ms
    s.expect_copy(k);
    s.keep_copy(k, *s.cache().get_tracked(k), true);  // until 6 ms
    EXPECT_EQ(s.copy(k), (Row{WriteId{1}, 1}));
    s.cache().del(k);  // the effect at 7 ms, the reply and the news at 9 ms
    s.sleep(1ms);
    EXPECT_FALSE(s.copy(k));
    s.cache().set(k, {WriteId{2}, 2});
  });
  EXPECT_EQ(bench.times(Fact::invalidation_sent), Times{7}) << "once: it does not track any more";
  EXPECT_EQ(bench.times(Fact::invalidated), Times{9});
}

TEST(ClientTracking, news_wait_until_the_network_is_whole_again) {
  auto setup = cut_setup(100ms);
  setup.faults[0].time = sim::Latency::constant(8ms);
  Bench bench(setup);
  bench.run([&](Session& s) {
    s.cache().set(k, {WriteId{1}, 1});  // until 3 ms
    s.expect_copy(k);
    const auto row = s.cache().get_tracked(k);  // until 6 ms
    ASSERT_TRUE(row);
    s.keep_copy(k, *row, true);
    s.cache().del(k);  // takes effect at 7 ms; its reply and the news would come at 9 ms
    EXPECT_TRUE(s.copy(k)) << "the client has given up waiting, and knows nothing";
  });
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{7});
  EXPECT_EQ(bench.times(Fact::invalidated), Times{108});
}

TEST(ClientTracking, a_get_that_finds_nothing_is_no_news) {
  Bench bench(plain_setup());
  bench.run([&](Session& s) {
    s.cache().get_tracked(k);
    s.cache().get(k);
    EXPECT_TRUE(bench.times(Fact::invalidation_sent).empty());
  });
}

// Source: Redis's documentation of client-side caching, "avoiding race conditions".
TEST(ClientTracking, news_that_overtake_the_reply_find_no_copy_but_a_placeholder) {
  for (const bool placeholder : {false, true}) {
    auto setup = plain_setup();
    setup.faults = {{.kind = FaultKind::evict, .time = sim::Latency::constant(4500us)}};
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.cache().set(k, {WriteId{1}, 1});
      s.expect_copy(k);
      const auto row = s.cache().get_tracked(k);  // the effect at 4 ms, gone at 4.5, told at 6.5
      s.sleep(1ms);                               // the code is slow: it keeps its copy at 7 ms
      s.keep_copy(k, *row, placeholder);
      EXPECT_EQ(s.copy(k).has_value(), !placeholder);
    });
  }
}

// It may not change what the next transaction does on the same connection, nor commit by itself.
TEST(LateStatement, of_a_transaction_that_has_ended_does_nothing) {
  for (const bool begins_again : {false, true}) {
    Bench bench(late_update_setup());
    bench.run([&](Session& s) {
      s.database().begin();
      EXPECT_TRUE(s.database().select(k, RowLock::share));  // answered at 30 ms
      EXPECT_FALSE(s.database().update(k, WriteId{1}));     // arrives at 140
      s.database().rollback();
      if (begins_again) {
        s.database().begin();
        EXPECT_TRUE(s.database().update(k, WriteId{2}));
      }
      s.sleep(150ms);
      if (begins_again) {
        EXPECT_TRUE(s.database().commit());
      }
      const Row row = begins_again ? Row{WriteId{2}, 1} : Row{};
      EXPECT_EQ(s.database().select(k), row);
    });
    EXPECT_EQ(bench.times(Fact::refused), Times{140});
    EXPECT_EQ(bench.times(Fact::committed).size(), begins_again ? 1U : 0U);
  }
}

// What others committed while it waited for the row is not told again as its own.
TEST(LateStatement, that_waited_for_a_row_tells_of_its_own_commit_alone) {
  Bench bench(plain_setup());
  bench.run([&](Session& s) {
    s.database().begin();
    EXPECT_TRUE(s.database().update(k, WriteId{1}));
    s.background([](Session& own) { own.database().update(k, WriteId{2}); });  // waits from 40 ms on
    s.sleep(50ms);
    EXPECT_TRUE(s.database().commit());
  });
  EXPECT_EQ(bench.times(Fact::row_awaited), Times{40});
  EXPECT_EQ(bench.times(Fact::committed), (Times{90, 90}));
}

}  // namespace
}  // namespace cacherace::models
