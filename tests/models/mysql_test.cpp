#include "models/mysql.hpp"

#include <gtest/gtest.h>

#include "sim/laws.hpp"

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

constexpr Key k{0};
constexpr sim::Time at(sim::Duration d) {
  return sim::time_zero + d;
}

struct World {
  sim::World world;
  Recorder recorder;
  models::Setup setup;
  Outages outages{world, setup};
};

TEST(Mysql, update_commits_at_once_and_raises_the_version) {
  World w;
  const MysqlSetup setup;
  Mysql mysql(w.world, w.recorder, setup, {.count = 2}, w.outages);
  mysql.connect();
  EXPECT_EQ(mysql.newest(k), Row{});
  EXPECT_EQ(mysql.update({}, k, WriteId{7}), (Row{WriteId{7}, 1}));
  EXPECT_EQ(mysql.update({}, k, WriteId{3}), (Row{WriteId{3}, 2}));
  EXPECT_EQ(mysql.newest(k), (Row{WriteId{3}, 2}));
  EXPECT_EQ(mysql.newest(Key{1}), Row{});
  mysql.begin_run(1, 1);
  EXPECT_EQ(mysql.newest(k), Row{});
}

TEST(Mysql, a_replica_applies_after_its_lag) {
  World w;
  const MysqlSetup setup{.replicas = 1, .replication_lag = sim::Latency::constant(10ns)};
  Mysql mysql(w.world, w.recorder, setup, {}, w.outages);
  mysql.connect();
  mysql.begin_run(1, 0);
  std::vector<Row> seen;
  w.world.spawn(5ns, [&] {
    mysql.update({}, k, WriteId{1});
    w.world.wait(9ns);
    seen.push_back(mysql.on_replica(0, k));
    w.world.wait(1ns);  // the apply of this instant was created first
    seen.push_back(mysql.on_replica(0, k));
  });
  const auto end = w.world.run({});
  EXPECT_EQ(seen, (std::vector<Row>{{}, {WriteId{1}, 1}}));
  EXPECT_EQ(end.at, at(15ns));
}

// Lag is a queue: a commit with a short lag waits for the one before it.
TEST(Mysql, a_replica_applies_in_commit_order_each_no_earlier_than_the_one_before) {
  World w;
  const auto lag = std::get<sim::Latency>(sim::Latency::of(sim::uniform(0ns, 1000ns), {}));
  const MysqlSetup setup{.replicas = 3, .replication_lag = lag};
  Mysql mysql(w.world, w.recorder, setup, {.count = 2}, w.outages);
  mysql.connect();
  bool lags_differed = false;
  for (std::uint64_t run = 0; run < 200; ++run) {
    w.recorder.begin(true);
    mysql.begin_run(1, run);
    for (std::uint32_t write = 1; write <= 6; ++write) {
      w.world.spawn(sim::Duration(write * 50),
                    [&, write] { mysql.update({}, Key{write % 2}, WriteId{write}); });
    }
    w.world.run({});
    std::vector<std::vector<std::uint32_t>> applied(3);
    std::vector<sim::Time> first(3);
    for (const Record& record : w.recorder.records()) {
      ASSERT_EQ(record.fact, Fact::applied);
      auto& mine = applied[record.replica];
      if (mine.empty()) first[record.replica] = record.at;
      mine.push_back(number_of(record.row.value));
      ASSERT_GE(record.at, at(sim::Duration(number_of(record.row.value) * 50)));
    }
    for (const auto& order : applied) ASSERT_EQ(order, (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6}));
    lags_differed = lags_differed || first[0] != first[1];
    ASSERT_EQ(mysql.on_replica(2, Key{0}), mysql.newest(Key{0}));
  }
  EXPECT_TRUE(lags_differed);
}

TEST(Mysql, a_replica_that_stalls_applies_when_that_is_over_in_order) {
  World w;
  w.setup.faults = {{.kind = FaultKind::stall,
                     .length = sim::Latency::constant(100ns),
                     .replica = 0,
                     .time = sim::Latency::constant(8ns)}};
  const MysqlSetup setup{.replicas = 2, .replication_lag = sim::Latency::constant(5ns)};
  Mysql mysql(w.world, w.recorder, setup, {}, w.outages);
  mysql.connect();
  w.recorder.begin(true);
  w.outages.begin_run(1, 0);
  mysql.begin_run(1, 0);
  for (const int instant : {1, 4, 90, 104}) {
    w.world.spawn(sim::Duration(instant),
                  [&, instant] { mysql.update({}, k, WriteId{static_cast<std::uint32_t>(instant)}); });
  }
  w.world.run({});
  using Applied = std::vector<std::pair<std::uint32_t, std::int64_t>>;
  std::array<Applied, 2> applied;
  for (const Record& record : w.recorder.records()) {
    if (record.fact != Fact::applied) continue;
    applied[record.replica].emplace_back(number_of(record.row.value), sim::nanos(record.at));
  }
  EXPECT_EQ(applied[0], (Applied{{1, 6}, {4, 108}, {90, 108}, {104, 109}}));
  EXPECT_EQ(applied[1], (Applied{{1, 6}, {4, 9}, {90, 95}, {104, 109}})) << "the other one does not";
}

// WAIT_FOR_EXECUTED_GTID_SET with what the session itself committed last.
TEST(Mysql, a_session_waits_until_a_replica_has_its_own_last_commit_and_not_that_of_others) {
  World w;
  const MysqlSetup setup{.replicas = 1, .replication_lag = sim::Latency::constant(10ns), .gtid_wait = 30ns};
  Mysql mysql(w.world, w.recorder, setup, {.count = 2}, w.outages);
  const Caller me{.connection = mysql.connect(), .client = 0},
      other{.connection = mysql.connect(), .client = 1};
  mysql.begin_run(1, 0);
  std::vector<std::int64_t> at;
  w.world.spawn(1ns, [&] { mysql.update(me, k, WriteId{1}); });
  w.world.spawn(2ns, [&] { mysql.update(other, Key{1}, WriteId{2}); });
  w.world.spawn(3ns, [&] {
    EXPECT_TRUE(mysql.catches_up(me, 0));
    at.push_back(sim::nanos(w.world.now()));
    EXPECT_EQ(mysql.on_replica(0, k), (Row{WriteId{1}, 1}));
    EXPECT_EQ(mysql.on_replica(0, Key{1}), Row{}) << "of others it knows nothing";
  });
  w.world.run({});
  EXPECT_EQ(at, (std::vector<std::int64_t>{11}));
}

TEST(Mysql, a_session_waits_for_a_replica_no_longer_than_it_may) {
  World w;
  const MysqlSetup setup{.replicas = 1, .replication_lag = sim::Latency::constant(100ns), .gtid_wait = 30ns};
  Mysql mysql(w.world, w.recorder, setup, {}, w.outages);
  const Caller me{.connection = mysql.connect(), .client = 0};
  mysql.begin_run(1, 0);
  w.world.spawn(1ns, [&] {
    mysql.update(me, k, WriteId{1});
    EXPECT_FALSE(mysql.catches_up(me, 0));
    EXPECT_EQ(w.world.now(), at(31ns));
  });
  w.world.run({});
}

// Updates at instants, and a failover.
class Failover {
 public:
  explicit Failover(const MysqlSetup& setup) : setup_(setup) {
    me_.connection = mysql_.connect();
    w_.recorder.begin(true);
    mysql_.begin_run(1, 0);
  }
  void update(int instant, std::uint32_t key, std::uint32_t value) {
    w_.world.spawn(sim::Duration(instant),
                   [this, key, value] { mysql_.update(me_, Key{key}, WriteId{value}); });
  }
  template <class Act>
  void at(int instant, Act act) {
    w_.world.spawn(sim::Duration(instant), [this, act] { act(mysql_); });
  }
  std::vector<Key> fail_over(int instant) {
    std::vector<Key> lost;
    at(instant, [&lost](Mysql& mysql) { mysql.fail_over(lost); });
    w_.world.run({});
    return lost;
  }
  Mysql& mysql() { return mysql_; }

 private:
  World w_;
  MysqlSetup setup_;
  Mysql mysql_{w_.world, w_.recorder, setup_, keys_, w_.outages};
  static constexpr KeysSetup keys_{.count = 3};
  Caller me_{.client = 0};
};

TEST(MysqlFailover, loses_acknowledged_commits_that_have_not_arrived_at_the_replica) {
  Failover bench({.replicas = 1, .replication_lag = sim::Latency::constant(10ns)});
  bench.update(1, 0, 1);
  bench.update(2, 1, 2);
  bench.update(15, 0, 3);
  bench.update(16, 2, 4);
  EXPECT_EQ(bench.fail_over(20), (std::vector<Key>{Key{0}, Key{2}}));
  EXPECT_EQ(bench.mysql().newest(Key{0}), (Row{WriteId{1}, 1})) << "the survivor's version counts";
  EXPECT_EQ(bench.mysql().newest(Key{1}), (Row{WriteId{2}, 1}));
  EXPECT_EQ(bench.mysql().newest(Key{2}), Row{});
  EXPECT_EQ(bench.mysql().binlog().size(), 2U);
}

TEST(MysqlFailover, gives_a_new_commit_the_version_that_a_lost_one_had) {
  Failover bench({.replicas = 1, .replication_lag = sim::Latency::constant(10ns)});
  bench.update(15, 0, 1);
  bench.update(30, 0, 2);
  bench.fail_over(20);
  EXPECT_EQ(bench.mysql().newest(k), (Row{WriteId{2}, 1}));
  EXPECT_EQ(bench.mysql().on_replica(0, k), (Row{WriteId{2}, 1})) << "which the replica follows";
}

TEST(MysqlFailover, promotes_the_replica_that_is_farthest_and_the_others_follow_it) {
  const auto lag = std::get<sim::Latency>(sim::Latency::of(sim::uniform(0ns, 1000ns), {}));
  Failover bench({.replicas = 3, .replication_lag = lag});
  for (int i = 1; i <= 30; ++i) bench.update(i * 50, 0, static_cast<std::uint32_t>(i));
  std::array<Row, 3> before;
  bench.at(1000, [&](Mysql& mysql) {
    for (std::uint32_t r = 0; r < 3; ++r) before[r] = mysql.on_replica(r, k);
  });
  std::uint32_t left = 0;
  bench.at(1001, [&](Mysql& mysql) { left = mysql.newest(k).version; });
  bench.fail_over(1000);
  std::uint32_t farthest = 0;
  for (const Row& row : before) farthest = std::max(farthest, row.version);
  EXPECT_NE(before[0], before[1]);
  EXPECT_EQ(left, farthest);
  for (std::uint32_t r = 0; r < 3; ++r) EXPECT_EQ(bench.mysql().on_replica(r, k), bench.mysql().newest(k));
}

TEST(MysqlFailover, loses_nothing_of_which_a_replica_has_acknowledged_the_receipt) {
  Failover bench({.replicas = 1, .replication_lag = sim::Latency::constant(100ns)});
  bench.update(1, 0, 1);
  bench.at(5, [](Mysql& mysql) { mysql.secure(1); });
  bench.update(6, 0, 2);
  EXPECT_EQ(bench.fail_over(20), std::vector<Key>{k});
  EXPECT_EQ(bench.mysql().newest(k), (Row{WriteId{1}, 1}));
}

TEST(MysqlFailover, undoes_what_is_open) {
  Failover bench({.replicas = 1});
  const Caller session{.connection = bench.mysql().connect(), .client = 1};
  bench.at(1, [&](Mysql& mysql) { mysql.begin(session), mysql.update(session, k, WriteId{1}); });
  bench.at(30, [&](Mysql& mysql) { EXPECT_FALSE(mysql.commit(session)); });
  bench.fail_over(20);
  EXPECT_EQ(bench.mysql().newest(k), Row{});
}

}  // namespace
}  // namespace cacherace::models
