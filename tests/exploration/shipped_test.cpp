// What the shipped scenarios expect of `explore` and `tune` holds; and each such expectation is evaluated by
// one of the two.
#include "scenarios/shipped.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "exploration/explorable.hpp"
#include "exploration/exploration.hpp"
#include "exploration/tuning.hpp"
#include "scenarios/reader.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::Expectation;
using scenarios::ExpectationVerdict;

// How many of the expectations were held to.
std::size_t expect_held(const std::vector<CheckedExpectation>& expectations, const std::string& command) {
  std::size_t evaluated = 0;
  for (const CheckedExpectation& checked : expectations) {
    if (checked.expectation.command != command || checked.verdict == ExpectationVerdict::not_evaluated)
      continue;
    ++evaluated;
    EXPECT_EQ(checked.verdict, ExpectationVerdict::held)
        << checked.expectation.figure << " is " << checked.observed.value_or(-1) << ' ' << checked.remark;
  }
  return evaluated;
}

std::size_t expected(const Scenario& scenario, const std::string& command) {
  return static_cast<std::size_t>(std::ranges::count(scenario.expectations, command, &Expectation::command));
}

TEST(ShippedExactly, scenarios_explore_to_what_they_expect) {
  int scenarios_with_expectations = 0;
  for (const std::string& name : scenarios::shipped_scenario_names()) {
    SCOPED_TRACE(name);
    const auto loaded = scenarios::load_scenario(name);
    const Scenario& scenario = std::get<Scenario>(loaded);
    if (expected(scenario, "explore") == 0) continue;
    ++scenarios_with_expectations;
    std::size_t evaluated = 0;
    for (const bool timed : {false, true}) {
      const bool is_asked =
          std::ranges::any_of(scenario.expectations, [timed](const Expectation& expectation) {
            return expectation.command == "explore" && expectation.mode != (timed ? "untimed" : "timed");
          });
      if (!is_asked) continue;
      ASSERT_FALSE(why_not_explorable(scenario, timed));
      const ExploreResult result = explore(scenario, {.timed = timed});
      EXPECT_EQ(result.verdict, ResultVerdict::held);
      for (const auto& strategy : result.strategies)
        evaluated += expect_held(strategy.expectations, "explore");
    }
    EXPECT_GE(evaluated, expected(scenario, "explore"));
  }
  EXPECT_GE(scenarios_with_expectations, 3);
}

TEST(ShippedExactly, scenarios_tune_to_what_they_expect) {
  int tuned = 0;
  for (const std::string& name : scenarios::shipped_scenario_names()) {
    SCOPED_TRACE(name);
    const auto loaded = scenarios::load_scenario(name);
    const Scenario& scenario = std::get<Scenario>(loaded);
    if (expected(scenario, "tune") == 0) continue;
    const ThresholdProblem problem{scenario, scenario.strategies.front(), "sleep"};
    ASSERT_FALSE(why_not_tunable(problem));
    const TuneResult result = tune(problem, {});
    EXPECT_EQ(result.verdict, ResultVerdict::held);
    EXPECT_EQ(expect_held(result.expectations, "tune"), expected(scenario, "tune"));
    EXPECT_EQ(why_not_confirmed(problem, certificate_of(result), {}), "");
    ++tuned;
  }
  EXPECT_EQ(tuned, 2);
}

// A certificate that claims something else is not confirmed.
TEST(ShippedExactly, a_wrong_certificate_is_told) {
  const auto loaded = scenarios::load_scenario("article/late-reader");
  const Scenario& scenario = std::get<Scenario>(loaded);
  const ThresholdProblem problem{scenario, scenario.strategies.front(), "sleep"};
  const auto right = certificate_of(tune(problem, {}));
  auto unsafe = right;
  unsafe.safe = std::chrono::milliseconds(10);
  EXPECT_EQ(why_not_confirmed(problem, unsafe, {}), "the search at the safe value finds a violation");
  auto other_states = right;
  ++other_states.states;
  EXPECT_NE(why_not_confirmed(problem, other_states, {}), "");
  auto other_digest = right;
  other_digest.digest.front() = other_digest.digest.front() == '0' ? '1' : '0';
  EXPECT_NE(why_not_confirmed(problem, other_digest, {}), "");
  auto other_order = right;  // all as soon as it can
  other_order.schedule.resize(other_order.schedule.find(" c"));
  EXPECT_NE(why_not_confirmed(problem, other_order, {}), "");
}

// The interruption that came first is no answer.
TEST(ShippedExactly, a_stopped_search_is_unknown) {
  const auto loaded = scenarios::load_scenario("article/late-reader");
  const Scenario& scenario = std::get<Scenario>(loaded);
  const TuneResult result =
      tune({scenario, scenario.strategies.front(), "sleep"}, [](const sim::SearchProgress&) { return true; });
  EXPECT_FALSE(result.threshold.complete);
  EXPECT_EQ(result.verdict, ResultVerdict::unknown);
}

}  // namespace
}  // namespace cacherace::exploration
