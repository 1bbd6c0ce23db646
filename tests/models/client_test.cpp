#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "client_bench.hpp"
#include "models/scripts.hpp"

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

TEST(Client, a_command_takes_effect_between_its_legs) {
  auto setup = plain_setup();
  setup.service[index_of(Command::update)] = sim::Latency::constant(4ms);
  Bench bench(setup);
  bench.run([&](Session& s) {
    EXPECT_FALSE(s.cache().get(k));
    EXPECT_EQ(bench.now_ms(), 3);
    EXPECT_EQ(s.database().update(k, WriteId{1}), (Row{WriteId{1}, 1}));
    EXPECT_EQ(bench.now_ms(), 37);
    EXPECT_TRUE(s.cache().set(k, {WriteId{1}, 1}));
    EXPECT_EQ(s.database().select(k), (Row{WriteId{1}, 1}));
    s.sleep(5ms);
    EXPECT_TRUE(s.cache().del(k));
  });
  EXPECT_EQ(bench.times(Fact::looked_up), Times{1});
  EXPECT_EQ(bench.times(Fact::committed), Times{17});
  EXPECT_EQ(bench.times(Fact::cache_set), Times{38});
  EXPECT_EQ(bench.times(Fact::selected), Times{50});
  EXPECT_EQ(bench.times(Fact::slept), Times{70});
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{76});
  EXPECT_EQ(bench.client().write_state(), WriteState::committed);
}

TEST(Client, works_in_the_background_after_the_operation) {
  Bench bench(plain_setup());
  bench.run([&](Session& s) {
    for (int i = 0; i < 2; ++i) {
      s.background([i](Session& timer) {
        timer.sleep(i * 10ms);
        timer.cache().del(k);
      });
    }
    EXPECT_EQ(bench.now_ms(), 0);
  });
  EXPECT_EQ(bench.times(Fact::cache_deleted), (Times{1, 11}));
}

TEST(Client, a_refused_command_does_nothing_and_the_client_learns_it_with_the_reply) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::fail, .command = Command::del, .occurrence = 1},
                  {.kind = FaultKind::fail, .command = Command::update, .occurrence = 1}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    EXPECT_FALSE(s.cache().del(k));
    EXPECT_EQ(bench.now_ms(), 3);
    EXPECT_TRUE(s.cache().del(k));
    EXPECT_FALSE(s.database().update(k, WriteId{1}));
    EXPECT_EQ(bench.client().write_state(), WriteState::failed);
    EXPECT_TRUE(s.database().update(k, WriteId{1}));
  });
  EXPECT_EQ(bench.times(Fact::command_failed), (Times{3, 36}));
  EXPECT_EQ(bench.times(Fact::cache_deleted), Times{4});
  EXPECT_EQ(bench.client().write_state(), WriteState::committed);
}

TEST(Client, a_command_that_timed_out_may_take_effect_later) {
  Bench bench(late_update_setup());
  bench.run([&](Session& s) {
    EXPECT_FALSE(s.database().update(k, WriteId{1}));
    EXPECT_EQ(bench.now_ms(), 5);
    EXPECT_EQ(s.database().select(k), Row{});
  });
  EXPECT_EQ(bench.times(Fact::committed), Times{110});
  EXPECT_EQ(bench.client().write_state(), WriteState::unknown);
}

TEST(Client, a_command_that_timed_out_may_never_take_effect) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::timeout,
                   .command = Command::set,
                   .occurrence = 1,
                   .takes_effect = false,
                   .after = 50ms}};
  Bench bench(setup);
  bench.run([&](Session& s) { EXPECT_FALSE(s.cache().set(k, {})); });
  EXPECT_EQ(bench.times(Fact::command_failed), Times{50});
  EXPECT_TRUE(bench.times(Fact::cache_set).empty());
}

TEST(Client, a_commit_that_times_out_is_unknown_whether_it_takes_effect_or_not) {
  for (const bool takes_effect : {false, true}) {
    auto setup = plain_setup();
    setup.faults = {{.kind = FaultKind::timeout,
                     .command = Command::commit,
                     .occurrence = 1,
                     .takes_effect = takes_effect,
                     .after = 50ms}};
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.database().begin();
      EXPECT_TRUE(s.database().update(k, WriteId{1}));
      EXPECT_EQ(bench.client().write_state(), WriteState::not_sent) << "a rollback would undo it";
      EXPECT_FALSE(s.database().commit());
      EXPECT_EQ(bench.client().write_state(), WriteState::unknown);
      s.database().rollback();
      EXPECT_EQ(s.database().select(k), takes_effect ? (Row{WriteId{1}, 1}) : Row{});
    });
    EXPECT_EQ(bench.times(Fact::committed).size(), takes_effect ? 1U : 0U);
    EXPECT_EQ(bench.client().write_state(), WriteState::unknown);
  }
}

// The UPDATE is executed at 10 ms, its acknowledgement takes until 40 ms, the reply until 60 ms; another
// session looks at 25 ms.
TEST(Client, another_session_sees_the_row_before_the_reply_with_after_commit_and_not_with_after_sync) {
  for (const SemiSync mode : {SemiSync::after_commit, SemiSync::after_sync}) {
    auto setup = plain_setup();
    setup.mysql.semi_sync = mode;
    setup.mysql.semi_sync_ack = sim::Latency::constant(30ms);
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.background([&](Session& other) {
        other.sleep(15ms);
        const Row early = mode == SemiSync::after_commit ? Row{WriteId{1}, 1} : Row{};
        EXPECT_EQ(other.database().select(k), early);
        EXPECT_EQ(bench.now_ms(), 45);
        EXPECT_EQ(other.database().select(k), (Row{WriteId{1}, 1})) << "executed at 55 ms";
      });
      EXPECT_TRUE(s.database().update(k, WriteId{1}));
      EXPECT_EQ(bench.now_ms(), 60);
    });
    EXPECT_EQ(bench.times(Fact::committed), Times{mode == SemiSync::after_commit ? 10 : 40});
  }
}

struct CrashCase {
  Moment moment;
  bool deleted;
  std::int64_t crashed_at;
};

TEST(Client, a_crash_before_during_or_after_a_command_ends_everything) {
  for (const CrashCase& c :
       {CrashCase{Moment::before, false, 30}, {Moment::sent, true, 30}, {Moment::after, true, 33}}) {
    auto setup = plain_setup();
    setup.faults = {{.kind = FaultKind::crash, .command = Command::del, .occurrence = 1, .moment = c.moment}};
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.background([](Session& timer) {
        timer.sleep(1s);
        timer.cache().set(k, {});
      });
      EXPECT_TRUE(s.database().update(k, WriteId{1}));
      s.cache().del(k);
      EXPECT_FALSE(s.alive());
      EXPECT_FALSE(s.database().update(k, WriteId{1}));
      s.sleep(1h);
      EXPECT_EQ(bench.now_ms(), c.crashed_at);
    });
    // Of the operation, and of what goes on in its background.
    EXPECT_EQ(bench.times(Fact::crashed), (Times{c.crashed_at, c.crashed_at}));
    EXPECT_EQ(bench.times(Fact::cache_deleted).size(), c.deleted ? 1U : 0U);
    EXPECT_EQ(bench.times(Fact::committed).size(), 1U);
    EXPECT_TRUE(bench.times(Fact::cache_set).empty());  // the timer died with its client
    EXPECT_TRUE(bench.client().crashed());
  }
}

TEST(Client, pauses_before_or_after_a_command) {
  for (const Moment moment : {Moment::before, Moment::after}) {
    auto setup = plain_setup();
    setup.faults = {{.kind = FaultKind::pause,
                     .command = Command::set,
                     .occurrence = 1,
                     .moment = moment,
                     .length = sim::Latency::constant(100ms)}};
    Bench bench(setup);
    bench.run([&](Session& s) {
      EXPECT_TRUE(s.cache().set(k, {}));
      EXPECT_EQ(bench.now_ms(), 103);
    });
    EXPECT_EQ(bench.times(Fact::cache_set), moment == Moment::before ? Times{101} : Times{1});
  }
}

TEST(Client, a_fault_strikes_with_its_probability_and_only_its_client) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::fail, .command = Command::get, .client = "other", .probability = 1.0},
                  {.kind = FaultKind::fail, .command = Command::del, .client = "c", .probability = 0.25}};
  Bench bench(setup);
  bench.run([&](Session& s) {
    for (int i = 0; i < 4000; ++i) s.cache().del(k);
    s.cache().get(k);
  });
  EXPECT_NEAR(static_cast<double>(bench.times(Fact::command_failed).size()), 1000.0, 120.0);
  EXPECT_EQ(bench.times(Fact::looked_up).size(), 1U);
}

TEST(Client, does_nothing_more_once_a_limit_is_met) {
  Bench bench(plain_setup());
  const auto end = bench.run(
      [&](Session& s) {
        while (s.alive()) s.cache().del(k);
        EXPECT_FALSE(s.cache().get(k));
        s.background([](Session& timer) { timer.cache().set(k, {}); });
      },
      {at(10ms), UINT64_MAX});
  EXPECT_EQ(end.ending, sim::Ending::out_of_time);
  EXPECT_EQ(bench.times(Fact::cache_deleted), (Times{1, 4, 7, 10}));
  EXPECT_TRUE(bench.times(Fact::cache_set).empty());
}

TEST(Client, reads_a_replica_at_random_or_keeps_one) {
  for (const ReplicaChoice choice : {ReplicaChoice::read, ReplicaChoice::session}) {
    auto setup = plain_setup();
    setup.mysql.replicas = 3;
    setup.mysql.read_from = ReadFrom::replica;
    setup.mysql.replica_choice = choice;
    sim::World world;
    Recorder recorder;
    Servers servers(world, recorder, setup);
    Client client(servers, 0, "c");
    recorder.begin(false);
    servers.begin_run(1, 0, {});
    client.begin_run(1, 0);
    world.spawn({}, [&] {
      for (int i = 0; i < 30; ++i) client.session().database().select(k);
    });
    world.run({});
    std::vector<bool> used(3);
    for (const Record& record : recorder.records()) used[record.replica] = true;
    EXPECT_EQ(std::count(used.begin(), used.end(), true), choice == ReplicaChoice::read ? 3 : 1);
  }
}

struct LoadCase {
  const char* name;
  std::vector<Fault> faults;
  std::int64_t over_at;  // ms
};

// From the issue to the reply, without pauses before and after; a client that gives up or dies ends it.
TEST(Client, a_load_is_under_way_from_the_issue_of_a_select_until_nobody_waits_for_its_reply) {
  const Fault at_select{.command = Command::select, .occurrence = 1};
  const auto fault = [&](FaultKind kind) {
    Fault made = at_select;
    made.kind = kind;
    return made;
  };
  Fault timeout = fault(FaultKind::timeout), sent = fault(FaultKind::crash), before = fault(FaultKind::pause);
  timeout.after = 5ms;
  sent.moment = Moment::sent;
  before.length = sim::Latency::constant(7ms);
  Fault after = before;
  after.moment = Moment::after;
  for (const LoadCase& c : {LoadCase{"plain", {}, 30},
                            {"refused", {fault(FaultKind::fail)}, 30},
                            {"given up", {timeout}, 5},
                            {"crashed", {sent}, 0},
                            {"paused before", {before}, 37},
                            {"paused after", {after}, 30}}) {
    auto setup = plain_setup();
    setup.faults = c.faults;
    // Another client's SELECT at the same time, 1 ms before the end, and at the end.
    for (const std::int64_t probe : {c.over_at - 1, c.over_at}) {
      if (probe < 0) continue;
      Bench bench(setup);
      bench.run([&](Session& s) {
        bench.at(probe * 1ms, [&] { bench.loads().begin(k); });
        s.database().select(k);
      });
      EXPECT_EQ(bench.loads().most(), probe < c.over_at ? 2U : 1U) << c.name << ' ' << probe;
    }
  }
}

TEST(Client, a_load_ends_when_a_crash_in_the_background_takes_its_client_along) {
  auto setup = plain_setup();
  setup.faults = {{.kind = FaultKind::crash, .command = Command::del, .occurrence = 1}};
  for (const std::int64_t probe : {4, 5}) {
    Bench bench(setup);
    bench.run([&](Session& s) {
      s.background([](Session& timer) {
        timer.sleep(5ms);
        timer.cache().del(k);
      });
      bench.at(probe * 1ms, [&] { bench.loads().begin(k); });
      s.database().select(k);
    });
    EXPECT_EQ(bench.loads().most(), probe < 5 ? 2U : 1U) << probe;
  }
}

TEST(Client, loads_of_other_keys_do_not_count_together) {
  Loads loads(2);
  loads.begin(Key{0});
  loads.begin(Key{1});
  EXPECT_EQ(loads.most(), 1U);
  loads.begin(Key{1});
  loads.end(Key{1});
  EXPECT_EQ(loads.most(), 2U);
  loads.begin_run();
  EXPECT_EQ(loads.most(), 0U);
  loads.begin(Key{1});
  EXPECT_EQ(loads.most(), 1U);
}

// A fill of nothing sends nothing, unless that is cached.
TEST(Client, does_not_cache_that_there_is_no_row_unless_told_to) {
  auto setup = plain_setup();
  setup.keys.missing = 1;
  for (const bool negative : {false, true}) {
    if (negative) setup.redis.negative_ttl = 1s;
    Bench bench(setup);
    bench.run([&](Session& s) {
      const auto row = s.database().select(k);
      ASSERT_EQ(row, Row{});
      EXPECT_EQ(s.cache().set(k, *row), negative);
      EXPECT_EQ(bench.now_ms(), negative ? 33 : 30);
      EXPECT_EQ(s.cache().get(k), negative ? row : std::nullopt);
      EXPECT_FALSE(s.cache().eval(set_if_newer, k, {.row = *row}).done);
      EXPECT_TRUE(s.cache().set(k, *s.database().update(k, WriteId{1})));
    });
    EXPECT_EQ(bench.times(Fact::cache_set).size(), negative ? 2U : 1U);
  }
}

}  // namespace
}  // namespace cacherace::models
