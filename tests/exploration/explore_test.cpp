// Exploring every order: the lengths of shortest witnesses that an independent search of small models gave,
// pinned sizes, and complete explorations of two writers and three readers.
#include <gtest/gtest.h>

#include <iostream>

#include "explore_programs.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::ExpectationVerdict;

constexpr int never = 0;

// Lengths of the shortest witnesses (-1: not said), then sizes, which are pinned: a change of them is a
// change of what is explored, or of what a state is.
struct Expected {
  Program program;
  int stale, inversion, stuck;
  std::uint64_t states, outcomes;
};

int length_of(const ExploredStrategy& result, Property property) {
  const auto& witness = result.witnesses[static_cast<std::size_t>(property)];
  return witness ? static_cast<int>(witness->steps.size()) : never;
}

void expect_length(const ExploredStrategy& result, Property property, int expected) {
  if (expected >= 0) {
    EXPECT_EQ(length_of(result, property), expected) << property_names[static_cast<std::size_t>(property)];
  }
}

TEST(Explore, finds_the_shortest_witnesses_of_an_independent_search) {
  const bool cached = true;
  const bool cold = false;
  const bool replica = true;
  for (const Expected& row : std::vector<Expected>{
           {{"delete-then-write", 1, 2, cached}, 6, -1, 5, 71, 7},
           {{"write-then-delete", 1, 2, cold}, 6, -1, -1, 96, 10},
           {{"write-then-delete", 1, 3, cold}, 6, 8, -1, 352, 22},
           {{"write-then-delete", 1, 2, cached}, never, never, never, 21, 4},
           {{"write-then-delete", 2, 2, cached}, 8, -1, -1, 202, 38},
           {{"write-then-delete", 1, 2, cached, replica}, 5, -1, -1, 51, 7},
           {{"delayed-double-delete", 1, 2, cached}, 8, -1, -1, 136, 10},
           {{"delayed-double-delete", 1, 2, cached, replica}, 7, -1, -1, 219, 10},
           {{"delayed-double-delete:async=true", 1, 2, cached}, 6, -1, -1, 200, 10},
           {{"ttl-only", 1, 1, cached}, 2, -1, -1, 5, 1},
           {{"binlog-delete", 1, 2, cached}, 2, -1, -1, 28, 4},
           {{"binlog-delete", 1, 1, cold}, -1, -1, 5, 25, 4},
           {{"binlog-update", 1, 2, cached}, 2, -1, -1, 17, 4},
           {{"binlog-update", 1, 1, cold}, -1, -1, 5, 23, 3},
           {{"write-then-update", 2, 0, cold}, never, never, 4, 10, 4},
           {{"write-then-update", 1, 2, cold}, 6, -1, -1, 68, 7},
       }) {
    SCOPED_TRACE(name_of(row.program));
    const ExploredStrategy result = explored(row.program);
    EXPECT_TRUE(result.complete);
    expect_length(result, Property::stale_read, row.stale);
    expect_length(result, Property::inversion, row.inversion);
    expect_length(result, Property::stuck, row.stuck);
    EXPECT_FALSE(result.reachable(Property::deadlock));
    EXPECT_EQ(result.states, row.states);
    EXPECT_EQ(result.outcomes, row.outcomes);
  }
}

// With client-tracking the replies that Redis's news may overtake are steps of their own.
std::uint64_t states_max(const strategies::StrategyInfo& info) {
  return info.name == "client-tracking" ? 110'000 : 40'000;
}

TEST(Explore, two_writers_and_three_readers_are_explored_completely_under_every_strategy) {
  for (const auto* info : strategies::all_strategies()) {
    for (const bool cached : {false, true}) {
      const Program program{std::string(info->name), 2, 3, cached};
      SCOPED_TRACE(name_of(program));
      const ExploredStrategy result = explored(program);
      EXPECT_TRUE(result.complete);
      EXPECT_LT(result.states, states_max(*info));
      std::cout << name_of(program) << ": " << result.states << " states, " << result.outcomes
                << " outcomes\n";
    }
  }
}

// Lengths of the shortest witnesses under one fault; what struck is among their steps.
TEST(Explore, tells_what_a_fault_makes_possible) {
  struct Row {
    Program program;
    std::string fault;
    Property property;
    int length;
  };
  const bool cached = true;
  const bool cold = false;
  const std::string failed_delete = R"({"fail": {"command": "redis.del", "occurrence": 1}})";
  const std::string rollback = R"({"fail": {"command": "mysql.update", "occurrence": 1}})";
  const std::string lost = R"({"lose": {"occurrence": 1}})";
  const std::string sent = R"({"crash": {"command": "mysql.update", "at": "sent", "occurrence": 1}})";
  const std::string late = R"({"timeout": {"command": "redis.del", "after": "5ms", "occurrence": 1}})";
  for (const Row& row : std::vector<Row>{
           {{"write-then-delete", 1, 0, cached}, failed_delete, Property::stuck, 2},
           {{"write-then-delete", 1, 1, cached}, failed_delete, Property::stale_read, 3},
           {{"delete-then-write", 1, 0, cached}, failed_delete, Property::stuck, 2},
           {{"delete-then-write", 1, 2, cached}, rollback, Property::stuck, never},
           {{"delete-then-write", 1, 2, cached}, rollback, Property::stale_read, never},
           {{"update-then-write", 1, 1, cold}, rollback, Property::cache_ahead, 1},  // SET
           // SET, GET: a read is dirty as soon as it returns what is not committed, whatever comes of that.
           {{"update-then-write", 1, 1, cold}, rollback, Property::dirty_read, 2},
           {{"update-then-write", 1, 1, cold}, rollback, Property::nonlinearizable, 3},  // … the rollback
           {{"update-then-write", 1, 1, cold}, rollback, Property::stuck, 2},
           {{"binlog-update", 1, 0, cached}, lost, Property::stuck, 1},
           {{"binlog-delete", 1, 0, cached}, lost, Property::stuck, 1},
           {{"binlog-delete", 1, 0, cached}, failed_delete, Property::stuck, 2},
           {{"write-then-delete", 1, 0, cached}, sent, Property::stuck, 2},  // UPDATE, the crash
           {{"write-then-delete", 1, 1, cached}, late, Property::stuck, never},
           {{"write-then-delete", 1, 1, cached}, late, Property::stale_read, 3},
       }) {
    Program program = row.program;
    program.more = fmt::format(R"(, "faults": [{}])", row.fault);
    SCOPED_TRACE(name_of(program));
    const auto result = explored(program);
    EXPECT_TRUE(result.complete);
    EXPECT_EQ(length_of(result, row.property), row.length);
    EXPECT_FALSE(result.reachable(Property::deadlock));
  }
}

// One writer's DEL leaves first and takes effect last; the second DEL fails, its writer commits and returns,
// and the old version is still cached.
TEST(Explore, lets_a_command_overtake_one_that_was_counted_before_it) {
  const auto result = explored({"delete-then-write", 2, 1, true, false,
                                R"(, "faults": [{"fail": {"command": "redis.del", "occurrence": 2}}])"});
  EXPECT_TRUE(result.reachable(Property::stale_read));
}

TEST(Explore, refuses_faults_of_clients_that_were_replaced) {
  const std::string shop = R"([{"name": "shop", "do": ["write"]}])";
  const std::string faults =
      R"(, "faults": [{"fail": {"command": "redis.del", "client": "shop", "occurrence": 1}}])";
  Scenario scenario = scenario_of({.strategy = "write-then-delete", .more = faults, .clients = shop});
  EXPECT_FALSE(why_not_explorable(scenario, false));
  replace_clients(scenario, {1, 1});
  const auto why = why_not_explorable(scenario, false);
  ASSERT_TRUE(why);
  EXPECT_NE(why->find("shop"), std::string::npos);
}

// A fault that may strike each time multiplies states by what may have been struck, not by orders.
TEST(Explore, two_writers_and_three_readers_are_explored_completely_where_any_delete_may_fail) {
  for (const auto* info : strategies::all_strategies()) {
    const Program program{std::string(info->name),
                          2,
                          3,
                          false,
                          false,
                          R"(, "faults": [{"fail": {"command": "redis.del", "probability": 0.5}}])"};
    SCOPED_TRACE(name_of(program));
    const ExploredStrategy result = explored(program);
    EXPECT_TRUE(result.complete);
    EXPECT_LT(result.states, 110'000U);
    std::cout << name_of(program) << ": " << result.states << " states, " << result.outcomes << " outcomes\n";
  }
}

TEST(Explore, a_limit_leaves_what_was_not_found_open) {
  const Scenario scenario = scenario_of({"write-then-delete", 1, 2});
  const ExploreResult result = explore(scenario, {.states_max = 20});
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(result.verdict, ResultVerdict::unknown);
  EXPECT_LE(result.strategies.at(0).states, 20U);
}

TEST(Explore, is_the_same_each_time) {
  const Program program{"delayed-double-delete", 2, 2, true};
  const ExploredStrategy one = explored(program);
  const ExploredStrategy two = explored(program);
  EXPECT_EQ(one.states, two.states);
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    ASSERT_EQ(one.witnesses[i].has_value(), two.witnesses[i].has_value());
    if (one.witnesses[i]) {
      EXPECT_EQ(one.witnesses[i]->schedule, two.witnesses[i]->schedule);
    }
  }
}

TEST(Explore, evaluates_its_own_expectations) {
  const auto verdicts = [](const std::string& expect) {
    const ExploreResult result = explore(
        scenario_of({.strategy = "write-then-delete", .more = R"(, "expect": [)" + expect + "]"}), {});
    EXPECT_EQ(result.strategies.at(0).expectations.size(), 1U);
    return std::pair(result.verdict, result.strategies.at(0).expectations.at(0).verdict);
  };
  const auto held = std::pair(ResultVerdict::held, ExpectationVerdict::held);
  const auto failed = std::pair(ResultVerdict::failed, ExpectationVerdict::failed);
  const auto elsewhere = std::pair(ResultVerdict::held, ExpectationVerdict::not_evaluated);
  EXPECT_EQ(verdicts(R"({"command": "explore", "figure": "reachable.stuck", "equals": true})"), held);
  EXPECT_EQ(verdicts(R"({"command": "explore", "figure": "reachable.stuck", "equals": false})"), failed);
  EXPECT_EQ(verdicts(R"({"command": "explore", "figure": "complete", "equals": true})"), held);
  EXPECT_EQ(verdicts(R"({"command": "explore", "figure": "states", "at_most": 5})"), failed);
  EXPECT_EQ(verdicts(R"({"command": "explore", "figure": "outcomes", "at_least": 4})"), held);
  EXPECT_EQ(
      verdicts(
          R"({"command": "explore", "mode": "untimed", "figure": "reachable.stale_read", "equals": false})"),
      held);
  EXPECT_EQ(
      verdicts(R"({"command": "explore", "mode": "timed", "figure": "reachable.stuck", "equals": false})"),
      elsewhere);
  EXPECT_EQ(verdicts(R"({"figure": "stuck.runs", "equals": 0})"), elsewhere);
}

// Every order of an exploration may meet every fault of the list.
TEST(Explore, in_a_swarm_all_faults_take_part) {
  Scenario scenario =
      scenario_of({.strategy = "write-then-delete",
                   .cached = true,
                   .more = R"(, "faults": [{"fail": {"command": "redis.del", "occurrence": 1}},
                                                           {"evict": {"time": "1ms"}}])"});
  const auto without = explore(scenario, {}).strategies.at(0);
  scenario.setup.swarm = true;
  const auto with = explore(scenario, {}).strategies.at(0);
  EXPECT_TRUE(with.reachable(Property::stuck));
  EXPECT_EQ(with.outcomes, without.outcomes);
  EXPECT_EQ(with.states, without.states);
}

// What the latencies allow is among what can happen at all; clients look alike, and faults strike.
TEST(Explore, timed_orders_under_faults_reach_no_more_than_untimed_ones) {
  const std::string twice = R"([{"name": "writer", "do": ["write"]},
                                {"name": "reader", "count": 2, "do": ["read"]}])";
  for (const char* strategy : {"ttl-only", "write-then-delete", "delete-then-write", "update-then-write"}) {
    for (const char* fault : {R"({"fail": {"command": "redis.set", "occurrence": 1}})",
                              R"({"fail": {"command": "redis.del", "probability": 0.5}})",
                              R"({"timeout": {"command": "mysql.update", "after": "1ms", "occurrence": 1}})",
                              R"({"crash": {"command": "redis.set", "at": "sent", "occurrence": 1}})",
                              R"({"evict": {"time": {"uniform": ["0ms", "9ms"]}}})"}) {
      Scenario scenario = scenario_of({.strategy = strategy,
                                       .cached = true,
                                       .more = fmt::format(R"(, "faults": [{}])", fault),
                                       .clients = twice});
      scenario.setup.redis.ttl.reset();
      SCOPED_TRACE(fmt::format("{} {}", strategy, fault));
      const auto timed = explore(scenario, {.timed = true}).strategies.at(0);
      const auto untimed = explore(scenario, {}).strategies.at(0);
      EXPECT_TRUE(timed.complete && untimed.complete);
      for (std::size_t i = 0; i < property_count; ++i) {
        EXPECT_TRUE(!timed.witnesses[i] || untimed.witnesses[i]) << property_names[i];
      }
    }
  }
}

}  // namespace
}  // namespace cacherace::exploration
