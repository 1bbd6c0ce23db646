#include "scenarios/difference.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "scenarios/intervals.hpp"

namespace cacherace::scenarios {
namespace {

// The mean of a variable with a weight: `weight * [low, high]`, whatever its sign.
void add_weighted(Difference& sum, const Estimate& part, double weight) {
  sum.estimate += weight * *part.estimate;
  sum.low += weight * (weight >= 0.0 ? *part.low : *part.high);
  sum.high += weight * (weight >= 0.0 ? *part.high : *part.low);
}

ClusterSums sums_of_side(const PairedRatio& ratio, std::uint64_t pairs, PairedRatio::Variable x,
                         PairedRatio::Variable y) {
  return {.runs = pairs,
          .x = static_cast<std::uint64_t>(ratio.sums[x]),
          .y = static_cast<std::uint64_t>(ratio.sums[y]),
          .xx = ratio.product(x, x),
          .xy = ratio.product(x, y),
          .yy = ratio.product(y, y)};
}

// The sum over pairs of the squares of sum(weights[v] * v).
double sum_of_squares(const PairedRatio& ratio, const std::array<double, PairedRatio::variables>& weights) {
  double sum = 0.0;
  for (std::size_t one = 0; one < weights.size(); ++one) {
    for (std::size_t other = 0; other < weights.size(); ++other) {
      sum += weights[one] * weights[other] * static_cast<double>(ratio.product(one, other));
    }
  }
  return std::max(sum, 0.0);
}

// Of a mean: `error` is its standard error over `pairs` values.
Difference student(double estimate, double error, std::uint64_t pairs) {
  const boost::math::students_t law(static_cast<double>(pairs) - 1.0);
  const double reach = boost::math::quantile(law, 1.0 - (1.0 - confidence) / 2.0) * error;
  return {estimate, estimate - reach, estimate + reach, confidence, "student, paired by run"};
}

Difference mean_difference(const PairedEvent& event, std::uint64_t pairs, double factor) {
  const auto n = static_cast<double>(pairs), both = static_cast<double>(event.both),
             only_a = static_cast<double>(event.only_a), only_b = static_cast<double>(event.only_b);
  const double mean = (both * (1.0 - factor) + only_b - only_a * factor) / n;
  const double squares = both * (1.0 - factor) * (1.0 - factor) + only_b + only_a * factor * factor;
  return student(mean, std::sqrt(std::max(squares - n * mean * mean, 0.0) / (n - 1.0) / n), pairs);
}

}  // namespace

Difference paired_difference(const PairedEvent& event, std::uint64_t pairs, double factor) {
  if (event.only_a + event.only_b >= pairs_for_a_mean) return mean_difference(event, pairs, factor);
  const double weight_of_both = 1.0 - factor;
  const double cells = weight_of_both == 0.0 ? 2.0 : 3.0;
  const double level = 1.0 - (1.0 - confidence) / cells;
  Difference result{.method = "clopper-pearson of the pairs that differ, bonferroni"};
  add_weighted(result, clopper_pearson(event.only_b, pairs, level), 1.0);
  add_weighted(result, clopper_pearson(event.only_a, pairs, level), -factor);
  if (weight_of_both != 0.0) add_weighted(result, clopper_pearson(event.both, pairs, level), weight_of_both);
  return result;
}

std::optional<Difference> paired_difference(const PairedRatio& ratio, const RatioFigure& figure,
                                            std::uint64_t pairs, double factor) {
  using enum PairedRatio::Variable;
  if (pairs < 2 || ratio.sums[y_a] == 0 || ratio.sums[y_b] == 0) return std::nullopt;
  if (figure.is_share && ratio.runs_with_x < runs_for_a_mean) {
    const double level = 1.0 - (1.0 - confidence) / 2.0;
    return difference_of(clustered_share(sums_of_side(ratio, pairs, x_a, y_a), level),
                         clustered_share(sums_of_side(ratio, pairs, x_b, y_b), level), level, factor);
  }
  const auto sum = [&](PairedRatio::Variable v) { return static_cast<double>(ratio.sums[v]); };
  const double share_a = sum(x_a) / sum(y_a), share_b = sum(x_b) / sum(y_b);
  // A pair's value is (x_b - share_b y_b) / sum(y_b) - factor (x_a - share_a y_a) / sum(y_a): their sum is 0.
  const double squares = sum_of_squares(
      ratio, {-factor / sum(y_a), factor * share_a / sum(y_a), 1.0 / sum(y_b), -share_b / sum(y_b)});
  const auto n = static_cast<double>(pairs);
  return student(share_b - factor * share_a, std::sqrt(squares * n / (n - 1.0)), pairs);
}

Difference difference_of(const Estimate& a, const Estimate& b, double level, double factor) {
  Difference result{.level = 1.0 - 2.0 * (1.0 - level), .method = "difference of two intervals"};
  add_weighted(result, b, 1.0);
  add_weighted(result, a, -factor);
  return result;
}

}  // namespace cacherace::scenarios
