#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "scenarios/histogram.hpp"
#include "scenarios/intervals.hpp"

namespace cacherace::scenarios {
namespace {

TEST(Histogram, agrees_with_a_sorted_list_within_a_thousandth) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    Histogram histogram;
    std::vector<std::int64_t> values;
    const std::uint64_t count = random() % 300 + 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      values.push_back(static_cast<std::int64_t>(random() >> (1 + random() % 63)));
      histogram.add(values.back());
    }
    std::ranges::sort(values);
    Wide sum = 0;
    for (const auto value : values) sum += static_cast<std::uint64_t>(value);
    EXPECT_EQ(histogram.count(), count);
    EXPECT_EQ(histogram.max(), values.back());
    EXPECT_EQ(histogram.mean(), static_cast<std::int64_t>(sum / count));
    for (const double share : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(count)));
      const auto exact = static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
      const auto reported = static_cast<double>(*histogram.quantile(share));
      EXPECT_LE(std::abs(reported - exact), 0.001 * exact) << share;
      if (exact < 2048) {
        EXPECT_EQ(reported, exact);
      }
    }
  }
}

TEST(Histogram, of_equal_values_reports_them) {
  Histogram histogram;
  for (int i = 0; i < 10; ++i) histogram.add(6'000'000);
  EXPECT_EQ(histogram.quantile(0.5), 6'000'000);
  EXPECT_EQ(histogram.quantile(1.0), 6'000'000);
}

TEST(Histogram, is_empty_without_values) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_FALSE(histogram.mean() || histogram.max() || histogram.quantile(0.5));
}

TEST(Histogram, merges_to_the_same_in_any_order) {
  Histogram all;
  Histogram left;
  Histogram right;
  for (std::int64_t i = 0; i < 5000; ++i) {
    const std::int64_t value = i * i * i;
    all.add(value);
    (i % 3 == 0 ? left : right).add(value);
  }
  Histogram right_first = {};
  right_first.merge(right);
  right_first.merge(left);
  left.merge(right);
  for (const double share : {0.1, 0.5, 0.99, 1.0}) {
    EXPECT_EQ(left.quantile(share), all.quantile(share));
    EXPECT_EQ(right_first.quantile(share), all.quantile(share));
  }
  EXPECT_EQ(left.mean(), all.mean());
}

// Closed forms: nothing in n trials has the upper limit 1 - (0.005)^(1/n).
TEST(ClopperPearson, agrees_with_closed_forms_and_with_its_definition) {
  for (const std::uint64_t n : {1U, 10U, 10'000U}) {
    const Estimate none = clopper_pearson(0, n);
    EXPECT_EQ(none.estimate, 0.0);
    EXPECT_EQ(none.low, 0.0);
    EXPECT_NEAR(*none.high, 1.0 - std::pow(0.005, 1.0 / static_cast<double>(n)), 1e-12);
    const Estimate all = clopper_pearson(n, n);
    EXPECT_EQ(all.high, 1.0);
    EXPECT_NEAR(*all.low, std::pow(0.005, 1.0 / static_cast<double>(n)), 1e-12);
  }
  // At the lower limit, 3 or more of 20 have probability 0.005; at the upper one, 3 or fewer.
  const auto binomial = [](int k, int n, double p) {
    return std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) +
                    (n - k) * std::log1p(-p));
  };
  const Estimate some = clopper_pearson(3, 20);
  double at_least = 1.0;
  double at_most = 0.0;
  for (int k = 0; k < 3; ++k) at_least -= binomial(k, 20, *some.low);
  for (int k = 0; k <= 3; ++k) at_most += binomial(k, 20, *some.high);
  EXPECT_NEAR(at_least, 0.005, 1e-9);
  EXPECT_NEAR(at_most, 0.005, 1e-9);
  EXPECT_FALSE(clopper_pearson(0, 0).estimate);
}

TEST(ClusteredShare, is_clopper_pearson_for_runs_with_one_read_each) {
  ClusterSums sums;
  for (int run = 0; run < 1000; ++run) sums.add(run % 50 == 0 ? 1 : 0, 1);
  const Estimate clustered = clustered_share(sums);
  const Estimate plain = clopper_pearson(20, 1000);
  EXPECT_EQ(clustered.estimate, plain.estimate);
  EXPECT_NEAR(*clustered.low, *plain.low, 1e-4);
  EXPECT_NEAR(*clustered.high, *plain.high, 1e-4);
}

TEST(ClusteredShare, counts_runs_where_reads_of_a_run_agree) {
  ClusterSums sums;
  for (int run = 0; run < 1000; ++run) sums.add(run % 50 == 0 ? 100 : 0, 100);
  const Estimate clustered = clustered_share(sums);
  const Estimate of_runs = clopper_pearson(20, 1000);
  EXPECT_NEAR(*clustered.low, *of_runs.low, 1e-4);
  EXPECT_NEAR(*clustered.high, *of_runs.high, 1e-4);
  EXPECT_FALSE(clustered_share({}).estimate);
  ClusterSums none;
  for (int run = 0; run < 100; ++run) none.add(0, 7);
  EXPECT_NEAR(*clustered_share(none).high, *clopper_pearson(0, 100).high, 1e-12);
}

// The true share lies within the interval in at least about 99 % of many repetitions, also for correlated
// reads.
TEST(ClusteredShare, covers_the_truth) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform;
  int covered = 0;
  constexpr int repetitions = 2000;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    ClusterSums sums;
    for (int run = 0; run < 400; ++run) {
      // A run is bad with probability 0.05; then each of its reads is stale with probability 0.6: 0.03 in
      // all.
      const bool bad = uniform(random) < 0.05;
      std::uint64_t stale = 0;
      for (int read = 0; read < 10; ++read) stale += bad && uniform(random) < 0.6 ? 1 : 0;
      sums.add(stale, 10);
    }
    const Estimate share = clustered_share(sums);
    covered += *share.low <= 0.03 && 0.03 <= *share.high ? 1 : 0;
  }
  EXPECT_GE(covered, repetitions * 0.985);
}

TEST(ClusterSums, merge_to_the_same_in_any_order) {
  ClusterSums all;
  ClusterSums left;
  ClusterSums right;
  for (std::uint64_t run = 0; run < 100; ++run) {
    all.add(run % 3, 5 + run % 2);
    (run % 2 == 0 ? left : right).add(run % 3, 5 + run % 2);
  }
  right.merge(left);
  EXPECT_EQ(clustered_share(right).low, clustered_share(all).low);
  EXPECT_EQ(clustered_share(right).high, clustered_share(all).high);
}

}  // namespace
}  // namespace cacherace::scenarios
