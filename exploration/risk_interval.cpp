#include "exploration/risk_interval.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <vector>

#include "scenarios/result.hpp"

namespace cacherace::exploration {
namespace {

struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};

Moments moments_of(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  Moments result;
  for (const double value : values) result.mean += value / count;
  for (const double value : values) {
    result.variance += (value - result.mean) * (value - result.mean) / (count - 1.0);
  }
  return result;
}

}  // namespace

double scatter_of(std::span<const double> replications) {
  const Moments moments = moments_of(replications);
  return moments.mean > 0.0 ? std::sqrt(moments.variance) / moments.mean : 0.0;
}

RiskEstimate interval_of(std::span<const double> replications) {
  assert(replications.size() >= 2);
  const auto count = static_cast<double>(replications.size());
  const Moments plain = moments_of(replications);
  RiskEstimate result{.estimate = plain.mean, .method = "student-t over replications"};
  if (plain.mean == 0.0) {
    result.settled = false;
    return result;
  }
  const boost::math::students_t law(count - 1.0);
  const double reach = boost::math::quantile(law, (1.0 + scenarios::confidence) / 2.0);
  const double half = reach * std::sqrt(plain.variance / count);
  result.estimate = std::min(1.0, plain.mean);
  result.low = std::clamp(plain.mean - half, 0.0, 1.0);
  result.high = std::min(1.0, plain.mean + half);
  result.settled = scatter_of(replications) <= scatter_max;
  if (std::ranges::any_of(replications, [](double value) { return value <= 0.0; })) return result;
  std::vector<double> logarithms;
  for (const double value : replications) logarithms.push_back(std::log(value));
  const Moments log = moments_of(logarithms);
  const double centre = log.mean + log.variance / 2.0;
  const double log_half =
      reach * std::sqrt(log.variance / count + log.variance * log.variance / (2.0 * (count - 1.0)));
  result.low = std::min(result.low, std::exp(centre - log_half));
  result.high = std::clamp(std::exp(centre + log_half), result.high, 1.0);
  return result;
}

}  // namespace cacherace::exploration
