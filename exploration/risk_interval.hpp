// Confidence intervals for a probability that independent replications estimate, each without bias.
//
// Replications of splitting are skewed to the right, about like a lognormal law. The interval is the hull of
// two: Student's t for the mean of the values, and that for a lognormal mean from their logarithms (Olsson,
// "Confidence intervals for the mean of a log-normal distribution", Journal of Statistics Education 2005: the
// modified Cox method). Both are approximations; tests measure how often the hull holds the true value. Their
// upper ends need estimates that do not scatter too much: `settled` says whether these do.
#pragma once

#include <span>
#include <string_view>

namespace cacherace::exploration {

// A probability with its interval (0.99).
struct RiskEstimate {
  double estimate = 0.0;
  double low = 0.0;
  double high = 1.0;
  bool settled = true;  // the upper end is to be relied on
  std::string_view method;

  // That it is greater than `risk`. It rests on the lower end alone, settled or not: of what is never below 0
  // and scatters upwards that end is too low rather than too high (Johnson, "Modified t tests and confidence
  // intervals for asymmetrical populations", 1978; measured in the tests).
  [[nodiscard]] bool is_above(double risk) const { return low > risk; }
};

// From values >= 0, at least two. Where all are 0 nothing bounds it from above: not settled.
RiskEstimate interval_of(std::span<const double> replications);

// The standard deviation of one replication, in units of the mean; above, an interval is not settled.
inline constexpr double scatter_max = 1.0;
// 0 where all are 0.
double scatter_of(std::span<const double> replications);

}  // namespace cacherace::exploration
