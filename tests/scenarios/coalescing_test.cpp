// Reads that join one another: what they get, when they come back, and what becomes of them when the one they
// joined comes to nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "random_loads.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::scenarios {
namespace {

using models::Fact;
using models::Record;

std::string scenario_of(const std::string& clients, const std::string& more = "",
                        const std::string& strategy = "write-then-delete") {
  return fmt::format(R"({{"name": "n", "redis": {{"latency": "1ms", "service": {{"set": "10ms"}}}},
    "mysql": {{"latency": {{"request": "1ms", "response": "10ms"}}}}, "clients": [{}], "strategies": ["{}"],
    "runs": 1{}}})",
                     clients, strategy, more);
}

StrategyResult once(const std::string& text) {
  return run_experiment(must_read(text), {}).strategies[0];
}

// The first reader selects v0 and fills until 26 ms; the write commits at 4 ms, and returns at 16 ms. A read
// that begins at 18 ms finds v1 by itself: on a miss, in the database.
TEST(Coalescing, joins_a_read_that_selected_before_a_write_returned) {
  const auto text = [](const char* coalesce) {
    return scenario_of(
        fmt::format(R"({{"name": "r", "count": 2, "start": {{"quantiles": {{"p0": "0ms", "p49.9": "0ms",
      "p50": "18ms", "p100": "18ms"}}}}, "do": ["read"], "coalesce": {}}},
      {{"name": "w", "start": "3ms", "do": ["write"]}})",
                    coalesce),
        R"(, "seed": 1)");
  };
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Scenario alone = must_read(text("false")), joined = must_read(text("true"));
    alone.seed = joined.seed = seed;
    const Scenario& draws = alone;
    Simulation simulation(draws, draws.strategies[0]);
    simulation.run(0);
    std::vector<std::int64_t> reads;
    for (const Record& record : simulation.records()) {
      if (record.fact == Fact::invoked && record.client < 2) reads.push_back(sim::nanos(record.at));
    }
    if (reads != std::vector<std::int64_t>{0, 18'000'000}) continue;  // both drew the same start
    ++compared;
    EXPECT_EQ(run_experiment(alone, {}).strategies[0].stale, 0U);
    const auto result = run_experiment(joined, {}).strategies[0];
    EXPECT_EQ(result.stale, 1U);
    EXPECT_EQ(result.violating_runs, 1U);
    EXPECT_EQ(result.staleness.max_ns, 2'000'000);
  }
  EXPECT_GT(compared, 3);
}

TEST(Coalescing, may_not_show_a_client_its_own_write) {
  const auto text = [](const char* coalesce) {
    return scenario_of(fmt::format(R"({{"name": "process", "count": 2, "operations": 20,
      "mix": {{"read": 3, "write": 1}}, "think": {{"uniform": ["0ms", "9ms"]}}, "coalesce": {}}})",
                                   coalesce),
                       R"(, "keys": {"count": 1})");
  };
  Scenario joined = must_read(text("true"));
  joined.runs = 100;
  EXPECT_GT(run_experiment(joined, {}).strategies[0].breaks_read_your_writes, 0U);
}

TEST(Coalescing, is_of_one_process_and_one_key) {
  const std::string reader = R"("do": [{"read": "k0"}], "coalesce": true)";
  const auto two_processes =
      once(scenario_of(R"({"name": "a", )" + reader + R"(}, {"name": "b", )" + reader + "}"));
  EXPECT_EQ(two_processes.database_reads, 2U);
  const Scenario keys = must_read(scenario_of(
      R"({"name": "a", "count": 40, "do": ["read"], "coalesce": true})", R"(, "keys": {"count": 2})"));
  const auto result = run_experiment(keys, {}).strategies[0];
  EXPECT_EQ(result.database_reads, 2U);
  EXPECT_EQ(result.reads, 40U);
}

// Who joined goes on at once, in the order in which they came, with what they had waited for.
TEST(Coalescing, ends_with_the_read_that_was_joined) {
  const Scenario scenario = must_read(
      scenario_of(R"({"name": "r", "count": 5, "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"],
                             "coalesce": true})"));
  Simulation simulation(scenario, scenario.strategies[0]);
  for (std::uint64_t run = 0; run < 50; ++run) {
    simulation.run(run, true);
    std::vector<std::uint32_t> came, left;
    std::int64_t landing = 0;
    for (const Record& record : simulation.records()) {
      if (record.fact == Fact::invoked) came.push_back(record.client);
      if (record.fact != Fact::returned) continue;
      if (left.empty()) landing = sim::nanos(record.at);
      left.push_back(record.client);
      EXPECT_EQ(sim::nanos(record.at), landing);
    }
    EXPECT_EQ(came, left);
  }
}

struct Failing {
  const char* fault;
  std::uint64_t ok;       // reads
  std::uint64_t selects;  // of those that read alone then
};

// Nobody hangs: each of the others reads alone.
TEST(Coalescing, reads_alone_when_the_read_that_it_joined_comes_to_nothing) {
  for (const Failing& c :
       {Failing{R"({"fail": {"command": "mysql.select", "occurrence": 1}})", 4, 4},
        {R"({"crash": {"command": "redis.get", "at": "after", "occurrence": 1}})", 4, 4},
        {R"({"crash": {"command": "mysql.select", "at": "sent", "occurrence": 1}})", 4, 5},
        {R"({"crash": {"command": "redis.set", "at": "after", "occurrence": 1}})", 4, 1},
        {R"({"crash": {"command": "redis.set", "at": "before", "occurrence": 1}})", 4, 5},
        {R"({"timeout": {"command": "mysql.select", "after": "5ms", "occurrence": 1}})", 4, 4},
        {R"({"fail": {"command": "redis.set", "occurrence": 1}})", 5, 1}}) {
    const auto result = once(scenario_of(R"({"name": "r", "count": 5, "do": ["read"], "coalesce": true})",
                                         R"(, "faults": [)" + std::string(c.fault) + "]"));
    EXPECT_EQ(result.incomplete_runs, 0U) << c.fault;
    EXPECT_EQ(result.reads, c.ok) << c.fault;
    EXPECT_EQ(result.database_reads, c.selects) << c.fault;
  }
}

// Every read that began is over at the end, or its client crashed; also where a limit ends the run in the
// middle, and the next run is as if nothing had been.
TEST(Coalescing, leaves_nobody_behind) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    Scenario scenario = random_load(seed);
    for (auto& group : scenario.setup.clients) group.coalesce = true;
    Scenario cut = scenario;
    Simulation whole(scenario, scenario.strategies[0]);
    for (std::uint64_t events = 1; events < 120; events += 7) {
      cut.setup.limits.events = events;
      Simulation limited(cut, cut.strategies[0]);
      limited.run(0);
      cut.setup.limits.events = 10'000'000;
      limited.run(1);
      whole.run(1);
      std::map<std::uint32_t, int> open;
      ASSERT_EQ(limited.records().size(), whole.records().size());
      for (std::size_t i = 0; i < whole.records().size(); ++i) {
        const Record& record = whole.records()[i];
        EXPECT_EQ(record.at, limited.records()[i].at);
        if (record.fact == Fact::invoked) ++open[record.operation];
        if (record.fact == Fact::returned || record.fact == Fact::failed || record.fact == Fact::unknown) {
          --open[record.operation];
        }
      }
      for (const auto& [operation, count] : open) EXPECT_EQ(count, 0) << operation;
    }
  }
}

}  // namespace
}  // namespace cacherace::scenarios
