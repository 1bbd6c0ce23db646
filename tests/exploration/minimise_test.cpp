// Cutting violations down: what is left still violates, is small, and of known cases as small as can be.
#include "exploration/minimise.hpp"

#include <gtest/gtest.h>

#include <set>

#include "exploration/ddmin.hpp"
#include "exploration/explorable.hpp"
#include "exploration/minimise_run.hpp"
#include "exploration/sampling.hpp"
#include "exploration/timed.hpp"
#include "explore_programs.hpp"

namespace cacherace::exploration {
namespace {

Program crowd(const std::string& strategy, std::uint32_t clients, std::uint32_t operations) {
  return {.strategy = strategy,
          .cached = true,
          .clients = fmt::format(
              R"([{{"name": "mixed", "count": {}, "operations": {}, "mix": {{"read": 0.7, "write": 0.3}},
                    "think": "2ms"}}])",
              clients, operations),
          .keys = 2};
}

const Witness* witness_of(const ExploreResult& result, Property property) {
  const auto& witness = result.strategies.at(0).witnesses[index_of(property)];
  return witness ? &*witness : nullptr;
}

std::size_t operations_of(const Scenario& scenario) {
  std::size_t operations = 0;
  for (const auto& client : scenario.setup.clients) operations += client.plan.size();
  return operations;
}

// verify/'s judgement of the witness's schedule, played in the reduced scenario.
void expect_violates(const Witness& witness, const StrategyChoice& strategy, Property property) {
  ASSERT_TRUE(witness.reduced);
  const Scenario& scenario = witness.reduced->scenario;
  const auto read = read_schedule(witness.schedule, fingerprint(scenario, strategy));
  ASSERT_TRUE(std::holds_alternative<Schedule>(read)) << std::get<std::string>(read);
  EXPECT_TRUE(play(scenario, strategy, std::get<Schedule>(read), property)) << witness.schedule;
}

TEST(Ddmin, keeps_what_is_needed_and_nothing_else) {
  for (const std::set<std::size_t>& needed : std::vector<std::set<std::size_t>>{
           {}, {0}, {99}, {3, 4}, {0, 50, 99}, {10, 11, 12, 40, 41, 77, 78, 79, 80}}) {
    int tests = 0;
    const auto kept = ddmin(100, [&](const std::vector<std::size_t>& part) {
      ++tests;
      EXPECT_TRUE(std::ranges::is_sorted(part));
      return std::ranges::includes(part, needed);
    });
    EXPECT_EQ(std::set(kept.begin(), kept.end()), needed);
    EXPECT_LT(tests, 300);
  }
  EXPECT_TRUE(ddmin(0, [](const auto&) { return true; }).empty());
}

// Nothing of the result can go alone, also where the property comes and goes.
TEST(Ddmin, ends_where_nothing_can_go_alone) {
  const auto odd_and_has_7 = [](const std::vector<std::size_t>& part) {
    return part.size() % 2 == 1 && std::ranges::find(part, 7U) != part.end();
  };
  const auto kept = ddmin(31, odd_and_has_7);
  EXPECT_TRUE(odd_and_has_7(kept));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    auto fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(odd_and_has_7(fewer));
  }
}

struct Known {
  std::string strategy;
  Property property;
  std::size_t steps, operations;
  bool timed = false;
};

// The lengths are those of the independent search of small models; more writers where keys are cached.
TEST(Minimise, comes_to_the_shortest_known_witnesses) {
  for (const Known& known : std::vector<Known>{
           {"delete-then-write", Property::stuck, 5, 2},
           {"delete-then-write", Property::stale_read, 6, 3},
           {"write-then-delete", Property::stale_read, 8, 4},
           {"ttl-only", Property::stale_read, 2, 2},
           {"binlog-delete", Property::stale_read, 2, 2},
           {"delayed-double-delete", Property::stale_read, 8, 3},
           {"write-then-update", Property::stuck, 4, 2},
       }) {
    for (const DrawnBy chooser : {DrawnBy::random, DrawnBy::pct}) {
      const Scenario scenario = scenario_of(crowd(known.strategy, 8, 20));
      const ExploreResult result = explore_drawn(scenario, {.chooser = chooser, .runs = 60});
      SCOPED_TRACE(known.strategy + " " + std::string(property_names[index_of(known.property)]));
      const Witness* witness = witness_of(result, known.property);
      ASSERT_TRUE(witness);
      EXPECT_EQ(witness->steps.size(), known.steps);
      EXPECT_TRUE(witness->reduced->minimal);
      EXPECT_EQ(operations_of(witness->reduced->scenario), known.operations);
      EXPECT_EQ(witness->reduced->scenario.setup.keys.count, 1U);
      expect_violates(*witness, scenario.strategies.at(0), known.property);
    }
  }
}

// Faults, replicas, work in the background, several consumers and keys: whatever is found stays a violation.
TEST(Minimise, leaves_a_violation_that_is_no_larger) {
  const std::string faults = R"(, "faults": [
    {"fail": {"command": "redis.del", "occurrence": 5}},
    {"crash": {"command": "redis.del", "client": "mixed", "at": "after", "probability": 0.1}},
    {"timeout": {"command": "redis.set", "after": "3ms", "effect": "applied", "probability": 0.3}},
    {"pause": {"command": "mysql.update", "at": "before", "for": "5ms", "probability": 0.2}},
    {"lose": {"probability": 0.2}}, {"duplicate": {"probability": 0.2, "delay": "1ms"}}])";
  int met = 0;
  for (const std::string strategy :
       {"delete-then-write", "write-then-delete", "delayed-double-delete:async=true", "binlog-delete",
        "binlog-update:consumers=2", "update-then-write"}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      Program program = crowd(strategy, 4, 5);
      program.more = faults;
      program.replica = seed == 2;
      program.replicas = 2;
      Scenario scenario = scenario_of(program);
      scenario.seed = seed;
      const ExploreResult result = explore_drawn(scenario, {.runs = 40});
      for (std::size_t i = 0; i < property_count; ++i) {
        const auto property = static_cast<Property>(i);
        SCOPED_TRACE(fmt::format("{} {} seed {}", strategy, property_names[i], seed));
        const Witness* witness = witness_of(result, property);
        if (!witness) continue;
        ++met;
        EXPECT_LE(operations_of(witness->reduced->scenario), 8U);
        EXPECT_LE(witness->reduced->scenario.setup.faults.size(), 3U);
        EXPECT_FALSE(witness->steps.empty());
        expect_violates(*witness, scenario.strategies.at(0), property);
      }
    }
  }
  EXPECT_GT(met, 50);
}

// Without its fault there would be no violation: it stays, counted anew.
TEST(Minimise, keeps_the_fault_that_it_takes) {
  Program program = crowd("write-then-delete", 2, 10);
  program.clients = R"([{"name": "writer", "do": ["write", "write", "write", "write"]},
                        {"name": "reader", "do": ["read"]}])";
  program.keys = 1;
  program.more = R"(, "faults": [{"fail": {"command": "redis.del", "occurrence": 4}},
                                 {"fail": {"command": "redis.get", "occurrence": 1}}])";
  const ExploreResult result = explore_drawn(scenario_of(program), {.runs = 200});
  const Witness* stuck = witness_of(result, Property::stuck);
  ASSERT_TRUE(stuck);
  EXPECT_FALSE(stuck->reduced->minimal);
  EXPECT_EQ(operations_of(stuck->reduced->scenario), 1U);
  ASSERT_EQ(stuck->reduced->scenario.setup.faults.size(), 1U);
  EXPECT_EQ(stuck->reduced->scenario.setup.faults[0].occurrence, 1U);
  EXPECT_EQ(stuck->steps.size(), 2U);
  expect_violates(*stuck, scenario_of(program).strategies.at(0), Property::stuck);
}

TEST(Minimise, is_the_same_each_time) {
  const Scenario scenario = scenario_of(crowd("binlog-delete", 5, 8));
  const ExploreResult one = explore_drawn(scenario, {.runs = 50}),
                      two = explore_drawn(scenario, {.runs = 50});
  for (std::size_t i = 0; i < property_count; ++i) {
    const auto property = static_cast<Property>(i);
    ASSERT_EQ(witness_of(one, property) == nullptr, witness_of(two, property) == nullptr);
    if (witness_of(one, property)) {
      EXPECT_EQ(witness_of(one, property)->schedule, witness_of(two, property)->schedule);
    }
  }
}

// What was found before it had to stop is still told.
TEST(Minimise, stops_with_what_it_has) {
  const Scenario scenario = scenario_of(crowd("delete-then-write", 8, 20));
  int asked = 0;
  const ExploreResult result = explore_drawn(scenario, {.runs = 20, .stop = [&] { return ++asked > 15; }});
  const Witness* witness = witness_of(result, Property::stale_read);
  ASSERT_TRUE(witness);
  EXPECT_FALSE(witness->reduced->minimal);
  EXPECT_EQ(operations_of(witness->reduced->scenario), 160U);
  expect_violates(*witness, scenario.strategies.at(0), Property::stale_read);
}

Scenario run_by_time(const std::string& strategy, const std::string& more = "") {
  Scenario scenario =
      must_read(R"({"name": "by time", "redis": {"latency": {"uniform": ["1ms", "3ms"]})" + more + R"(},
    "mysql": {"latency": {"uniform": ["2ms", "10ms"]}}, "keys": {"count": 3, "cached": true},
    "clients": [{"name": "mixed", "count": 8, "operations": 20, "mix": {"read": 0.7, "write": 0.3},
                 "think": {"uniform": ["0ms", "5ms"]}}],
    "strategies": ["ttl-only", "binlog-update"]})");
  scenario.strategies = {must_choose(strategy)};
  return scenario;
}

// A run by time: the order that is left is one that the latencies allow, where there is one of so few (with
// binlog-update the run had more events in the queue than one).
TEST(Minimise, cuts_runs_by_time_down) {
  for (const Known& known : std::vector<Known>{{"delete-then-write", Property::nonlinearizable, 6, 3, true},
                                               {"binlog-update", Property::stale_read, 2, 2},
                                               {"ttl-only", Property::stale_read, 2, 2, true}}) {
    SCOPED_TRACE(known.strategy);
    const Scenario scenario = run_by_time(known.strategy);
    const auto left = minimise_run(scenario, scenario.strategies.at(0), 0, {});
    ASSERT_TRUE(std::holds_alternative<ExploredStrategy>(left)) << std::get<std::string>(left);
    const auto& witness = std::get<ExploredStrategy>(left).witnesses[index_of(known.property)];
    ASSERT_TRUE(witness);
    EXPECT_EQ(witness->steps.size(), known.steps);
    EXPECT_EQ(witness->timed, known.timed);
    EXPECT_TRUE(witness->reduced->minimal);
    EXPECT_EQ(operations_of(witness->reduced->scenario), known.operations);
    expect_violates(*witness, scenario.strategies.at(0), known.property);
  }
}

TEST(Minimise, says_when_a_run_violates_nothing) {
  Scenario scenario = run_by_time("write-then-delete");
  replace_clients(scenario, {1, 1});
  const auto left = minimise_run(scenario, scenario.strategies.at(0), 0, {});
  ASSERT_TRUE(std::holds_alternative<std::string>(left));
  EXPECT_EQ(std::get<std::string>(left), "the run violates nothing");
}

}  // namespace
}  // namespace cacherace::exploration
