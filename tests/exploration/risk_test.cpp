// `tune --risk`: what is found against what is known.
#include "exploration/risk.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "exploration/round_values.hpp"
#include "exploration/tuning.hpp"
#include "tests/exploration/risk_laws.hpp"
#include "tests/exploration/tail_law.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::must_choose;
using scenarios::must_read;

const MakeRuns three_uniforms = [](const auto& values) { return std::make_unique<ThreeUniforms>(values); };

RiskSample measure(const RiskProblem& problem, unsigned jobs = 1, std::uint32_t particles_most = UINT32_MAX) {
  RiskPlan plan = plan_risk(problem, {});
  plan.splitting.particles = std::min(plan.splitting.particles, particles_most);
  return certify_risk(problem, plan, jobs, {});
}

double truth_at(const RiskSample& sample, std::size_t place) {
  return ThreeUniforms::risk(static_cast<double>(sample.points[place].value.count()));
}

// By plain runs, and by splitting.
TEST(Risk, safe_is_below_the_bound_and_unsafe_above_it) {
  int near = 0, all = 0;
  for (const auto& [risk, seeds] : {std::pair(0.02, 5U), {1e-3, 1U}, {1e-5, 2U}, {1e-9, 1U}}) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const RiskSample sample =
          measure({three_uniforms, risk, {sim::Duration{0}, std::chrono::milliseconds(9)}, {}, seed}, 1, 150);
      ASSERT_TRUE(sample.complete);
      EXPECT_EQ(sample.replications > 0, risk < plain_from);
      ASSERT_TRUE(sample.safe && sample.unsafe) << risk << " " << seed;
      EXPECT_LE(truth_at(sample, *sample.safe), risk);
      EXPECT_GT(truth_at(sample, *sample.unsafe), risk);
      EXPECT_GT(truth_at(sample, *sample.safe), risk / 8);
      if (truth_at(sample, *sample.safe) > risk / 3) ++near;
      ++all;
      EXPECT_FALSE(sample.rises);
      for (std::size_t i = 0; i < sample.points.size(); ++i) {
        EXPECT_LE(sample.points[i].at.estimate, sample.points[i].from.estimate * (1 + 1e-12));
      }
    }
  }
  EXPECT_GE(near, all / 2);
}

// Where a client must come at the right instant, and long after it has done, usually, all that it does.
TEST(Risk, of_coming_in_time_is_what_the_gamma_law_says) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const MakeRuns make = [](const auto& values) { return std::make_unique<TimelyClients>(values); };
  std::uint32_t held = 0, settled = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const RiskSample sample =
        measure({make, 1e-8, {std::chrono::milliseconds(15), std::chrono::milliseconds(100)}, {}, seed}, 2);
    EXPECT_EQ(sample.method, RiskMethod::importance);
    ASSERT_TRUE(sample.safe && sample.unsafe) << seed;
    const auto truth = [](const RiskPoint& point) { return TimelyClients::risk(sim::in_ns(point.value)); };
    EXPECT_LE(truth(sample.points[*sample.safe]), 1e-8);
    EXPECT_GT(truth(sample.points[*sample.safe]), 2e-9);
    EXPECT_GT(truth(sample.points[*sample.unsafe]), 1e-8);
    EXPECT_LT(truth(sample.points[*sample.unsafe]), 5e-8);
    for (const RiskPoint& point : sample.points) {
      if (!point.at.settled || truth(point) < 1e-9) continue;
      ++settled;
      if (point.at.low <= truth(point) && truth(point) <= point.at.high) ++held;
    }
  }
  EXPECT_GE(settled, 30U);
  EXPECT_GE(held, settled * 95 / 100);  // 99 % are meant
}

// Bad by clients that come in time, or, seldom at first and almost alone in the end, by a slow command of
// another.
class TwoWays final : public PlayedRuns {
 public:
  explicit TwoWays(const std::vector<sim::Duration>& values) : timely_(values), values_(values) {}

  bool bad_at(std::size_t value) override {
    timely_bad_ = timely_.bad_at(value);
    const auto draws = sim::draw_pair(0, sim::played_run, models::purpose(9, models::Role::redis_legs), 0);
    return sim::fraction(draws.first) < slow(sim::in_ns(values_[value])) || timely_bad_;
  }
  [[nodiscard]] std::optional<Anchor> anchor(std::size_t value) const override {
    return timely_bad_ ? timely_.anchor(value) : Anchor{.who = 9, .first = 9};
  }
  [[nodiscard]] std::optional<Thought> thought(std::uint32_t who, std::uint32_t number) override {
    return timely_.thought(who, number);
  }
  static double risk(double value) {
    const double timely = value < TimelyClients::end ? TimelyClients::risk(value) : 0.0;
    return 1.0 - (1.0 - timely) * (1.0 - slow(value));
  }
  static double slow(double value) { return 0.3 * std::exp(-value / 8e6); }

 private:
  TimelyClients timely_;
  std::vector<sim::Duration> values_;
  bool timely_bad_ = false;
};

TEST(Risk, does_not_forget_those_who_need_not_come_in_time) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const MakeRuns make = [](const auto& values) { return std::make_unique<TwoWays>(values); };
  std::uint32_t held = 0, settled = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const RiskSample sample =
        measure({make, 1e-6, {sim::Duration{0}, std::chrono::milliseconds(200)}, {}, seed}, 2);
    ASSERT_TRUE(sample.safe && sample.unsafe) << seed;
    const double safe = sim::in_ns(sample.points[*sample.safe].value);
    const double unsafe = sim::in_ns(sample.points[*sample.unsafe].value);
    EXPECT_LE(TwoWays::slow(safe), 1e-6);
    EXPECT_GT(TwoWays::slow(safe), 3e-7);
    EXPECT_GT(TwoWays::slow(unsafe), 1e-6);
    EXPECT_LT(TwoWays::slow(unsafe), 3e-6);
    for (const RiskPoint& point : sample.points) {
      const double truth = TwoWays::risk(sim::in_ns(point.value));
      if (!point.at.settled || truth < 1e-8) continue;
      ++settled;
      if (point.at.low <= truth && truth <= point.at.high) ++held;
    }
  }
  EXPECT_GE(settled, 40U);
  EXPECT_GE(held, settled * 95 / 100);  // 99 % are meant
}

TEST(Risk, is_the_same_on_any_number_of_threads) {
  for (const double risk : {1e-2, 1e-5}) {
    const RiskProblem problem{three_uniforms, risk, {sim::Duration{0}, std::chrono::milliseconds(9)}, {}, 1};
    const RiskSample one = measure(problem, 1, 40), three = measure(problem, 3, 40);
    ASSERT_EQ(one.points.size(), three.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
      EXPECT_EQ(one.points[i].value, three.points[i].value);
      EXPECT_EQ(one.points[i].at.high, three.points[i].at.high);
      EXPECT_EQ(one.points[i].from.low, three.points[i].from.low);
    }
    EXPECT_EQ(one.safe, three.safe);
    EXPECT_EQ(one.unsafe, three.unsafe);
  }
}

TEST(Risk, resolution_is_what_was_asked_for) {
  const RiskPlan plan = plan_risk({three_uniforms,
                                   1e-3,
                                   {sim::Duration{0}, std::chrono::milliseconds(9)},
                                   std::chrono::microseconds(100),
                                   1},
                                  {});
  EXPECT_EQ(plan.resolution, std::chrono::microseconds(100));
  EXPECT_EQ(round_step(98'765.0), sim::Duration{50'000});
  EXPECT_EQ(round_step(10'000.0), sim::Duration{10'000});
  EXPECT_EQ(round_step(0.0), sim::Duration{1});
}

// Bad nowhere, or everywhere alike.
TEST(Risk, where_nothing_is_bad_or_everything) {
  const DurationRange range{sim::Duration{0}, std::chrono::milliseconds(9)};
  const RiskSample none =
      measure({[](const auto& values) {
                 return std::make_unique<Intervals>(std::vector<Intervals::Parts>(values.size()));
               },
               1e-3,
               range,
               {},
               1});
  EXPECT_EQ(none.safe, 0U);
  EXPECT_EQ(none.unsafe, std::nullopt);
  const RiskSample all = measure(
      {[](const auto& values) {
         return std::make_unique<Intervals>(std::vector<Intervals::Parts>(values.size(), {{0.2, 0.25}}));
       },
       1e-3,
       range,
       {},
       1});
  EXPECT_EQ(all.safe, std::nullopt);
  ASSERT_TRUE(all.unsafe);
  EXPECT_EQ(*all.unsafe + 1, all.points.size());
}

// What a sample cannot say it does not: a risk too small to be met is not known to be smaller still.
TEST(Risk, what_was_not_met_is_not_certified) {
  const RiskProblem problem{
      [](const auto& values) {
        return std::make_unique<Intervals>(std::vector<Intervals::Parts>(values.size()));
      },
      1e-9,
      {sim::Duration{0}, std::chrono::milliseconds(9)},
      {},
      1};
  RiskPlan plan = plan_risk(problem, {});
  EXPECT_TRUE(plan.unseen);
  EXPECT_EQ(plan.method, RiskMethod::plain);
  EXPECT_EQ(plan.plain_runs, 200'000U);  // no number of runs that can be had would show it
  plan.plain_runs = 10'000;
  const RiskSample sample = certify_risk(problem, plan, 1, {});
  EXPECT_EQ(sample.safe, std::nullopt);
  EXPECT_EQ(sample.unsafe, std::nullopt);
  RiskProblem larger = problem;
  larger.risk = 1e-5;
  EXPECT_EQ(measure(larger).safe, 0U);
}

// Runs that are counted.
class CountedRuns final : public PlayedRuns {
 public:
  CountedRuns(std::unique_ptr<PlayedRuns> runs, std::atomic<std::uint64_t>& count)
      : runs_(std::move(runs)), count_(count) {}
  bool bad_at(std::size_t value) override {
    ++count_;
    return runs_->bad_at(value);
  }
  [[nodiscard]] std::optional<Anchor> anchor(std::size_t value) const override {
    return runs_->anchor(value);
  }

 private:
  std::unique_ptr<PlayedRuns> runs_;
  std::atomic<std::uint64_t>& count_;
};

MakeRuns counted(const MakeRuns& make, std::atomic<std::uint64_t>& count) {
  return [&make, &count](const auto& values) { return std::make_unique<CountedRuns>(make(values), count); };
}

// Wherever it is, the search goes on for no more runs than it gives out at a time.
TEST(Risk, ends_soon_when_it_is_told_to) {
  const auto looks_in_all = [] {
    std::uint32_t looked = 0;
    const RiskProblem problem{three_uniforms, 1e-9, {sim::Duration{0}, std::chrono::milliseconds(9)}, {}, 1};
    (void)plan_risk(problem, [&](const RiskProgress&) {
      ++looked;
      return false;
    });
    return looked;
  }();
  ASSERT_GT(looks_in_all, 100U);
  for (const std::uint32_t tenth : {0U, 3U, 5U, 7U, 9U}) {
    const std::uint32_t looks = 1 + looks_in_all * tenth / 10;
    std::atomic<std::uint64_t> count = 0;
    std::uint64_t at_stop = 0;
    std::uint32_t looked = 0;
    const RiskWatch watch = [&](const RiskProgress&) {
      if (++looked < looks) return false;
      if (at_stop == 0) at_stop = count;
      return true;
    };
    const RiskProblem problem{
        counted(three_uniforms, count), 1e-9, {sim::Duration{0}, std::chrono::milliseconds(9)}, {}, 1};
    EXPECT_TRUE(plan_risk(problem, watch).stopped) << looks;
    ASSERT_GT(at_stop, 0U) << looks;
    EXPECT_LE(count - at_stop, 2000U) << looks;
  }
}

TEST(Risk, replications_end_at_once_when_they_are_told_to) {
  std::atomic<std::uint64_t> count = 0;
  const RiskProblem problem{
      counted(three_uniforms, count), 1e-6, {sim::Duration{0}, std::chrono::milliseconds(9)}, {}, 1};
  RiskPlan plan = plan_risk(problem, {});
  for (const RiskMethod method : {RiskMethod::importance, RiskMethod::splitting, RiskMethod::plain}) {
    plan.method = method;
    plan.plain_runs = 1'000'000'000;
    plan.importance.groups.assign(1, {.aims = {}, .first = 0, .end = 1, .runs = 1'000'000'000});
    plan.splitting.values = plan.values.size();
    plan.splitting.first_draws = 1'000'000'000;
    plan.splitting.particles = 1;
    plan.splitting.levels = alike(plan.values.size(), 1);
    const RiskSample sample = certify_risk(problem, plan, 1, [](const RiskProgress&) { return true; });
    EXPECT_FALSE(sample.complete);
    EXPECT_FALSE(sample.safe || sample.unsafe);
  }
}

// One of the scenarios with many reads, within a stated number of runs.
TEST(Risk, of_many_reads_is_found_within_some_million_runs) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/sleep-too-short"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  const MakeRuns make = [&](const auto& values) { return std::make_unique<ScenarioRuns>(question, values); };
  std::atomic<std::uint64_t> count = 0;
  const RiskProblem problem{
      counted(make, count), 1e-6, {sim::Duration{0}, std::chrono::seconds(1800)}, {}, 1};
  const RiskPlan plan = plan_risk(problem, {});
  EXPECT_EQ(plan.method, RiskMethod::importance);
  const RiskSample sample = certify_risk(problem, plan, 2, {});
  EXPECT_TRUE(sample.complete);
  ASSERT_TRUE(sample.safe && sample.unsafe);
  const sim::Duration safe = sample.points[*sample.safe].value, unsafe = sample.points[*sample.unsafe].value;
  EXPECT_LT(unsafe, safe);
  EXPECT_LE(safe - unsafe, std::chrono::milliseconds(2));
  EXPECT_LT(count, 2'000'000U);
}

// At a billionth, where no plain run sees anything, against another way to the same number.
TEST(Risk, of_many_reads_agrees_with_conditioning_at_a_billionth) {
  if (support::sanitized) GTEST_SKIP() << "statistics, which say the same in every build; they run without";
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/sleep-too-short"));
  const RunQuestion question{scenario, scenario.strategies.front(), "sleep"};
  const MakeRuns make = [&](const auto& values) { return std::make_unique<ScenarioRuns>(question, values); };
  const RiskProblem problem{make, 1e-9, {sim::Duration{0}, std::chrono::seconds(1800)}, {}, 3};
  RiskPlan plan = plan_risk(problem, {});
  ASSERT_EQ(plan.method, RiskMethod::importance);
  for (auto& group : plan.importance.groups) {  // what is less rare was compared elsewhere
    if (plan.values[group.end - 1] < std::chrono::microseconds(49'500)) group.runs = 1;
  }
  const RiskSample sample = certify_risk(problem, plan, 2, {});
  std::vector<sim::Duration> sleeps;
  std::vector<RiskEstimate> found;
  for (const RiskPoint& point : sample.points) {
    if (point.value < std::chrono::microseconds(49'500) || point.at.estimate < 2e-10) continue;
    sleeps.push_back(point.value);
    found.push_back(point.at);
  }
  ASSERT_GE(sleeps.size(), 3U);
  const std::vector<RiskEstimate> other = tail_risks(scenario, sleeps, 100'000);
  for (std::size_t i = 0; i < sleeps.size(); ++i) {
    EXPECT_LE(found[i].low, other[i].high) << sleeps[i].count();
    EXPECT_GE(found[i].high, other[i].low) << sleeps[i].count();
    EXPECT_LT(other[i].high, 1.2 * other[i].low) << sleeps[i].count();
    EXPECT_LT(found[i].high, 4.0 * found[i].low) << sleeps[i].count();
  }
}

// Article's scenarios: by splitting, against plain runs where these see something.
TEST(Risk, of_a_replica_agrees_with_plain_runs) {
  const auto scenario =
      std::get<scenarios::Scenario>(scenarios::load_scenario("article/late-reader-replica"));
  const RunQuestion question{scenario, must_choose("delayed-double-delete"), "sleep"};
  const RiskProblem problem{
      [&](const auto& values) { return std::make_unique<ScenarioRuns>(question, values); },
      2e-5,
      {sim::Duration{0}, std::chrono::milliseconds(50)},
      {},
      2};
  RiskPlan plan = plan_risk(problem, {});
  ASSERT_NE(plan.method, RiskMethod::plain);
  plan.splitting.particles = std::min(plan.splitting.particles, 50U);
  const RiskSample split = certify_risk(problem, plan, 2, {});
  plan.method = RiskMethod::plain;
  plan.plain_runs = 30'000;
  const RiskSample plain = certify_risk(problem, plan, 2, {});
  ASSERT_EQ(split.points.size(), plain.points.size());
  int compared = 0;
  for (std::size_t i = 0; i < split.points.size(); ++i) {
    EXPECT_LE(split.points[i].at.low, plain.points[i].at.high) << split.points[i].value.count();
    EXPECT_GE(split.points[i].at.high, plain.points[i].at.low) << split.points[i].value.count();
    if (plain.points[i].at.estimate > 0 && plain.points[i].at.estimate < 2e-3) ++compared;
  }
  EXPECT_GE(compared, 3);
  EXPECT_EQ(split.points.back().value, std::chrono::milliseconds(50));  // where --exact says it ends
  EXPECT_LT(split.points.back().at.high, 2e-5);
}

RiskResult tune_it(const RiskTuning& tuning) {
  return tune_by_risk(tuning, {});
}

TEST(Risk, is_at_most_the_exact_threshold_and_says_what_the_sleep_covers) {
  const auto scenario =
      std::get<scenarios::Scenario>(scenarios::load_scenario("article/late-reader-replica"));
  const RiskResult result = tune_it(
      {.scenario = scenario, .strategy = scenario.strategies.front(), .parameter = "sleep", .risk = 0.01});
  EXPECT_TRUE(result.complete());
  EXPECT_EQ(result.impossible_from, sim::Duration{50'000'001});
  ASSERT_TRUE(result.safe() && result.unsafe());
  EXPECT_LT(*result.unsafe(), *result.safe());
  EXPECT_LT(*result.safe(), *result.impossible_from);
  EXPECT_GT(*result.unsafe(), std::chrono::milliseconds(30));
  EXPECT_EQ(result.sample.points.back().at.estimate, 0.0);
  ASSERT_EQ(result.costs.size(), result.sample.points.size());
  EXPECT_EQ(result.instead.size(), 5U);
  EXPECT_GE(result.cover.runs, 10U);
  EXPECT_GT(result.cover.sum, *result.unsafe());
  const auto part = [&](CoverPart which) { return result.cover.parts[static_cast<std::size_t>(which)]; };
  EXPECT_GT(part(CoverPart::outdated_replica), std::chrono::milliseconds(25));
  EXPECT_LE(part(CoverPart::outdated_replica), std::chrono::milliseconds(40));
  EXPECT_LE(part(CoverPart::select_reply), std::chrono::milliseconds(10));
  EXPECT_GE(part(CoverPart::before_sleep), std::chrono::milliseconds(2));
  EXPECT_EQ(part(CoverPart::early_select), sim::Duration{0});
}

// As in the exact search's test: deleting at once is safe, later it is not.
TEST(Risk, larger_is_not_always_safer) {
  const scenarios::Scenario scenario = must_read(R"({"name": "at once",
  "redis": {"latency": "1ns"}, "mysql": {"latency": {"request": "2ns", "response": "1ns"},
                                         "service": {"select": "1ns"}},
  "clients": [{"name": "writer", "start": "4ns", "do": ["write"]},
              {"name": "reader", "start": "2ns", "do": ["read", "read"],
               "think": {"uniform": ["0ns", "9ns"]}}],
  "strategies": ["ttl-only"], "runs": 100})");
  const RiskResult result = tune_it({.scenario = scenario,
                                     .strategy = must_choose("delayed-double-delete:async=true"),
                                     .parameter = "sleep",
                                     .property = Property::nonlinearizable,
                                     .risk = 0.01,
                                     .range = DurationRange{sim::Duration{0}, sim::Duration{40}}});
  EXPECT_TRUE(result.complete());
  EXPECT_TRUE(result.sample.rises);
  EXPECT_EQ(result.safe(), std::nullopt);
  EXPECT_EQ(result.unsafe(), sim::Duration{40});
}

TEST(Risk, expectations_of_its_mode_are_judged) {
  const scenarios::Scenario scenario = must_read(R"({"redis": {"latency": {"uniform": ["1ms", "3ms"]}},
    "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
    "clients": [{"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
                {"name": "reader", "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"]}],
    "strategies": ["delayed-double-delete"], "runs": 100,
    "expect": [{"command": "tune", "mode": "risk", "figure": "safe_ns", "at_most": "5ms"},
               {"command": "tune", "mode": "risk", "figure": "unsafe_ns", "at_least": "5ms"},
               {"command": "tune", "figure": "safe_ns", "equals": "10000001ns"},
               {"command": "tune", "mode": "exact", "figure": "safe_ns", "equals": "10000001ns"}]})");
  const RiskResult result = tune_it(
      {.scenario = scenario, .strategy = scenario.strategies.front(), .parameter = "sleep", .risk = 0.01});
  ASSERT_EQ(result.expectations.size(), 4U);
  EXPECT_EQ(result.expectations[0].verdict, scenarios::ExpectationVerdict::held);
  EXPECT_EQ(result.expectations[1].verdict, scenarios::ExpectationVerdict::failed);
  EXPECT_EQ(result.expectations[2].verdict, scenarios::ExpectationVerdict::not_evaluated);
  EXPECT_EQ(result.expectations[3].verdict, scenarios::ExpectationVerdict::not_evaluated);
  EXPECT_EQ(result.verdict, scenarios::ResultVerdict::failed);
  const TuneResult exact = tune({scenario, scenario.strategies.front(), "sleep"}, {});
  EXPECT_EQ(exact.expectations[0].verdict, scenarios::ExpectationVerdict::not_evaluated);
  EXPECT_EQ(exact.expectations[2].verdict, scenarios::ExpectationVerdict::held);
}

}  // namespace
}  // namespace cacherace::exploration
