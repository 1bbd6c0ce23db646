// Drawn orders: what they meet, what is kept of them, and what they do not claim.
#include "exploration/sampling.hpp"

#include <gtest/gtest.h>

#include "exploration/timed.hpp"
#include "explore_programs.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::ExpectationVerdict;

Program crowd(const std::string& strategy, bool cached = true) {
  return {
      .strategy = strategy,
      .cached = cached,
      .clients = R"([{"name": "mixed", "count": 4, "operations": 6, "mix": {"read": 0.6, "write": 0.4}}])",
      .keys = 2};
}

Sample sample_of(const Scenario& scenario, const SamplingOptions& options) {
  return sample(untimed(scenario), scenario.strategies.front(), options);
}

// One writer and two readers: what is never reachable is never met, and everything reachable is.
TEST(Sampling, meets_what_exploration_finds_and_nothing_else) {
  for (const DrawnBy chooser : {DrawnBy::random, DrawnBy::pct}) {
    for (const std::string strategy : {"delete-then-write", "write-then-delete", "binlog-update", "ttl-only",
                                       "delayed-double-delete:async=true", "update-then-write"}) {
      for (const bool cached : {false, true}) {
        const Program program{strategy, 1, 2, cached};
        SCOPED_TRACE(name_of(program) + (chooser == DrawnBy::pct ? " pct" : ""));
        const Sample drawn = sample_of(scenario_of(program), {.chooser = chooser, .runs = 4000, .depth = 4});
        const ExploredStrategy all = explored(program);
        EXPECT_EQ(drawn.runs, 4000U);
        EXPECT_EQ(drawn.incomplete, 0U);
        for (std::size_t i = 0; i < property_count; ++i) {
          EXPECT_EQ(drawn.violating[i] > 0, all.reachable(static_cast<Property>(i))) << property_names[i];
          EXPECT_EQ(drawn.first[i].has_value(), drawn.violating[i] > 0) << property_names[i];
        }
      }
    }
  }
}

TEST(Sampling, is_a_function_of_scenario_and_seed) {
  Scenario scenario = scenario_of(crowd("write-then-delete"));
  const auto figures = [&](DrawnBy chooser) {
    return sample_of(scenario, {.chooser = chooser, .runs = 200}).violating;
  };
  const auto random = figures(DrawnBy::random), pct = figures(DrawnBy::pct);
  EXPECT_EQ(figures(DrawnBy::random), random);
  EXPECT_EQ(figures(DrawnBy::pct), pct);
  EXPECT_NE(random, pct);
  scenario.seed = 2;
  EXPECT_NE(figures(DrawnBy::random), random);
  // The order, not only what clients do.
  scenario = scenario_of({"write-then-delete", 3, 3});
  const auto listed = figures(DrawnBy::random), listed_pct = figures(DrawnBy::pct);
  scenario.seed = 2;
  EXPECT_NE(figures(DrawnBy::random), listed);
  EXPECT_NE(figures(DrawnBy::pct), listed_pct);
}

// Runs are addressed by their numbers: a shorter sample is the beginning of a longer one.
TEST(Sampling, keeps_the_first_order_of_each_violation) {
  const Scenario scenario = scenario_of(crowd("delete-then-write"));
  const Sample longer = sample_of(scenario, {.runs = 200});
  const auto& first = longer.first[index_of(Property::stuck)];
  ASSERT_TRUE(first);
  const Sample before = sample_of(scenario, {.runs = first->run});
  EXPECT_EQ(before.violating[index_of(Property::stuck)], 0U);
  const Sample with = sample_of(scenario, {.runs = first->run + 1});
  EXPECT_EQ(with.violating[index_of(Property::stuck)], 1U);
  ASSERT_TRUE(with.first[index_of(Property::stuck)]);
  EXPECT_EQ(with.first[index_of(Property::stuck)]->schedule, first->schedule);
}

// The kept schedule is one that `replay` could play: here of clients with a list.
TEST(Sampling, keeps_orders_that_can_be_played) {
  for (const std::string strategy :
       {"delete-then-write", "binlog-delete", "delayed-double-delete:async=true"}) {
    const Program program{
        .strategy = strategy, .writers = 3, .readers = 3, .replica = true, .keys = 2, .replicas = 2};
    SCOPED_TRACE(name_of(program));
    const Scenario scenario = untimed(scenario_of(program));
    const Sample drawn = sample(scenario, scenario.strategies.front(), {.runs = 300});
    for (std::size_t i = 0; i < property_count; ++i) {
      if (!drawn.first[i]) continue;
      EXPECT_TRUE(
          play(scenario, scenario.strategies.front(), drawn.first[i]->schedule, static_cast<Property>(i)))
          << property_names[i];
    }
    EXPECT_GT(drawn.violating[index_of(Property::stuck)], 0U);
  }
}

TEST(Sampling, counts_what_takes_too_long_and_does_not_judge_it) {
  const Sample cut = sample_of(scenario_of(crowd("delete-then-write")), {.runs = 10, .moves_max = 30});
  EXPECT_EQ(cut.runs, 10U);
  EXPECT_EQ(cut.incomplete, 10U);
  EXPECT_EQ(cut.violating, decltype(cut.violating){});
}

TEST(Sampling, stops_when_it_is_told_to) {
  int asked = 0;
  const Sample stopped =
      sample_of(scenario_of(crowd("delete-then-write")), {.stop = [&] { return ++asked > 7; }});
  EXPECT_EQ(stopped.runs, 7U);
}

TEST(Sampling, may_meet_faults) {
  const Program program{"write-then-delete",
                        1,
                        1,
                        true,
                        false,
                        R"(, "faults": [{"fail": {"command": "redis.del", "probability": 0.5}}])"};
  const Sample drawn = sample_of(scenario_of(program), {.runs = 400});
  EXPECT_NEAR(static_cast<double>(drawn.violating[index_of(Property::stuck)]), 200, 50);
}

// What is met is certain; what is not met stays open, and so does the verdict.
TEST(Sampling, decides_only_expectations_that_orders_can_decide) {
  const auto verdicts = [](const std::string& figure, const std::string& bound) {
    const Program program{.strategy = "delete-then-write",
                          .cached = true,
                          .more = R"(, "expect": [{"strategy": "*", "command": "explore", "figure": ")" +
                                  figure + R"(", "equals": )" + bound + "}]"};
    const ExploreResult result = explore_drawn(scenario_of(program), {.runs = 500});
    EXPECT_FALSE(result.complete);
    EXPECT_FALSE(result.strategies.at(0).complete);
    return std::pair(result.verdict, result.strategies.at(0).expectations.at(0).verdict);
  };
  EXPECT_EQ(verdicts("reachable.stuck", "true"), std::pair(ResultVerdict::held, ExpectationVerdict::held));
  EXPECT_EQ(verdicts("reachable.stuck", "false"),
            std::pair(ResultVerdict::failed, ExpectationVerdict::failed));
  EXPECT_EQ(verdicts("reachable.lost_write", "false"),
            std::pair(ResultVerdict::unknown, ExpectationVerdict::undecided));
  EXPECT_EQ(verdicts("outcomes", "7"), std::pair(ResultVerdict::unknown, ExpectationVerdict::undecided));
}

}  // namespace
}  // namespace cacherace::exploration
