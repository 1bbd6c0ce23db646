// Exact thresholds against every run by time at every value of a small range.
#include <gtest/gtest.h>

#include <stdexcept>

#include "all_instants.hpp"
#include "exploration/threshold.hpp"
#include "exploration/timed.hpp"
#include "random_programs.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::must_choose;
using scenarios::must_read;

constexpr std::int64_t sleep_max = 9;

struct Tally {
  std::uint64_t compared = 0, skipped = 0, of_both = 0;  // some values safe, some unsafe
  std::uint64_t not_monotone = 0;
};

StrategyChoice with_sleep(const StrategyChoice& strategy, std::int64_t sleep) {
  StrategyChoice changed = strategy;
  changed.parameters.set_raw("sleep", sleep);
  return changed;
}

// Which values are unsafe, by brute force; empty: too many runs.
std::vector<bool> unsafe_by_twin(const Scenario& scenario, const StrategyChoice& strategy,
                                 Property property) {
  std::vector<bool> unsafe;
  for (std::int64_t sleep = 0; sleep <= sleep_max; ++sleep) {
    const Reached reached = AllInstants(scenario, with_sleep(strategy, sleep)).search(4'000);
    if (!reached.whole) return {};
    unsafe.push_back(reached.flags[index_of(property)]);
  }
  return unsafe;
}

std::vector<bool> unsafe_by_search(const Threshold& threshold) {
  std::vector<bool> unsafe(sleep_max + 1, false);
  for (const DurationRange& range : threshold.unsafe) {
    for (std::int64_t sleep = sim::nanos(range.from); sleep <= sim::nanos(range.to); ++sleep) {
      unsafe.at(static_cast<std::size_t>(sleep)) = true;
    }
  }
  return unsafe;
}

// The witness is at the greatest unsafe value, and what it says comes about.
void expect_played(const Scenario& scenario, const StrategyChoice& strategy, const Threshold& threshold,
                   Property property) {
  ASSERT_TRUE(threshold.witness);
  const StrategyChoice unsafe = with_sleep(strategy, sim::nanos(*threshold.greatest_unsafe()));
  const auto schedule = read_schedule(threshold.witness->schedule, fingerprint(scenario, unsafe));
  ASSERT_TRUE(std::holds_alternative<Schedule>(schedule));
  EXPECT_TRUE(play(scenario, unsafe, std::get<Schedule>(schedule), property));
}

void expect_same(const RandomProgram& program, Property property, Tally& tally) {
  const Scenario scenario = must_read(program.text);
  const StrategyChoice strategy = must_choose(program.strategy);
  const std::vector<bool> unsafe = unsafe_by_twin(scenario, strategy, property);
  ++(unsafe.empty() ? tally.skipped : tally.compared);
  if (unsafe.empty()) return;
  const DurationRange range{sim::Duration{0}, sim::Duration{sleep_max}};
  const Threshold threshold = find_threshold({scenario, strategy, "sleep", property, range}, {});
  EXPECT_TRUE(threshold.complete);
  EXPECT_EQ(unsafe_by_search(threshold), unsafe);
  const auto changes = std::ranges::adjacent_find(unsafe, std::less<>());  // safe, then unsafe
  EXPECT_EQ(threshold.monotone(range), changes == unsafe.end());
  tally.not_monotone += changes == unsafe.end() ? 0 : 1;
  tally.of_both += std::ranges::count(unsafe, unsafe.front()) == sleep_max + 1 ? 0 : 1;
  if (threshold.greatest_unsafe()) expect_played(scenario, strategy, threshold, property);
}

TEST(ThresholdTwin, agrees_on_random_programs) {
  const std::uint64_t seed = number_in("TWIN_SEED", 3), programs = number_in("TWIN_PROGRAMS", 600);
  Tally tally;
  for (std::uint64_t number = number_in("TWIN_FROM", 0); number < programs && !HasFailure(); ++number) {
    Dice dice(seed, number);
    static const std::vector<Property> properties = {Property::stuck, Property::stuck, Property::stale_read,
                                                     Property::nonlinearizable, Property::inversion};
    const Property property = dice.one_of(properties);
    static const std::vector<std::string> strategies = {"delayed-double-delete", "delayed-double-delete",
                                                        "delayed-double-delete:first_delete=false",
                                                        "delayed-double-delete:async=true"};
    const RandomProgram program{dice.one_of(strategies),
                                dice.chance(4) ? random_scenario(dice) : random_late_readers(dice)};
    SCOPED_TRACE(fmt::format("seed {} program {}: {} {}\n{}", seed, number, program.strategy,
                             property_names[index_of(property)], program.text));
    try {
      expect_same(program, property, tally);
    } catch (const std::logic_error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  RecordProperty("compared", std::to_string(tally.compared));
  EXPECT_GT(tally.compared, 200U);
  EXPECT_GT(tally.of_both, 40U);
}

// One writer and one reader of a cold key, who may begin at any instant that matters: a fill of the old
// version lands behind the second delete iff the sleep is at most (D - d) + (R - r) + L, where the database's
// response takes [d, D], Redis's request [r, R] and a replica's lag at most L. No other leg counts.
TEST(ThresholdTwin, is_the_closed_form_where_the_reader_may_be_late_enough) {
  for (std::uint64_t number = 0; number < 100; ++number) {
    Dice dice(11, number);
    const std::uint32_t d = dice.roll(9), r = dice.roll(9), responses = dice.roll(9), requests = dice.roll(9);
    const std::uint32_t lag = dice.chance(2) ? dice.roll(20) : 0, other = dice.roll(9);
    const Scenario scenario = must_read(fmt::format(
        R"({{"name": "late", "redis": {{"latency": {{"request": {}, "response": {}}}}},
  "mysql": {{"latency": {{"request": {}, "response": {}}}, "replicas": 1, "replication_lag": {},
             "read_from": "{}"}},
  "clients": [{{"name": "writer", "start": {}, "do": ["write"]}},
              {{"name": "reader", "start": {}, "do": ["read"]}}],
  "strategies": ["ttl-only"]}})",
        uniform(r, r + requests), uniform(other, other + dice.roll(5)), uniform(other / 2, other),
        uniform(d, d + responses), uniform(lag / 2, lag), lag > 0 ? "replica" : "primary", uniform(0, 40),
        uniform(0, 99)));
    SCOPED_TRACE(scenario.text);
    const Threshold threshold =
        find_threshold({scenario, must_choose("delayed-double-delete"), "sleep", Property::stuck}, {});
    EXPECT_TRUE(threshold.complete);
    EXPECT_EQ(threshold.unsafe,
              (std::vector<DurationRange>{{sim::Duration{0}, sim::Duration{responses + requests + lag}}}));
  }
}

// Deleting at once is safe here: the reader's second GET comes after it. Later it finds the old entry.
TEST(ThresholdTwin, larger_is_not_always_safer) {
  const Scenario scenario = must_read(R"({"name": "at once",
  "redis": {"latency": "1ns"}, "mysql": {"latency": {"request": "2ns", "response": "1ns"},
                                         "service": {"select": "1ns"}},
  "clients": [{"name": "writer", "start": "4ns", "do": ["write"]},
              {"name": "reader", "start": "2ns", "do": ["read", "read"], "think": "1ns"}],
  "strategies": ["ttl-only"]})");
  const DurationRange range{sim::Duration{0}, sim::Duration{sleep_max}};
  const Threshold threshold = find_threshold(
      {scenario, must_choose("delayed-double-delete:async=true"), "sleep", Property::nonlinearizable, range},
      {});
  EXPECT_TRUE(threshold.complete);
  EXPECT_EQ(threshold.unsafe, (std::vector<DurationRange>{{sim::Duration{2}, range.to}}));
  EXPECT_FALSE(threshold.monotone(range));
}

}  // namespace
}  // namespace cacherace::exploration
