// What a session gets that reads the primary for a while after its own writes, and what others do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "scenarios/experiment.hpp"
#include "strategies/registry.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::scenarios {
namespace {

// Reads go to a replica that lags by 0 to 400 ms.
Scenario on_a_replica(const std::string& clients, const std::string& redis, const std::string& strategy) {
  Scenario scenario = must_read(fmt::format(
      R"({{"name": "pinned", "redis": {{"latency": "0.5ms"{}}},
           "mysql": {{"latency": "1ms", "replicas": 1, "read_from": "replica",
                      "replication_lag": {{"uniform": ["0ms", "400ms"]}}}},
           "clients": [{}], "strategies": ["write-then-delete"], "runs": 500}})",
      redis, clients));
  scenario.strategies = {must_choose(strategy)};
  return scenario;
}

std::uint64_t own_writes_not_read(const std::string& redis, const std::string& strategy) {
  const Scenario scenario = on_a_replica(
      R"({"name": "mixed", "count": 4, "operations": 40, "mix": {"read": 0.7, "write": 0.3},
          "think": {"exponential": {"mean": "200ms"}}})",
      redis, strategy);
  const StrategyResult result = run_experiment(scenario, {.jobs = 2}).strategies.at(0);
  EXPECT_GT(result.reads, 50'000U);
  return result.breaks_read_your_writes;
}

std::string pinned(const std::string& then, const std::string& pin) {
  return fmt::format("primary-pinned:then={},pin={}", then, pin);
}

// An old row that another session brought into the cache outlives the lag by the TTL: it has to be over, too.
TEST(PrimaryPinned, reads_its_own_writes_if_the_pin_is_longer_than_the_lag_and_what_is_cached_from_it) {
  for (const std::string then : {"write-then-delete", "versioned-update", "ttl-only"}) {
    SCOPED_TRACE(then);
    const std::string ttl = R"(, "ttl": "20ms")";
    const auto without = own_writes_not_read(ttl, then);
    const auto with_a_short_one = own_writes_not_read(ttl, pinned(then, "100ms"));
    EXPECT_GT(with_a_short_one, 5'000U);
    EXPECT_GT(without, with_a_short_one + with_a_short_one / 2);
    EXPECT_EQ(own_writes_not_read(ttl, pinned(then, "450ms")), 0U);
    EXPECT_EQ(own_writes_not_read(ttl, pinned(then, "1500ms")), 0U);
  }
}

TEST(PrimaryPinned, is_no_help_against_an_old_entry_that_stays) {
  EXPECT_GT(own_writes_not_read("", pinned("write-then-delete", "450ms")), 500U);
  EXPECT_EQ(own_writes_not_read("", pinned("versioned-update", "450ms")), 0U) << "there it does not stay";
}

using Figures = std::map<std::string, std::optional<double>>;

Figures figures_of(const std::string& strategy) {
  Scenario scenario = on_a_replica(R"({"name": "writer", "count": 2, "do": ["write"], "repeat": 10,
                                       "think": {"exponential": {"mean": "100ms"}}},
                                      {"name": "reader", "count": 3, "do": ["read"], "repeat": 20,
                                       "think": {"exponential": {"mean": "50ms"}}})",
                                   R"(, "ttl": "1s")", strategy);
  scenario.runs = 20;
  const StrategyResult result = run_experiment(scenario, {.jobs = 2}).strategies.at(0);
  EXPECT_EQ(result.incomplete_runs, 0U);
  Figures all;
  for_each_figure(
      result, [&](std::string_view path, const FigureValue& value) { all.emplace(path, number_of(value)); });
  return all;
}

// Sessions that read and do not write are served to the last figure as without the pin.
TEST(PrimaryPinned, changes_nothing_for_other_sessions) {
  int served_old_rows = 0;
  for (const auto* then : strategies::all_strategies()) {
    const std::string name(then->name);
    if (name == "primary-pinned") continue;
    const Figures unpinned = figures_of(name);
    EXPECT_EQ(figures_of(pinned(name, "1500ms")), unpinned) << name;
    served_old_rows += unpinned.at("reads.stale") > 0.0 ? 1 : 0;
  }
  EXPECT_GT(served_old_rows, 15) << "there is something to be unchanged";
}

}  // namespace
}  // namespace cacherace::scenarios
