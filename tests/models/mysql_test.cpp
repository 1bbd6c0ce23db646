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
};

TEST(Mysql, update_commits_at_once_and_raises_the_version) {
  World w;
  Mysql mysql(w.world, w.recorder, {}, {.count = 2});
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
  Mysql mysql(w.world, w.recorder, setup, {});
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
  Mysql mysql(w.world, w.recorder, setup, {.count = 2});
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

}  // namespace
}  // namespace cacherace::models
