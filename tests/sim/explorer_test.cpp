// Exploration of small subjects that know no store: counters that fibers raise.
#include "sim/explorer.hpp"

#include <gtest/gtest.h>

#include <array>

#include "sim/world.hpp"

namespace cacherace::sim {
namespace {

using namespace std::chrono_literals;

constexpr Marks a_leads_by_three = 1;
constexpr Marks ends_level = 2;
constexpr Marks moved = 4;

// Two fibers take steps; a state is how many each has taken.
class TwoCounters final : public Subject {
 public:
  explicit TwoCounters(std::array<int, 2> steps) : steps_(steps) {}

  void run(Chooser& chooser) override {
    ++runs;
    taken_ = {};
    last_ = {};
    world_.use(&chooser);
    for (std::size_t who : {0U, 1U}) {
      if (steps_[who] == 0) continue;
      world_.spawn({}, [this, who] {
        for (int i = 0; i < steps_[who] && !world_.stopping(); ++i) {
          world_.wait(1ns, Part::step);
          if (world_.stopping()) return;
          ++taken_[who];
          world_.wait(1ns, Part::rest);
        }
      });
    }
    world_.run({});
  }

  Sight look(std::span<const Pending> pending) override {
    Sight sight;
    sight.state.add(static_cast<std::uint64_t>(taken_[0]));
    sight.state.add(static_cast<std::uint64_t>(taken_[1]));
    if (taken_ != last_) sight.marks |= moved;
    if (taken_[0] == taken_[1] + 3) sight.marks |= a_leads_by_three;
    if (pending.empty() && taken_[0] == taken_[1]) sight.marks |= ends_level;
    last_ = taken_;
    return sight;
  }

  void pass() override { last_ = taken_; }

  void see_final() override { ++finals; }

  int runs = 0;
  int finals = 0;

 private:
  std::array<int, 2> steps_;
  std::array<int, 2> taken_{}, last_{};
  World world_;
};

TEST(Explorer, meets_every_state_once) {
  TwoCounters subject({3, 4});
  Explorer explorer(subject);
  EXPECT_TRUE(explorer.explore({}));
  EXPECT_EQ(explorer.graph().states(), 4U * 5U);
  EXPECT_EQ(subject.finals, 1);
  // 3 * 5 + 4 * 4 edges, of which 19 lead to new states.
  EXPECT_LE(subject.runs, 31 - 19 + 1);
}

TEST(Explorer, finds_the_shortest_way_to_a_step_and_repeats_it) {
  TwoCounters subject({5, 5});
  Explorer explorer(subject);
  EXPECT_TRUE(explorer.explore({}));
  const auto way = explorer.graph().to_step(a_leads_by_three);
  ASSERT_TRUE(way);
  EXPECT_EQ(way->counted, 3U);
  EXPECT_EQ(explorer.choices_along(*way).size(), way->edges.size());
  EXPECT_FALSE(explorer.graph().to_dead_end());
}

TEST(Explorer, finds_the_way_to_a_final_state) {
  TwoCounters level({2, 2});
  Explorer to_level(level);
  EXPECT_TRUE(to_level.explore({}));
  EXPECT_EQ(to_level.graph().to_final(ends_level, moved)->counted, 4U);
  TwoCounters uneven({2, 1});
  Explorer to_uneven(uneven);
  EXPECT_TRUE(to_uneven.explore({}));
  EXPECT_FALSE(to_uneven.graph().to_final(ends_level, moved));
}

TEST(Explorer, stops_at_limits) {
  TwoCounters subject({9, 9});
  Explorer few(subject);
  EXPECT_FALSE(few.explore({.states = 10}));
  EXPECT_LE(few.graph().states(), 10U);
  TwoCounters one_way({9, 0});  // nothing is left to go back to
  Explorer first(one_way);
  EXPECT_FALSE(first.explore({.states = 5}));
  Explorer stopped(subject);
  EXPECT_FALSE(stopped.explore({.watch = [](const SearchProgress&) { return true; }}));
  Explorer shallow(subject);
  EXPECT_FALSE(shallow.explore({.steps = 5}));
}

// A state without an end: 0 -> 1 -> 2 -> 1, and 0 -> 3, which is final.
TEST(StateGraph, finds_dead_ends_and_the_least_count) {
  StateGraph graph;
  for (int i = 0; i < 4; ++i) graph.add_state();
  graph.add_edge({0, 1, 1, 0});
  graph.add_edge({1, 2, 1, 1});
  graph.add_edge({2, 1, 0, 0});
  graph.add_edge({0, 2, 3, 1});
  graph.add_edge({0, 3, 1, 0});
  graph.mark_final(3, 0);
  graph.finish();
  const auto dead = graph.to_dead_end();
  ASSERT_TRUE(dead);
  EXPECT_EQ(dead->counted, 1U);
  const auto step = graph.to_step(1);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->counted, 2U);
  EXPECT_EQ(step->edges, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_FALSE(graph.to_step(2));
}

}  // namespace
}  // namespace cacherace::sim
