// The shipped scenarios are the project's own regression tests: what they expect holds, and would not by
// accident.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "neighbours.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/shipped.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::scenarios {
namespace {

const char* word(ExpectationVerdict verdict) {
  switch (verdict) {
    case ExpectationVerdict::held:
      return "held";
    case ExpectationVerdict::failed:
      return "failed";
    case ExpectationVerdict::undecided:
      return "undecided";
    case ExpectationVerdict::not_evaluated:
      break;
  }
  return "not evaluated";
}

class Shipped : public testing::TestWithParam<std::string> {};

TEST_P(Shipped, expects_what_comes_out) {
  auto loaded = load_scenario(GetParam());
  ASSERT_TRUE(std::holds_alternative<Scenario>(loaded));
  Scenario& scenario = std::get<Scenario>(loaded);
  // Of fewer runs an interval may be too wide to tell, but what is held in all of them must not have failed.
  const std::uint64_t runs_max = std::max<std::uint64_t>(1000, 20'000 / scenario.strategies.size());
  if (support::sanitized) scenario.runs = std::min(scenario.runs, runs_max);
  EXPECT_FALSE(scenario.expectations.empty());
  EXPECT_FALSE(scenario.description.empty());
  const RunResult result = run_experiment(scenario, {.jobs = 2});
  EXPECT_TRUE(result.complete);
  for (const StrategyResult& strategy : result.strategies) {
    for (const CheckedExpectation& checked : strategy.expectations) {
      if (checked.expectation.command != "run") continue;  // others' are held to in tests/exploration
      if (support::sanitized && checked.verdict == ExpectationVerdict::undecided) continue;
      EXPECT_EQ(checked.verdict, ExpectationVerdict::held)
          << strategy.strategy.info->name << ' ' << checked.expectation.figure << " is "
          << checked.observed.value_or(-1) << ": " << word(checked.verdict) << ' ' << checked.remark;
    }
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == '-'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(scenarios, Shipped, testing::ValuesIn(shipped_scenario_names()), test_name);

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << "nothing to replace: " << from;
  for (auto place = text.find(from); place != std::string::npos; place = text.find(from, place + to.size())) {
    text.replace(place, from.size(), to);
  }
  return text;
}

// The place of the neighbour's expectation in its scenario: replacements may rename its strategy, not move
// it.
std::size_t place_of(const Neighbour& neighbour) {
  const auto shipped = load_scenario(neighbour.scenario);
  const auto& expectations = std::get<Scenario>(shipped).expectations;
  const auto found = std::ranges::find_if(expectations, [&](const Expectation& expectation) {
    return expectation.strategy == neighbour.strategy && expectation.figure == neighbour.figure;
  });
  return static_cast<std::size_t>(found - expectations.begin());
}

bool same(const Expectation& a, const Expectation& b) {
  return a.strategy == b.strategy && a.figure == b.figure && a.comparison == b.comparison &&
         a.bound == b.bound;
}

TEST(Neighbours, make_each_expectation_fail) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  for (const Neighbour& neighbour : neighbours()) {
    std::string text(find_shipped_scenario(neighbour.scenario)->text);
    for (const auto& [from, to] : neighbour.replacements) text = replaced(text, from, to);
    const Scenario scenario = must_read(text);
    const RunResult result = run_experiment(scenario, {.jobs = 2});
    int seen = 0;
    for (const StrategyResult& strategy : result.strategies) {
      for (const CheckedExpectation& checked : strategy.expectations) {
        if (!same(checked.expectation, scenario.expectations.at(place_of(neighbour)))) continue;
        ++seen;
        EXPECT_EQ(checked.verdict, ExpectationVerdict::failed)
            << neighbour.scenario << ": " << strategy.strategy.info->name << ' ' << neighbour.figure;
      }
    }
    EXPECT_GT(seen, 0) << neighbour.scenario << ": " << neighbour.figure;
  }
}

TEST(Neighbours, are_there_for_every_expectation) {
  using Name = std::tuple<std::string, std::string, std::string>;
  std::set<Name> listed;
  for (const Neighbour& n : neighbours())
    EXPECT_TRUE(listed.emplace(n.scenario, n.strategy, n.figure).second);
  std::set<Name> shipped;
  for (const std::string& name : shipped_scenario_names()) {
    const auto loaded = load_scenario(name);
    for (const Expectation& expectation : std::get<Scenario>(loaded).expectations) {
      if (expectation.command == "run") shipped.emplace(name, expectation.strategy, expectation.figure);
    }
  }
  EXPECT_EQ(listed, shipped);
}

TEST(Shipped, has_a_scenario_for_each_cause_that_has_a_name) {
  for (const std::string_view cause : verify::cause_names) {
    if (cause == "other") continue;
    std::string name(cause);
    std::ranges::replace(name, '_', '-');
    EXPECT_NE(find_shipped_scenario("causes/" + name), nullptr) << cause;
  }
}

}  // namespace
}  // namespace cacherace::scenarios
