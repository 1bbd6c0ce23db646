// Importance sampling against laws that are known.
#include "exploration/importance.hpp"

#include <gtest/gtest.h>

#include "exploration/risk_aim.hpp"
#include "exploration/risk_interval.hpp"
#include "exploration/scenario_runs.hpp"
#include "models/roles.hpp"
#include "tests/exploration/risk_laws.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::exploration {
namespace {

const std::atomic<bool> go_on = false;

// Runs that are bad at the only value of `runs`.
std::vector<Particle> bad_runs(PlayedRuns& runs, std::size_t wanted) {
  std::vector<Particle> found;
  sim::DrawTable table;
  const sim::Playing playing(table);
  for (std::uint64_t run = 0; found.size() < wanted; ++run) {
    table.begin(77, run);
    if (!runs.bad_at(0)) continue;
    found.push_back({.run = run, .entries = {table.entries().begin(), table.entries().end()}});
    found.back().anchor = runs.anchor(0);
  }
  return found;
}

std::vector<ReplicationEstimate> replicate(const ImportancePlan& plan, PlayedRuns& runs, std::uint32_t from,
                                           std::uint32_t count) {
  std::vector<ReplicationEstimate> all;
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(weigh(plan, runs, from + i, go_on));
  return all;
}

// A plan whose only group aims with the bad runs at a value that is less rare.
ImportancePlan plan_for(const std::vector<Particle>& bad, std::size_t values, std::uint32_t runs) {
  ImportancePlan plan{.values = values, .seed = 5, .groups = {}, .aims = {}};
  plan.aims.emplace_back(bad, Places());
  plan.aims.emplace_back(bad, Places(), 0.5);
  plan.groups.push_back({.aims = {{0, 0.6}, {1, 0.3}}, .first = 0, .end = values, .runs = runs});
  return plan;
}

// Says the same as `plain_runs` plain runs in each replication, and scatters less with the fewer that it has.
void agrees_with_plain_runs(ImportancePlan plan, PlayedRuns& runs, std::uint32_t replications,
                            std::uint32_t plain_runs) {
  const auto all = replicate(plan, runs, 0, replications);
  ASSERT_LT(plan.groups.front().runs, plain_runs);
  plan.groups.front().aims.clear();
  plan.groups.front().runs = plain_runs;
  plan.first_run = 1'000'000;
  const auto plain = replicate(plan, runs, 0, replications);
  for (std::size_t value = 0; value < plan.values; ++value) {
    const RiskEstimate found = interval_of(at(all, value)), seen = interval_of(at(plain, value));
    EXPECT_LE(found.low, seen.high) << value;
    EXPECT_GE(found.high, seen.low) << value;
    EXPECT_LT(scatter_of(at(all, value)), scatter_of(at(plain, value))) << value;
  }
}

TEST(Importance, is_unbiased_and_its_interval_holds_the_truth) {
  const auto value = [](double risk) {
    return sim::Duration{static_cast<std::int64_t>(where(ThreeUniforms::risk, risk, 0.0, 3e6))};
  };
  ThreeUniforms easy({value(1e-3)});
  const std::vector<sim::Duration> values = {value(1e-3), value(3e-4), value(1e-4)};
  ThreeUniforms runs(values);
  const ImportancePlan plan = plan_for(bad_runs(easy, 200), values.size(), 100);
  constexpr std::uint32_t repetitions = 200, replications = 20;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double truth = ThreeUniforms::risk(static_cast<double>(values[i].count()));
    std::vector<double> all;
    std::uint32_t held = 0;
    for (std::uint32_t r = 0; r < repetitions; ++r) {
      const auto estimates = at(replicate(plan, runs, r * replications, replications), i);
      all.insert(all.end(), estimates.begin(), estimates.end());
      const RiskEstimate found = interval_of(estimates);
      if (found.low <= truth && truth <= found.high) ++held;
    }
    EXPECT_LT(std::abs(deviation(all, truth)), 3.5) << i;
    EXPECT_LT(scatter_of(all), 1.0) << i;
    EXPECT_GE(held, repetitions * 97 / 100) << i;  // 99 % are meant
  }
}

// Bad at a later value and not at an earlier one, in another group or in the same: all the same without bias,
// and so it is with an aim that looks elsewhere.
TEST(Importance, needs_no_value_to_be_safer_than_another) {
  const std::vector<Intervals::Parts> parts = {
      {{0.1, 0.4}}, {{0.35, 0.42}, {0.8, 0.81}}, {{0.805, 0.807}, {0.38, 0.381}}, {{0.806, 0.8065}}};
  Intervals runs(parts), first({parts.front()});
  ImportancePlan plan = plan_for(bad_runs(first, 100), parts.size(), 400);
  plan.groups.front().aims.front().second = 0.5;
  plan.groups.front().end = 2;
  plan.groups.push_back({.aims = {{0, 0.5}}, .first = 2, .end = 4, .runs = 400});
  const auto all = replicate(plan, runs, 0, 4000);
  for (std::size_t value = 0; value < parts.size(); ++value) {
    EXPECT_LT(std::abs(deviation(at(all, value), runs.risk(value))), 3.5) << value;
  }
  EXPECT_LT(std::abs(deviation(from(all, 1), 0.07 + 0.01)), 3.5);
  EXPECT_LT(std::abs(deviation(from(all, 0), 0.32 + 0.01)), 3.5);
}

TEST(Importance, is_the_same_for_the_same_number) {
  ThreeUniforms easy({sim::Duration{2'500'000}}), runs({sim::Duration{2'600'000}});
  const ImportancePlan plan = plan_for(bad_runs(easy, 100), 1, 100);
  EXPECT_EQ(weigh(plan, runs, 3, go_on).at, weigh(plan, runs, 3, go_on).at);
  EXPECT_NE(weigh(plan, runs, 3, go_on).at, weigh(plan, runs, 4, go_on).at);
}

// One reader of several spoils the run, at one of several reads: against plain runs.
TEST(Importance, of_a_scenario_agrees_with_plain_runs) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/sleep-too-short"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  const std::vector<sim::Duration> values = {std::chrono::milliseconds(10), std::chrono::milliseconds(15)};
  ScenarioRuns easy(question, {std::chrono::milliseconds(8)}), runs(question, values);
  const std::vector<Particle> bad = bad_runs(easy, 200);
  for (const Particle& particle : bad) {
    ASSERT_TRUE(particle.anchor);
    EXPECT_EQ(particle.anchor->first, 1U);
    EXPECT_EQ(particle.anchor->alike, 4U);
  }
  agrees_with_plain_runs(plan_for(bad, values.size(), 300), runs, 20, 2000);
}

// A reader must come just after the second DEL, some time after it has usually done all that it does: against
// plain runs.
TEST(Importance, of_a_client_that_comes_in_time_agrees_with_plain_runs) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/sleep-and-lag"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  const std::vector<sim::Duration> values = {std::chrono::milliseconds(160), std::chrono::milliseconds(170)};
  ScenarioRuns easy(question, {std::chrono::milliseconds(150)}), runs(question, values);
  const std::vector<Particle> bad = bad_runs(easy, 200);
  for (const Particle& particle : bad) {
    ASSERT_TRUE(particle.anchor && particle.anchor->came);
    EXPECT_EQ(particle.anchor->came->milestone, MilestoneKind::sleep_end);
    EXPECT_LT(std::abs(sim::in_ns(particle.anchor->came->since)), 50e6);
    EXPECT_LT(particle.anchor->came->thoughts, 40U);
  }
  const ImportancePlan plan = plan_for(bad, values.size(), 200);
  EXPECT_TRUE(plan.aims.front().lands());
  agrees_with_plain_runs(plan, runs, 40, 1000);
}

// Whatever a run asks for, and in whatever order: weighed, all runs are usual ones.
TEST(Importance, weighs_runs_of_clients_that_come_in_time_to_usual_ones) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/sleep-and-lag"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  ScenarioRuns easy(question, {std::chrono::milliseconds(150)}),
      runs(question, {std::chrono::milliseconds(160)});
  const ImportancePlan plan = plan_for(bad_runs(easy, 200), 1, 1);
  AimMixture mixture({{&plan.aims[0], 0.5}, {&plan.aims[1], 0.2}}, runs);
  const std::uint32_t get = models::draw_use(models::Command::get);
  const auto legs = [&](std::uint32_t number) {
    return sim::name_of(models::purpose(2, models::Role::redis_legs), get, number);
  };
  const auto think = [](std::uint32_t number) {
    return sim::address_of(models::purpose(2, models::Role::think), number);
  };
  const std::vector<sim::DrawName> names = {
      think(0), think(5), think(20), think(38),
      legs(0),  legs(20), legs(39),  sim::address_of(models::purpose(0, models::Role::replication_lag), 0)};
  std::vector<std::vector<double>> sums(names.size() + 1);  // of weight times fraction; last: of weights
  sim::DrawTable table;
  const sim::Playing playing(table);
  for (std::uint32_t run = 0; run < 15'000; ++run) {
    sim::Stream chance(3, run, models::purpose(0, models::Role::splitting));
    mixture.choose(chance);
    table.begin(3, run, mixture);
    std::ignore = runs.bad_at(0);
    const double weight = mixture.weight(table.entries());
    sums.back().push_back(weight);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto entry = std::ranges::find(table.entries(), names[i], &sim::DrawTable::Entry::name);
      ASSERT_TRUE(entry != table.entries().end()) << i;
      sums[i].push_back(weight * sim::fraction(entry->draws.first));
    }
  }
  EXPECT_LT(std::abs(deviation(sums.back(), 1.0)), 3.5);
  EXPECT_LT(scatter_of(sums.back()), 3.0);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_LT(std::abs(deviation(sums[i], 0.5)), 3.5) << i;
}

// Where supports are bounded and many draws must fit, against the integral.
TEST(Importance, agrees_with_the_integral) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/late-reader"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  const std::vector<double> risks = {1e-3, 3e-4};
  std::vector<sim::Duration> values;
  for (const double risk : risks) {
    values.emplace_back(static_cast<std::int64_t>(1e6 * where(late_reader_risk, risk, 0.0, 10.0)));
  }
  ScenarioRuns easy(question, {values.front()}), runs(question, values);
  const auto all = replicate(plan_for(bad_runs(easy, 150), values.size(), 2000), runs, 0, 40);
  for (std::size_t value = 0; value < values.size(); ++value) {
    const RiskEstimate found = interval_of(at(all, value));
    EXPECT_LE(found.low, risks[value]) << value;
    EXPECT_GE(found.high, risks[value]) << value;
    EXPECT_LT(found.high, 1.5 * risks[value]) << value;
  }
}

}  // namespace
}  // namespace cacherace::exploration
