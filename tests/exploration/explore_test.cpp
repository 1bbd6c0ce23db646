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

TEST(Explore, two_writers_and_three_readers_are_explored_completely_under_every_strategy) {
  for (const auto* info : strategies::all_strategies()) {
    for (const bool cached : {false, true}) {
      const Program program{std::string(info->name), 2, 3, cached};
      SCOPED_TRACE(name_of(program));
      const ExploredStrategy result = explored(program);
      EXPECT_TRUE(result.complete);
      EXPECT_LT(result.states, 40'000U);
      std::cout << name_of(program) << ": " << result.states << " states, " << result.outcomes
                << " outcomes\n";
    }
  }
}

// One failed DEL after the COMMIT is enough; the failed command is part of the witness.
TEST(Explore, tells_the_fault_that_leaves_the_cache_wrong) {
  const auto result = explored({"write-then-delete", 1, 0, true, false,
                                R"(, "faults": [{"fail": {"command": "redis.del", "occurrence": 1}}])"});
  ASSERT_TRUE(result.reachable(Property::stuck));
  EXPECT_EQ(length_of(result, Property::stuck), 2);
}

TEST(Explore, tells_dirty_reads_of_a_write_that_fails) {
  const auto result = explored({"update-then-write", 1, 1, false, false,
                                R"(, "faults": [{"fail": {"command": "mysql.update", "occurrence": 1}}])"});
  EXPECT_EQ(length_of(result, Property::dirty_read), 2);  // SET, GET
  EXPECT_EQ(length_of(result, Property::cache_ahead), 1);
  EXPECT_TRUE(result.reachable(Property::nonlinearizable));
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

}  // namespace
}  // namespace cacherace::exploration
