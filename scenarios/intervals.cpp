#include "scenarios/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>

namespace cacherace::scenarios {
namespace {

// The Clopper-Pearson limits for real-valued counts, as quantiles of beta distributions. `tail` is the
// probability that is left out on one side.
double lower_limit(double successes, double trials, double tail) {
  if (successes <= 0.0) return 0.0;
  return boost::math::ibeta_inv(successes, trials - successes + 1.0, tail);
}

double upper_limit(double successes, double trials, double tail) {
  if (successes >= trials) return 1.0;
  return boost::math::ibetac_inv(successes + 1.0, trials - successes, tail);
}

}  // namespace

Estimate clopper_pearson(std::uint64_t successes, std::uint64_t trials, double level) {
  Estimate result{.method = "clopper-pearson"};
  if (trials == 0) return result;
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  result.estimate = k / n;
  result.low = lower_limit(k, n, (1.0 - level) / 2.0);
  result.high = upper_limit(k, n, (1.0 - level) / 2.0);
  return result;
}

void ClusterSums::add(std::uint64_t x_of_run, std::uint64_t y_of_run) {
  if (y_of_run == 0) return;
  ++runs;
  x += x_of_run;
  y += y_of_run;
  xx += static_cast<Wide>(x_of_run) * x_of_run;
  xy += static_cast<Wide>(x_of_run) * y_of_run;
  yy += static_cast<Wide>(y_of_run) * y_of_run;
}

void ClusterSums::merge(const ClusterSums& other) {
  runs += other.runs;
  x += other.x;
  y += other.y;
  xx += other.xx;
  xy += other.xy;
  yy += other.yy;
}

Estimate clustered_share(const ClusterSums& sums, double level) {
  Estimate result{.method = "korn-graubard, clustered by run"};
  if (sums.y == 0) return result;
  const auto runs = static_cast<double>(sums.runs);
  const auto total = static_cast<double>(sums.y);
  const double share = static_cast<double>(sums.x) / total;
  double trials = runs;
  if (sums.x > 0 && sums.x < sums.y && sums.runs > 1) {
    const double squares = static_cast<double>(sums.xx) - 2.0 * share * static_cast<double>(sums.xy) +
                           share * share * static_cast<double>(sums.yy);
    const double variance = runs / (runs - 1.0) * std::max(squares, 0.0) / (total * total);
    // More trials than reads there are cannot be had; fewer than one is no trial.
    trials = variance > 0.0 ? std::clamp(share * (1.0 - share) / variance, 1.0, total) : runs;
  }
  result.estimate = share;
  result.low = lower_limit(share * trials, trials, (1.0 - level) / 2.0);
  result.high = upper_limit(share * trials, trials, (1.0 - level) / 2.0);
  return result;
}

}  // namespace cacherace::scenarios
