// "swarm": true draws a subset of the faults for each run.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "scenarios/simulation.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::scenarios {
namespace {

using models::Fact;

// Four faults of four kinds, each of which strikes for certain where it takes part, and shows.
Scenario four_faults(bool swarm) {
  return must_read(std::string(R"({
    "name": "swarm", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "keys": {"cached": true},
    "clients": [{"name": "writer", "do": ["write"], "start": "50ms"},
                {"name": "reader", "do": ["read"], "start": "10ms"},
                {"name": "apart", "do": ["read"], "start": "100ms"}],
    "faults": [{"fail": {"command": "redis.get", "client": "reader", "occurrence": 1}},
               {"duplicate": {"occurrence": 1}},
               {"evict": {"time": "1ms"}},
               {"partition": {"between": ["apart", "redis"], "time": "90ms", "for": "1s", "after": "5ms"}}],
    "strategies": ["binlog-delete", "binlog-update"], "swarm": )") +
                   (swarm ? "true}" : "false}"));
}

// A bit for each fault that struck.
std::size_t struck_in(Simulation& simulation, std::uint64_t run) {
  simulation.run(run, true);
  std::size_t struck = 0;
  for (const models::Record& record : simulation.records()) {
    if (record.fact == Fact::refused) struck |= 1U;
    if (record.fact == Fact::duplicated) struck |= 2U;
    if (record.fact == Fact::evicted) struck |= 4U;
    if (record.fact == Fact::timed_out) struck |= 8U;
  }
  return struck;
}

TEST(Swarm, without_it_every_fault_takes_part_in_every_run) {
  const Scenario scenario = four_faults(false);
  Simulation simulation(scenario, scenario.strategies[0]);
  for (std::uint64_t run = 0; run < 100; ++run) ASSERT_EQ(struck_in(simulation, run), 15U);
}

// Five standard errors.
TEST(Swarm, draws_every_subset_of_the_faults_equally_often) {
  const Scenario scenario = four_faults(true);
  Simulation simulation(scenario, scenario.strategies[0]);
  constexpr std::uint64_t runs = 8'000;
  std::array<int, 16> seen{};
  for (std::uint64_t run = 0; run < runs; ++run) ++seen[struck_in(simulation, run)];
  const double expected = static_cast<double>(runs) / 16.0;
  for (const int count : seen) EXPECT_NEAR(count, expected, 5.0 * std::sqrt(expected * 15.0 / 16.0));
}

TEST(Swarm, all_strategies_meet_the_same_faults_in_a_run) {
  const Scenario scenario = four_faults(true);
  Simulation one(scenario, scenario.strategies[0]);
  Simulation other(scenario, scenario.strategies[1]);
  for (std::uint64_t run = 0; run < 500; ++run) ASSERT_EQ(struck_in(one, run), struck_in(other, run));
}

TEST(Swarm, a_run_alone_meets_the_faults_that_it_meets_among_others) {
  const Scenario scenario = four_faults(true);
  Simulation all(scenario, scenario.strategies[0]);
  for (std::uint64_t run = 0; run < 100; ++run) {
    Simulation alone(scenario, scenario.strategies[0]);
    ASSERT_EQ(struck_in(alone, run), struck_in(all, run));
  }
}

TEST(Swarm, another_seed_draws_others) {
  Scenario scenario = four_faults(true);
  Simulation one(scenario, scenario.strategies[0]);
  Scenario reseeded = scenario;
  reseeded.seed = scenario.seed + 1;
  Simulation other(reseeded, reseeded.strategies[0]);
  int same = 0;
  for (std::uint64_t run = 0; run < 500; ++run) same += struck_in(one, run) == struck_in(other, run) ? 1 : 0;
  EXPECT_LT(same, 100);  // 31 by chance
}

}  // namespace
}  // namespace cacherace::scenarios
