// How often intervals hold what is true.
#include "exploration/risk_interval.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

constexpr std::uint32_t repetitions = 4000, replications = 40;

// The share of intervals whose lower end is above the truth, and of those that are settled.
std::pair<double, double> too_high(const std::function<double(double)>& law, double truth) {
  double wrong = 0.0, settled = 0.0;
  for (std::uint32_t i = 0; i < repetitions; ++i) {
    sim::Stream chance(1, i, sim::Purpose(0, 0));
    std::vector<double> values;
    for (std::uint32_t j = 0; j < replications; ++j) values.push_back(law(chance.next_fraction()));
    const RiskEstimate found = interval_of(values);
    wrong += found.is_above(truth) ? 1.0 / repetitions : 0.0;
    settled += found.settled ? 1.0 / repetitions : 0.0;
  }
  return {wrong, settled};
}

// Half a percent is meant; that is asked for where upper ends fail for lack of the few great values, too.
TEST(RiskInterval, has_a_lower_end_that_holds_however_it_scatters) {
  const boost::math::normal_distribution<double> normal;
  for (const double sigma : {0.3, 0.8, 1.5, 2.5}) {
    const auto [wrong, settled] =
        too_high([&](double u) { return std::exp(sigma * quantile(normal, std::max(u, 1e-15))); },
                 std::exp(sigma * sigma / 2.0));
    EXPECT_LE(wrong, 0.009) << sigma;
    EXPECT_TRUE(sigma > 1.0 ? settled < 0.5 : sigma > 0.5 || settled > 0.999) << sigma << " " << settled;
  }
  for (const double share : {0.1, 0.01}) {
    const auto [wrong, settled] = too_high([&](double u) { return u < share ? 1.0 : 0.0; }, share);
    EXPECT_LE(wrong, 0.009) << share;
  }
  for (const double shape : {1.2, 2.5}) {  // without a variance, and with one
    const auto [wrong, settled] =
        too_high([&](double u) { return std::pow(1.0 - u, -1.0 / shape); }, shape / (shape - 1.0));
    EXPECT_LE(wrong, 0.009) << shape;
  }
}

}  // namespace
}  // namespace cacherace::exploration
