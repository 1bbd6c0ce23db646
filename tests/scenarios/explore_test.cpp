// Exploring every order: the lengths of shortest witnesses that an independent search of small models gave,
// pinned sizes, and complete explorations of two writers and three readers.
#include <gtest/gtest.h>

#include <iostream>

#include "explore_programs.hpp"

namespace cacherace::scenarios {
namespace {

constexpr int never = 0;

// Lengths of the shortest witnesses: stale read, inversion, stuck. -1: not said.
struct Expected {
  Program program;
  int stale;
  int inversion;
  int stuck;
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
           {{"delete-then-write", 1, 2, cached}, 6, -1, 5},
           {{"write-then-delete", 1, 2, cold}, 6, -1, -1},
           {{"write-then-delete", 1, 3, cold}, 6, 8, -1},
           {{"write-then-delete", 1, 2, cached}, never, never, never},
           {{"write-then-delete", 2, 2, cached}, 8, -1, -1},
           {{"write-then-delete", 1, 2, cached, replica}, 5, -1, -1},
           {{"delayed-double-delete", 1, 2, cached}, 8, -1, -1},
           {{"delayed-double-delete", 1, 2, cached, replica}, 7, -1, -1},
           {{"delayed-double-delete:async=true", 1, 2, cached}, 6, -1, -1},
           {{"ttl-only", 1, 1, cached}, 2, -1, -1},
           {{"binlog-delete", 1, 2, cached}, 2, -1, -1},
           {{"binlog-delete", 1, 1, cold}, -1, -1, 5},
           {{"binlog-update", 1, 2, cached}, 2, -1, -1},
           {{"binlog-update", 1, 1, cold}, -1, -1, 5},
           {{"write-then-update", 2, 0, cold}, never, never, 4},
           {{"write-then-update", 1, 2, cold}, 6, -1, -1},
       }) {
    SCOPED_TRACE(name_of(row.program));
    const ExploredStrategy result = explored(row.program);
    EXPECT_TRUE(result.complete);
    expect_length(result, Property::stale_read, row.stale);
    expect_length(result, Property::inversion, row.inversion);
    expect_length(result, Property::stuck, row.stuck);
    EXPECT_FALSE(result.reachable(Property::deadlock));
    std::cout << name_of(row.program) << ": " << result.states << " states, " << result.outcomes
              << " outcomes\n";
  }
}

TEST(Explore, two_writers_and_three_readers_are_explored_completely_under_every_strategy) {
  for (const auto* info : strategies::all_strategies()) {
    const std::string name(info->name);
    for (const bool cached : {false, true}) {
      const Program program{name.c_str(), 2, 3, cached};
      SCOPED_TRACE(name_of(program));
      const ExploredStrategy result = explored(program);
      EXPECT_TRUE(result.complete);
      std::cout << name_of(program) << ": " << result.states << " states, " << result.outcomes
                << " outcomes\n";
    }
  }
}

}  // namespace
}  // namespace cacherace::scenarios
