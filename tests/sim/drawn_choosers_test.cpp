// Orders that are drawn: the same address the same order, every order is met, and the guarantee of PCT.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "sim/pct_chooser.hpp"
#include "sim/random_chooser.hpp"
#include "sim/world.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::sim {
namespace {

using namespace std::chrono_literals;

// Fibers a, b, c … take steps; an order is the string of those who took them.
class Walkers {
 public:
  explicit Walkers(std::vector<int> steps) : steps_(std::move(steps)) {}

  // `throws`: each fiber's last step is followed by a coin, heads in capitals.
  std::string order(Chooser& chooser, bool throws = false) {
    order_.clear();
    world_.use(&chooser);
    for (std::size_t who = 0; who < steps_.size(); ++who) {
      world_.spawn(
          {}, [this, who, throws] { walk(who, throws); }, Part::rest, who << 8U);
    }
    world_.run({});
    return order_;
  }

 private:
  void walk(std::size_t who, bool throws) {
    for (int i = 0; i < steps_[who]; ++i) {
      world_.wait(1ns, Part::step);
      const bool heads = throws && i + 1 == steps_[who] && world_.pick(2) == 1;
      order_ += static_cast<char>((heads ? 'A' : 'a') + static_cast<int>(who));
    }
  }

  std::vector<int> steps_;
  std::string order_;
  World world_;
};

Stream stream(std::uint64_t seed, std::uint64_t run, std::uint32_t who = 0) {
  return {seed, run, Purpose(who, 35)};
}

std::string random_order(Walkers& walkers, std::uint64_t seed, std::uint64_t run, bool throws = false) {
  RandomChooser chooser(stream(seed, run));
  return walkers.order(chooser, throws);
}

std::string pct_order(Walkers& walkers, const PctPlan& plan, std::uint64_t run, bool throws = false) {
  PctChooser chooser(plan, stream(1, run, 0), stream(1, run, 1));
  return walkers.order(chooser, throws);
}

TEST(RandomChooser, takes_every_order_and_each_choice_alike) {
  Walkers walkers({2, 2});
  std::map<std::string, int> met;
  constexpr int runs = 6400;
  for (int run = 0; run < runs; ++run) ++met[random_order(walkers, 1, static_cast<std::uint64_t>(run), true)];
  EXPECT_EQ(met.size(), 6U * 4U);
  // Two choices in a row, then two coins: an order that leaves one walker alone early is more likely.
  const auto expect_share = [&](const std::string& order, double share) {
    EXPECT_NEAR(met[order], share * runs, 5 * std::sqrt(share * runs)) << order;
  };
  expect_share("aabb", 1.0 / 4 / 4);
  expect_share("aAbB", 1.0 / 4 / 4);
  expect_share("abab", 1.0 / 8 / 4);
  expect_share("BbaA", 0.0);
}

TEST(RandomChooser, repeats_the_order_of_its_address) {
  Walkers walkers({5, 5, 5}), others({5, 5, 5});
  const auto order = random_order(walkers, 7, 3, true);
  EXPECT_EQ(random_order(others, 7, 3, true), order);
  EXPECT_NE(random_order(others, 7, 4, true), order);
  EXPECT_NE(random_order(others, 8, 3, true), order);
}

TEST(PctChooser, repeats_the_order_of_its_address) {
  Walkers walkers({5, 5, 5}), others({5, 5, 5});
  const PctPlan plan{.depth = 3, .steps = 15};
  std::map<std::string, int> met;
  for (std::uint64_t run = 0; run < 20; ++run) {
    const auto order = pct_order(walkers, plan, run, true);
    EXPECT_EQ(pct_order(others, plan, run, true), order);
    ++met[order];
  }
  EXPECT_GT(met.size(), 10U);
}

// A bug of depth 1: all of one walker's steps come before another's first. Among equal choices that is lost.
TEST(PctChooser, lets_one_run_far_ahead_of_others) {
  constexpr int steps = 30;
  Walkers walkers({steps, steps, steps});
  std::map<std::string, int> first;
  constexpr int runs = 600;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const auto order = pct_order(walkers, {.depth = 1, .steps = 3 * steps}, run);
    EXPECT_EQ(order.find_first_not_of(order[0]), static_cast<std::size_t>(steps)) << order;
    ++first[order.substr(0, 1) + order.substr(steps, 1)];
    EXPECT_NE(random_order(walkers, 1, run).find_first_not_of(order[0]), static_cast<std::size_t>(steps));
  }
  EXPECT_EQ(first.size(), 6U);  // priorities are drawn: every order of the three
  for (const auto& [order, count] : first) EXPECT_NEAR(count, runs / 6, 5 * std::sqrt(runs / 6.0)) << order;
}

// Bugs of depth 2 and 3, told as the order of a and b alone where c is not in it: b runs from beginning to
// end between two given steps of a; a goes on only between two given steps of b; c has to wait for all of a.
// The paper's theorem, with five standard deviations for the sample.
TEST(PctChooser, meets_a_bug_as_often_as_the_theorem_says) {
  struct Bug {
    std::uint32_t depth;
    std::vector<int> steps;
    std::string order;
  };
  for (const Bug& bug : std::vector<Bug>{{2, {4, 4}, "aabbbbaa"},
                                         {2, {4, 4, 4}, "abbbbaaa"},
                                         {3, {3, 4}, "abbaabb"},
                                         {3, {3, 4, 2}, "abbaabb"},
                                         {3, {2, 2, 1}, "abbac"}}) {
    Walkers walkers(bug.steps);
    double steps = 0;
    for (const int of_one : bug.steps) steps += of_one;
    const PctPlan plan{.depth = bug.depth, .steps = static_cast<std::uint64_t>(steps)};
    constexpr int runs = support::sanitized ? 2'000 : 20'000;
    int met = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
      std::string order = pct_order(walkers, plan, run);
      if (bug.order.find('c') == bug.order.npos) std::erase(order, 'c');
      met += static_cast<int>(order == bug.order);
    }
    const double owners = static_cast<double>(bug.steps.size());
    const double expected = runs / (owners * std::pow(steps, bug.depth - 1.0));
    EXPECT_GE(met, expected - 5 * std::sqrt(expected)) << bug.order;
    EXPECT_LT(met, runs / 4) << bug.order;
  }
}

// Two events of one owner: either may come first, though their owner has one priority.
TEST(PctChooser, orders_what_one_owner_has_pending) {
  Walkers walkers({1, 1, 1});
  std::map<std::string, int> met;
  for (std::uint64_t run = 0; run < 200; ++run) {
    ++met[pct_order(walkers, {.depth = 1, .steps = 3, .owner_bits = ~Tag{0x1ff}}, run)];
  }
  // a and b have tags 0 and 0x100, one owner; c has 0x200.
  EXPECT_EQ(met.size(), 4U);
  EXPECT_EQ(met.count("acb"), 0U);
  EXPECT_EQ(met.count("bca"), 0U);
}

}  // namespace
}  // namespace cacherace::sim
