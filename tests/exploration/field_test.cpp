// The strategies of the field, untimed: what an independent search of small models gave for each, with the
// clients and the cold or cached start that it names; the controls that stay clean, and the one fault that
// breaks each.
#include <gtest/gtest.h>

#include "explore_programs.hpp"

namespace cacherace::exploration {
namespace {

constexpr bool cached = true;
constexpr bool cold = false;
constexpr bool replica = true;

// Lengths of the shortest witnesses; 0: never, in all orders.
struct Row {
  Program program;
  std::vector<std::pair<Property, int>> lengths;
};

int length_of(const ExploredStrategy& result, Property property) {
  const auto& witness = result.witnesses[index_of(property)];
  return witness ? static_cast<int>(witness->steps.size()) : 0;
}

void expect_lengths(const Row& row) {
  SCOPED_TRACE(name_of(row.program));
  const ExploredStrategy result = explored(row.program);
  EXPECT_TRUE(result.complete);
  for (const auto& [property, length] : row.lengths) {
    EXPECT_EQ(length_of(result, property), length) << property_names[index_of(property)];
  }
}

constexpr auto A = Property::stale_read;
constexpr auto I = Property::inversion;
constexpr auto P = Property::stuck;
const std::vector<std::pair<Property, int>> nothing = {{A, 0},
                                                       {I, 0},
                                                       {P, 0},
                                                       {Property::nonlinearizable, 0},
                                                       {Property::dirty_read, 0},
                                                       {Property::deadlock, 0}};

std::string faults(const std::string& fault) {
  return fmt::format(R"(, "faults": [{}])", fault);
}

TEST(Field, every_strategy_does_what_the_independent_search_found) {
  const std::string failed_delete = faults(R"({"fail": {"command": "redis.del", "occurrence": 1}})");
  const std::string crash = faults(R"({"crash": {"command": "mysql.update", "occurrence": 1}})");
  for (const Row& row : std::vector<Row>{
           {{"delete-in-transaction", 1, 2, cached}, {{A, 7}}},
           {{"delete-with-retry", 1, 1, cached, false, failed_delete}, {{A, 3}, {P, 0}}},
           {{"lease:losers=read-database", 1, 3, cold}, {{I, 8}}},
           {{"lease:retry_rejected=false", 1, 3, cold}, nothing},
           {{"lease:retry_rejected=false", 2, 3, cold}, {{I, 10}, {A, 0}, {P, 0}}},
           {{"lease", 1, 2, cached, replica}, {{A, 5}}},
           {{"versioned-fill", 1, 2, cold}, {{A, 6}}},
           {{"versioned-fill", 1, 2, cached}, nothing},
           {{"binlog-versioned", 2, 2, cached}, {{A, 2}, {P, 0}}},
           {{"binlog-delete:fill=lease", 1, 2, cached}, {{A, 2}, {P, 0}}},
           {{"locked:lock_write=false", 1, 2, cold}, {{A, 8}}},
           {{"pending-marker:fill=plain", 1, 2, cold}, {{A, 7}}},
           {{"pending-marker", 1, 3, cold}, nothing},
           {{"pending-marker:counted=false", 2, 2, cold}, {{A, 10}}},
           {{"tag-deleted", 1, 2, cached}, {{A, 3}}},
           {{"tag-deleted:mode=strong", 1, 3, cold}, nothing},
           {{"tag-deleted:mode=strong", 2, 3, cold}, {{I, 10}, {A, 0}, {P, 0}}},
           {{"tag-deleted:mode=strong", 1, 2, cached, replica}, {{A, 5}}},
           {{"write-behind", 1, 0, cold, false, crash}, {{Property::lost_write, 4}}},
           {{"outbox", 1, 2, cached}, {{A, 2}}},
           {{"outbox", 1, 1, cold}, {{P, 5}}},
           {{"refresh-ahead", 1, 2, cold}, {{A, 6}}},
           {{"logical-expiry", 1, 1, cached}, {{A, 2}}},
           {{"primary-pinned", 1, 2, cold}, {{A, 6}}},
           {{"primary-pinned:then=ttl-only", 1, 1, cached}, {{A, 2}}},
       }) {
    expect_lengths(row);
  }
}

// The guards order what comes from the primary: a fill from a replica that lags is old under any of them.
// With a version beside it, it does not get into the cache, at least.
TEST(Field, a_replica_that_lags_gets_round_the_guards) {
  for (const Row& row : std::vector<Row>{
           {{"locked", 1, 2, cached, replica}, {{A, 10}, {P, 9}}},
           {{"pending-marker", 1, 2, cached, replica}, {{A, 6}, {P, 6}}},
           {{"versioned-tombstone", 1, 2, cached, replica}, {{A, 5}, {P, 0}}},
           {{"binlog-delete", 1, 1, cached, replica}, {{P, 5}}},  // the DEL outruns the replica
       }) {
    expect_lengths(row);
  }
}

// Its consumer deletes what a consumer of the binlog would.
TEST(Field, outbox_is_as_binlog_delete) {
  for (const char* strategy : {"binlog-delete", "outbox"}) {
    expect_lengths({{strategy, 2, 3, cached}, {{P, 7}, {A, 2}, {I, 10}}});
  }
}

// Who rebuilds may have selected before a write, and sets after all that follows it: its DEL, or the rebuild
// of another one, who comes in only once the lock has expired.
TEST(Field, a_rebuild_is_a_late_fill) {
  const std::string due = R"({"expire": {"what": "fresh", "time": "1ms"}})";
  const std::string unlocked = R"(, {"expire": {"what": "lock", "time": "1ms"}})";
  for (const Row& row : std::vector<Row>{
           {{"refresh-ahead", 1, 1, cached}, nothing},
           {{"refresh-ahead", 1, 1, cached, false, faults(due)}, {{P, 6}, {A, 0}}},
           {{"refresh-ahead", 1, 2, cached, false, faults(due)}, {{P, 6}, {A, 7}}},
           {{"logical-expiry", 1, 4, cached, false, faults(due)}, {{P, 1}, {A, 2}, {I, 0}}},
           {{"logical-expiry", 1, 4, cached, false, faults(due + unlocked)}, {{P, 1}, {A, 2}, {I, 11}}},
       }) {
    expect_lengths(row);
  }
}

// At two writers and three readers.
TEST(Field, the_controls_stay_clean) {
  for (const Program& program : std::vector<Program>{
           {"versioned-update", 2, 3, cold},
           {"versioned-update", 2, 3, cached},
           {"versioned-tombstone", 2, 3, cold},
           {"versioned-tombstone", 2, 3, cached},
           {"locked", 2, 3, cold},
           {"locked", 2, 3, cached},
           {"pending-marker", 2, 3, cold},
           {"pending-marker", 2, 3, cached},
           {"lease", 2, 3, cold},
           {"lease", 2, 3, cached},
           {"locking-read", 2, 3, cold},
           {"locking-read", 2, 3, cached},
           {"tag-deleted:mode=strong,retry_rejected=true", 2, 3, cold},
           {"write-through", 2, 3, cold},
           {"write-through", 2, 3, cached},
           {"read-through", 2, 3, cold},
           {"read-through", 2, 3, cached},
           {"locking-read", 2, 3, cached, false,
            faults(R"({"crash": {"command": "mysql.commit", "client": "writer", "occurrence": 1}})")},
           {"locking-read", 2, 3, cached, false,
            faults(R"({"crash": {"command": "redis.del", "client": "writer", "occurrence": 1}})")},
           {"lease", 1, 3, cold, false,
            faults(R"({"expire": {"what": "lease", "time": "1ms", "count": 2}})")},
       }) {
    expect_lengths({program, nothing});
  }
}

// The one-fault sibling of each.
TEST(Field, one_fault_breaks_each_control) {
  const std::string evicted = faults(R"({"evict": {"time": "1ms"}})");
  const std::string dug_up = faults(R"({"evict": {"what": "tombstone", "time": "1ms"}})");
  const std::string unburied = faults(R"({"expire": {"what": "tombstone", "time": "1ms"}})");
  const std::string unlocked = faults(R"({"expire": {"what": "lock", "time": "1ms"}})");
  const std::string unmarked = faults(R"({"expire": {"what": "marker", "time": "1ms"}})");
  const std::string killed = faults(R"({"kill": {"client": "reader", "time": "1ms"}})");
  for (
      const Row& row : std::vector<Row>{
          {{"versioned-update", 1, 2, cold, false, evicted}, {{A, 7}}},
          {{"versioned-tombstone", 1, 2, cold, false, unburied}, {{A, 7}}},
          {{"versioned-tombstone", 1, 2, cold, false, dug_up}, {{A, 7}}},
          {{"locked", 1, 2, cold, false, unlocked}, {{A, 11}}},
          {{"locked:fenced=true", 1, 2, cold, false, unlocked}, {{A, 11}}},  // the writer's lock
          {{"pending-marker", 1, 2, cold, false, unmarked}, {{A, 8}}},
          {{"locking-read", 1, 2, cold, false, killed}, {{A, 8}}},
          // From a cached start a miss needs the DEL, and that stands behind the UPDATE: the reader's SELECT
          // waits for the row until the COMMIT, and gets what that wrote.
          {{"locking-read", 1, 2, cached, false, killed}, nothing},
          // The session of a reader that crashes ends at once; the SET that it had sent comes later.
          {{"locking-read", 1, 2, cold, false,
            faults(
                R"({"crash": {"command": "redis.set", "client": "reader", "at": "sent", "occurrence": 1}})")},
           {{A, 8}}},
          {{"binlog-delete:fill=lease", 1, 1, cached}, {{P, 0}}},
      }) {
    expect_lengths(row);
  }
}

TEST(Field, messages_that_overtake_each_other_leave_the_older_value) {
  const std::string reorder = faults(R"({"reorder": {"occurrence": 1}})");
  expect_lengths({{"binlog-update", 2, 0, cached}, {{P, 0}}});
  expect_lengths({{"binlog-update", 2, 0, cached, false, reorder}, {{P, 4}}});
  expect_lengths({{"binlog-versioned", 2, 0, cached, false, reorder}, {{P, 0}}});
}

// A Redis that comes back with what it held before: the DEL is forgotten, or the lock.
TEST(Field, a_redis_that_comes_back_forgets) {
  const std::string restart = faults(R"({"restart": {"snapshot": "1ms", "time": "2ms"}})");
  expect_lengths({{"write-then-delete", 1, 1, cached, false, restart}, {{A, 4}, {P, 3}}});
  expect_lengths({{"versioned-update", 1, 1, cached, false, restart}, {{A, 4}}});
  for (const auto& [strategy, length] :
       {std::pair("write-then-delete", 4), std::pair("versioned-update", 4)}) {
    Scenario scenario = scenario_of({strategy, 1, 1, cached, false, restart});
    scenario.setup.faults[0].kind = models::FaultKind::failover;
    const ExploredStrategy without = explore(scenario, {}).strategies.at(0);
    EXPECT_EQ(length_of(without, A), 0) << "without a replica nothing is lost";
    scenario.setup.redis.replica = true;
    const ExploredStrategy result = explore(scenario, {}).strategies.at(0);
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(length_of(result, A), length) << strategy;
  }
}

// An event ahead of its commit's visibility: semi-synchronous replication with after_sync.
TEST(Field, an_event_ahead_of_its_commit_breaks_a_leased_fill) {
  Scenario scenario = scenario_of({"binlog-delete:fill=lease", 1, 2, cached});
  for (const auto mode : {models::SemiSync::after_commit, models::SemiSync::after_sync}) {
    scenario.setup.mysql.semi_sync = mode;
    const ExploredStrategy result = explore(scenario, {}).strategies.at(0);
    EXPECT_EQ(length_of(result, P), mode == models::SemiSync::after_sync ? 6 : 0);
  }
}

TEST(Field, events_of_a_key_in_several_partitions_overtake_each_other) {
  struct Case {
    const char* strategy;
    std::uint32_t partitions;
    models::Partitioner partitioner;
    int stuck;
  };
  using enum models::Partitioner;
  for (const Case& one : std::vector<Case>{{"binlog-update:consumers=2", 2, round_robin, 4},
                                           {"binlog-update:consumers=1", 2, round_robin, 4},
                                           {"binlog-update:consumers=2", 1, round_robin, 0},
                                           {"binlog-update:consumers=2", 2, key, 0},
                                           {"binlog-versioned:consumers=2", 2, round_robin, 0}}) {
    SCOPED_TRACE(fmt::format("{} {} partitions {}", one.strategy, one.partitions,
                             models::partitioner_names[static_cast<std::size_t>(one.partitioner)]));
    Scenario scenario = scenario_of({one.strategy, 2, 0, cached});
    scenario.setup.queue.partitions = one.partitions;
    scenario.setup.queue.partitioner = one.partitioner;
    const ExploredStrategy result = explore(scenario, {}).strategies.at(0);
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(length_of(result, P), one.stuck);
  }
}

// What an outbox's relay reads is committed.
TEST(Field, a_message_of_an_outbox_is_never_ahead_of_its_commit) {
  for (const auto& [strategy, length] : {std::pair("binlog-delete", 6), std::pair("outbox", 0)}) {
    Scenario scenario = scenario_of({strategy, 1, 2, cached});
    scenario.setup.mysql.semi_sync = models::SemiSync::after_sync;
    const ExploredStrategy result = explore(scenario, {}).strategies.at(0);
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(length_of(result, P), length) << strategy;
    EXPECT_EQ(length_of(result, A), 3) << strategy;
  }
}

}  // namespace
}  // namespace cacherace::exploration
