// Runs in pairs against the same runs taken apart, and their differences against the textbook: each pair's
// value on its own, then mean and standard deviation.
#include "scenarios/pairs.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "scenarios/difference.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::scenarios {
namespace {

const std::string races = R"({
  "redis": {"latency": {"exponential": {"mean": "1ms"}}, "ttl": "50ms"},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}}},
  "keys": {"count": 3, "cached": true},
  "clients": [{"name": "mixed", "count": 4, "operations": 8, "mix": {"read": 0.7, "write": 0.3},
               "think": {"exponential": {"mean": "1ms"}}}],
  "strategies": ["write-then-delete", {"name": "delayed-double-delete", "sleep": "4ms"}],
  "runs": 400, "seed": 7
})";

PairedResult pairs_of(const Scenario& scenario, std::uint64_t runs_a, std::uint64_t runs_b, unsigned jobs) {
  ExperimentOptions options;
  options.jobs = jobs;
  return run_pairs({&scenario, scenario.strategies[0], runs_a}, {&scenario, scenario.strategies[1], runs_b},
                   options);
}

void expect_same_figures(const StrategyResult& one, const StrategyResult& other) {
  std::vector<std::optional<double>> figures[2];
  const auto collect = [](const StrategyResult& result, std::vector<std::optional<double>>& into) {
    for_each_figure(result, [&](std::string_view, const FigureValue& value) {
      const auto* estimate = std::get_if<Estimate>(&value);
      const auto* count = std::get_if<std::uint64_t>(&value);
      const auto* nanos = std::get_if<std::int64_t>(&value);
      if (estimate != nullptr) into.push_back(estimate->high);
      if (count != nullptr) into.push_back(static_cast<double>(*count));
      if (nanos != nullptr) into.push_back(static_cast<double>(*nanos));
    });
  };
  collect(one, figures[0]);
  collect(other, figures[1]);
  EXPECT_EQ(figures[0], figures[1]);
}

TEST(Pairs, each_side_comes_to_what_run_comes_to) {
  const Scenario scenario = must_read(races);
  const RunResult alone = run_experiment(scenario, {});
  const PairedResult paired = pairs_of(scenario, 400, 400, 2);
  expect_same_figures(paired.a, alone.strategies[0]);
  expect_same_figures(paired.b, alone.strategies[1]);
  EXPECT_EQ(paired.sums.pairs, 400U);
  EXPECT_EQ(paired.sums.events[0].both + paired.sums.events[0].only_a, alone.strategies[0].stuck_runs);
  EXPECT_EQ(paired.sums.events[1].both + paired.sums.events[1].only_b, alone.strategies[1].violating_runs);
  EXPECT_GT(paired.sums.events[1].only_a, 0U);
}

TEST(Pairs, only_runs_of_both_sides_are_pairs) {
  const Scenario scenario = must_read(races);
  const PairedResult paired = pairs_of(scenario, 60, 90, 1);
  EXPECT_EQ(paired.sums.pairs, 60U);
  EXPECT_EQ(paired.a.runs, 60U);
  EXPECT_EQ(paired.b.runs, 90U);
}

TEST(Pairs, the_number_of_threads_changes_nothing) {
  const Scenario scenario = must_read(races);
  const PairedSums one = pairs_of(scenario, 200, 200, 1).sums, three = pairs_of(scenario, 200, 200, 3).sums;
  EXPECT_EQ(one.pairs, three.pairs);
  for (std::size_t i = 0; i < ratio_figures.size(); ++i) {
    EXPECT_EQ(one.ratios[i].sums, three.ratios[i].sums);
    EXPECT_EQ(one.ratios[i].products, three.ratios[i].products);
  }
}

// The difference of each ratio as the textbook has it, from the values of every pair.
TEST(Pairs, differences_are_those_of_the_textbook) {
  const Scenario scenario = must_read(races);
  constexpr std::uint64_t runs = 300;
  const PairedSums sums = pairs_of(scenario, runs, runs, 2).sums;
  std::vector<std::array<double, 4>> latencies;  // of writes: sum and number on side a, then on side b
  Trial a(scenario, scenario.strategies[0]), b(scenario, scenario.strategies[1]);
  for (std::uint64_t run = 0; run < runs; ++run) {
    std::array<double, 4> of_pair{};
    std::size_t side = 0;
    for (Trial* trial : {&a, &b}) {
      const auto judged = trial->play(run);
      ASSERT_TRUE(judged);
      for (const auto& operation : judged->execution.operations) {
        if (operation.kind != verify::OperationKind::write || operation.outcome != verify::Outcome::ok)
          continue;
        of_pair[side] += static_cast<double>(operation.end - operation.start);
        of_pair[side + 1] += 1.0;
      }
      side += 2;
    }
    latencies.push_back(of_pair);
  }
  for (const double factor : {1.0, 1.1, 0.5}) {
    std::array<double, 4> total{};
    for (const auto& pair : latencies) {
      for (std::size_t i = 0; i < 4; ++i) total[i] += pair[i];
    }
    const double ratio_a = total[0] / total[1], ratio_b = total[2] / total[3], n = runs;
    double variance = 0.0;
    for (const auto& pair : latencies) {
      const double value = n / total[3] * (pair[2] - ratio_b * pair[3]) -
                           factor * n / total[1] * (pair[0] - ratio_a * pair[1]);
      variance += value * value / (n - 1.0);
    }
    const double reach =
        boost::math::quantile(boost::math::students_t(n - 1.0), 0.995) * std::sqrt(variance / n);
    const auto difference = paired_difference(sums.ratios[4], ratio_figures[4], runs, factor);
    ASSERT_TRUE(difference);
    EXPECT_EQ(ratio_figures[4].path, "latency.write.mean_ns");
    EXPECT_NEAR(difference->estimate, ratio_b - factor * ratio_a, 1e-3);
    EXPECT_NEAR(difference->high - difference->estimate, reach, 1e-6 * reach);
    EXPECT_NEAR(difference->estimate - difference->low, reach, 1e-6 * reach);
  }
}

// How often the interval holds the truth, of pairs of known probabilities: never less often than it says.
TEST(Differences, of_events_hold_the_truth_as_often_as_they_say) {
  constexpr double both = 0.2, only_a = 0.05, only_b = 0.01;
  struct Case {
    int pairs;
    double factor, least, most;  // how often, of the exact and of the approximate interval
  };
  for (const auto& [pairs, factor, least, most] :
       {Case{150, 1.0, 0.99, 1.0}, Case{150, 1.1, 0.99, 1.0}, Case{150, 0.9, 0.99, 1.0},
        Case{3000, 1.0, 0.985, 0.997}, Case{3000, 1.1, 0.985, 0.997}, Case{3000, 0.5, 0.985, 0.997}}) {
    std::mt19937_64 random(11);
    int held = 0;
    constexpr int samples = 2000;
    for (int sample = 0; sample < samples; ++sample) {
      PairedEvent event;
      for (int pair = 0; pair < pairs; ++pair) {
        const double u = static_cast<double>(random() >> 11U) * 0x1p-53;
        if (u < both) {
          ++event.both;
        } else if (u < both + only_a) {
          ++event.only_a;
        } else if (u < both + only_a + only_b) {
          ++event.only_b;
        }
      }
      const Difference d = paired_difference(event, static_cast<std::uint64_t>(pairs), factor);
      const double truth = (both + only_b) - factor * (both + only_a);
      if (d.low <= truth && truth <= d.high) ++held;
    }
    EXPECT_GE(held, samples * least) << pairs << " " << factor;
    EXPECT_LE(held, samples * most) << pairs << " " << factor;
  }
}

TEST(Differences, of_ratios_hold_the_truth_as_often_as_they_say) {
  std::mt19937_64 random(12);
  const auto uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  int held = 0;
  constexpr int samples = 4000, pairs = 200;
  for (int sample = 0; sample < samples; ++sample) {
    PairedRatio ratio;
    for (int pair = 0; pair < pairs; ++pair) {
      // Runs share their luck: some have many stale reads on both sides.
      const double luck = uniform();
      std::uint64_t stale_a = 0, stale_b = 0;
      const std::uint64_t reads = 5 + random() % 10;
      for (std::uint64_t i = 0; i < reads; ++i) {
        if (uniform() < 0.5 * luck) ++stale_a;
        if (uniform() < 0.4 * luck) ++stale_b;
      }
      ratio.add({stale_a, reads, stale_b, reads});
    }
    const auto d = paired_difference(ratio, ratio_figures[0], pairs, 1.0);
    if (d && d->low <= -0.05 && -0.05 <= d->high) ++held;
  }
  EXPECT_GE(held, samples * 985 / 1000);  // the interval is approximate: 0.99 is meant
  EXPECT_LT(held, samples);
}

TEST(Differences, of_shares_that_hardly_anything_is_known_of_are_those_of_two_intervals) {
  PairedRatio ratio;
  for (int pair = 0; pair < 100; ++pair) ratio.add({0, 10, pair < 3 ? 1U : 0U, 10});
  const auto rare = paired_difference(ratio, {"reads.stale_share", true}, 100, 1.0);
  ASSERT_TRUE(rare);
  EXPECT_EQ(rare->method, "difference of two intervals");
  EXPECT_NEAR(rare->level, 0.99, 1e-12);
  EXPECT_LT(rare->low, 0.0);
  EXPECT_GT(rare->high, 0.003);
  for (int pair = 0; pair < 100; ++pair) ratio.add({1, 10, 1, 10});
  EXPECT_EQ(paired_difference(ratio, {"reads.stale_share", true}, 200, 1.0)->method,
            "student, paired by run");
  EXPECT_FALSE(paired_difference(PairedRatio{}, {"reads.stale_share", true}, 200, 1.0));
}

}  // namespace
}  // namespace cacherace::scenarios
