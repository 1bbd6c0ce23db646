// Two writers and three readers: what small programs do not show. Timed exploration against searches with
// fewer reductions, and against every run by time.
#include <gtest/gtest.h>

#include "all_instants.hpp"
#include "exploration/timed.hpp"
#include "random_programs.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::must_choose;
using scenarios::must_read;

const std::vector<std::string> strategies_with_readers = {"delete-then-write",
                                                          "write-then-delete",
                                                          "write-then-update",
                                                          "ttl-only",
                                                          "delayed-double-delete:sleep=4ns",
                                                          "delayed-double-delete:sleep=9ns"};

std::string client(const std::string& name, std::uint32_t count, const std::string& start,
                   const std::string& operation) {
  return fmt::format(R"({{"name": "{}", "count": {}, "start": {}, "do": ["{}"]}})", name, count, start,
                     operation);
}

// The same clients as two groups, or each a group of its own: then none are interchangeable.
// `spread`: of the legs.
std::string two_by_three(Dice dice, bool apart, std::uint32_t spread, const std::string& writers,
                         const std::string& readers) {
  const auto leg = [&](std::uint32_t more) {
    const std::uint32_t least = 1 + dice.roll(5);
    return uniform(least, least + dice.roll(more + 1));
  };
  const std::string stores = fmt::format(
      R"("redis": {{"latency": {{"request": {}, "response": {}}}}},
  "mysql": {{"latency": {{"request": {}, "response": {}}}}}, "keys": {{"cached": {}}})",
      leg(spread / 2), leg(0), leg(spread / 2), leg(spread), dice.chance(3));
  std::string clients;
  const auto add = [&](const char* name, std::uint32_t count, const std::string& start) {
    const std::string operation = name[0] == 'w' ? "write" : "read";
    for (std::uint32_t i = 0; apart && i < count; ++i) {
      clients += (clients.empty() ? "" : ", ") + client(fmt::format("{}{}", name, i), 1, start, operation);
    }
    if (!apart) clients += (clients.empty() ? "" : ", ") + client(name, count, start, operation);
  };
  add("writer", 2, writers);
  add("reader", 3, readers);
  return fmt::format(R"({{"name": "2 x 3", {}, "clients": [{}], "strategies": ["ttl-only"]}})", stores,
                     clients);
}

struct Seen {
  sim::Marks marks = 0;
  std::uint64_t outcomes = 0, classes = 0;
};

Seen search(const Scenario& scenario, const StrategyChoice& strategy, Returns returns, bool inclusion) {
  TimedProgram program(scenario, strategy, returns);
  sim::ClassExplorer explorer(program, program.grain());
  EXPECT_TRUE(explorer.explore({.inclusion = inclusion}));
  return {explorer.seen(), program.outcomes(), explorer.classes()};
}

TEST(TwoByThree, loses_nothing_to_symmetry_and_inclusion) {
  const std::uint64_t seed = number_in("TWIN_SEED", 5),
                      programs = number_in("TWIN_PROGRAMS", std::max<std::uint64_t>(1, 5 / programs_divisor));
  for (std::uint64_t number = 0; number < programs; ++number) {
    Dice dice(seed, number);
    const StrategyChoice strategy = must_choose(dice.one_of(strategies_with_readers));
    const std::string start = uniform(0, 1 + dice.roll(9));
    const Scenario together = must_read(two_by_three(dice, false, 1, start, start));
    const Scenario apart = must_read(two_by_three(dice, true, 1, start, start));
    SCOPED_TRACE(fmt::format("seed {} program {}: {}\n{}", seed, number, strategy.info->name, together.text));
    for (const Returns returns : {Returns::unseen, Returns::announced}) {
      const Seen reduced = search(together, strategy, returns, true);
      const Seen plain = search(apart, strategy, returns, false);
      EXPECT_EQ(reduced.marks, plain.marks);
      if (returns == Returns::announced) {
        EXPECT_EQ(reduced.outcomes, plain.outcomes);
      }
      EXPECT_LT(reduced.classes, plain.classes);
    }
  }
}

// What the runs reached and the search did not.
void expect_in(const Reached& reached, const ExploredStrategy& result) {
  EXPECT_LE(reached.outcomes.size(), result.outcomes);
  for (std::size_t i = 0; i < property_count; ++i) {
    if (reached.flags[i]) {
      EXPECT_TRUE(result.reachable(static_cast<Property>(i))) << property_names[i];
    }
  }
}

TEST(TwoByThree, misses_nothing_that_some_run_by_time_reaches) {
  const std::uint64_t seed = number_in("TWIN_SEED", 6), programs = number_in("TWIN_PROGRAMS", 15);
  Flags any{};
  for (std::uint64_t number = 0; number < programs && !HasFailure(); ++number) {
    Dice dice(seed, number);
    const StrategyChoice strategy = must_choose(dice.one_of(strategies_with_readers));
    const std::string writers = uniform(dice.roll(3), 3 + dice.roll(6)),
                      readers = uniform(0, 10 + dice.roll(12));
    const Scenario scenario = must_read(two_by_three(dice, false, 12, writers, readers));
    SCOPED_TRACE(fmt::format("seed {} program {}: {}\n{}", seed, number, strategy.info->name, scenario.text));
    const Reached reached = AllInstants(scenario, strategy).sample(10'000, number);
    expect_in(reached, explore_timed(scenario, strategy, {.timed = true}));
    for (std::size_t i = 0; i < property_count; ++i) any[i] |= reached.flags[i];
  }
  EXPECT_TRUE(any[index_of(Property::stale_read)] && any[index_of(Property::stuck)]);
  EXPECT_TRUE(any[index_of(Property::inversion)] && any[index_of(Property::nonlinearizable)]);
}

}  // namespace
}  // namespace cacherace::exploration
