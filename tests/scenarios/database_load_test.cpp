// What the database has to bear: the figures against slow and obvious ones, and against arithmetic.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "random_loads.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::scenarios {
namespace {

using models::Command;
using models::Fact;
using models::Record;

// Of detailed records: the SELECTs of each key whose reply its client waits for, recounted at every issue.
std::uint64_t naive_concurrent_loads(const std::vector<Record>& records) {
  const auto is_over = [&](std::size_t issue, std::size_t now) {
    for (std::size_t i = issue + 1; i <= now; ++i) {
      const Record& record = records[i];
      if (record.client != records[issue].client) continue;
      if (record.fact == Fact::crashed) return true;
      const bool ends =
          record.fact == Fact::replied || record.fact == Fact::refused || record.fact == Fact::timed_out;
      if (ends && record.command == Command::select) return true;
    }
    return false;
  };
  const auto is_load = [&](std::size_t i) {
    return records[i].fact == Fact::issued && records[i].command == Command::select;
  };
  std::uint64_t most = 0;
  for (std::size_t now = 0; now < records.size(); ++now) {
    if (!is_load(now)) continue;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= now; ++i) {
      if (is_load(i) && records[i].key == records[now].key && !is_over(i, now)) ++count;
    }
    most = std::max(most, count);
  }
  return most;
}

std::vector<std::int64_t> selects_of(const std::vector<Record>& records) {
  std::vector<std::int64_t> at;
  for (const Record& record : records) {
    if (record.fact == Fact::selected) at.push_back(sim::nanos(record.at));
  }
  return at;
}

// A second's worth of the SELECTs within the busiest window that begins with one of them.
double naive_peak(const std::vector<std::int64_t>& selects, std::int64_t length_ns) {
  std::int64_t most = 0;
  for (const auto begin : selects) {
    most = std::max<std::int64_t>(most, std::ranges::count_if(selects, [&](std::int64_t at) {
                                    return at >= begin && at < begin + 100'000'000;
                                  }));
  }
  const auto window = std::min<std::int64_t>(length_ns, 100'000'000);
  return static_cast<double>(most) * 1e9 / static_cast<double>(window);
}

TEST(DatabaseLoad, is_what_a_recount_of_all_records_says) {
  int with_several = 0;
  int long_runs = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    const Scenario scenario = random_load(seed);
    const StrategyResult result = run_experiment(scenario, {.jobs = 2}).strategies[0];
    Simulation simulation(scenario, scenario.strategies[0]);
    std::uint64_t concurrent = 0, reads = 0;
    double peak = 0.0;
    std::int64_t time_ns = 0;
    for (std::uint64_t run = 0; run < scenario.runs; ++run) {
      const sim::RunEnd end = simulation.run(run, true);
      const auto selects = selects_of(simulation.records());
      concurrent = std::max(concurrent, naive_concurrent_loads(simulation.records()));
      reads += selects.size();
      time_ns += sim::nanos(end.at);
      if (sim::nanos(end.at) > 0) peak = std::max(peak, naive_peak(selects, sim::nanos(end.at)));
      long_runs += sim::nanos(end.at) > 100'000'000 ? 1 : 0;
    }
    EXPECT_EQ(result.peak_concurrent_loads, concurrent) << scenario.text;
    EXPECT_EQ(result.database_reads, reads);
    ASSERT_GT(time_ns, 0);
    EXPECT_DOUBLE_EQ(*result.reads_per_second_mean,
                     static_cast<double>(reads) * 1e9 / static_cast<double>(time_ns));
    EXPECT_DOUBLE_EQ(*result.reads_per_second_peak, peak) << scenario.text;
    with_several += concurrent > 2 ? 1 : 0;
  }
  EXPECT_GT(with_several, 20);
  EXPECT_GT(long_runs, 500);
}

// 30 readers of a cold key. One that begins at s sends GET, which takes effect at s + 1 ms, and loads during
// [s + 2, s + 11.5) ms if it misses; the first fill is there 12.5 ms after the first reader began, and that
// reader is done 1 ms later.
std::string cold_readers(const char* coalesce) {
  return fmt::format(
      R"({{"name": "n", "redis": {{"latency": "1ms"}},
    "mysql": {{"latency": {{"request": "1ms", "response": "8.5ms"}}}},
    "clients": [{{"name": "r", "count": 30, "start": {{"uniform": ["0ms", "30ms"]}}, "do": ["read"],
                  "coalesce": {}}}],
    "strategies": ["write-then-delete"]}})",
      coalesce);
}

// When the readers of a run began, and when they came back, in ns.
struct Readers {
  std::vector<std::int64_t> begin, end;
};

Readers readers_of(const std::vector<Record>& records) {
  Readers readers;
  for (const Record& record : records) {
    if (record.fact == Fact::invoked) readers.begin.push_back(sim::nanos(record.at));
    if (record.fact == Fact::returned) readers.end.push_back(sim::nanos(record.at));
  }
  return readers;
}

TEST(DatabaseLoad, of_a_cold_key_is_that_of_the_readers_who_miss_within_one_load) {
  const Scenario scenario = must_read(cold_readers("false"));
  Simulation simulation(scenario, scenario.strategies[0]);
  for (std::uint64_t run = 0; run < 200; ++run) {
    simulation.run(run);
    const auto begin = readers_of(simulation.records()).begin;
    const auto misses = [&](std::int64_t s) { return s + 1'000'000 < begin[0] + 12'500'000; };
    std::int64_t most = 0;
    for (const auto now : begin) {
      most = std::max<std::int64_t>(most, std::ranges::count_if(begin, [&](std::int64_t s) {
                                      return misses(s) && s <= now && now < s + 9'500'000;
                                    }));
    }
    EXPECT_EQ(simulation.concurrent_loads(), misses(begin[0]) ? most : 0) << run;
    EXPECT_EQ(selects_of(simulation.records()).size(), std::ranges::count_if(begin, misses)) << run;
  }
}

TEST(DatabaseLoad, of_a_cold_key_is_one_load_where_reads_are_joined) {
  const Scenario scenario = must_read(cold_readers("true"));
  Simulation simulation(scenario, scenario.strategies[0]);
  for (std::uint64_t run = 0; run < 200; ++run) {
    simulation.run(run);
    const Readers readers = readers_of(simulation.records());
    const std::int64_t landing = readers.begin[0] + 13'500'000;
    EXPECT_EQ(simulation.concurrent_loads(), 1U);
    EXPECT_EQ(selects_of(simulation.records()).size(), 1U);
    ASSERT_EQ(readers.end.size(), 30U);
    const auto joined = std::ranges::count_if(readers.begin, [&](std::int64_t s) { return s < landing; });
    EXPECT_EQ(std::ranges::count(readers.end, landing), joined) << run;
  }
}

}  // namespace
}  // namespace cacherace::scenarios
