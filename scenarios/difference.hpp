// How far apart two sides are, with a confidence interval: b - factor * a. Of factor 1 it is the difference;
// of 1.1 its sign says whether b is more than 10 % above a.
#pragma once

#include <string_view>

#include "scenarios/pairs.hpp"

namespace cacherace::scenarios {

struct Difference {
  double estimate = 0.0;
  double low = 0.0;
  double high = 0.0;
  double level = confidence;  // the probability with which [low, high] holds what was estimated, at least
  std::string_view method;

  // Not where the level is 0: then low and high are the estimate.
  [[nodiscard]] bool has_interval() const { return level > 0.0; }
};

// Of the probability of an event. Where at least `pairs_for_a_mean` pairs differ, the mean of b - factor * a
// has a Student interval. Else the pairs fall into four cells, each with a Clopper-Pearson interval at a
// level divided among them (Bonferroni): wide, but the coverage is never below 0.99. Precondition: pairs > 1.
inline constexpr std::uint64_t pairs_for_a_mean = 100;
Difference paired_difference(const PairedEvent& event, std::uint64_t pairs, double factor);

// Of a ratio of sums. The ratio estimates are linearised (Cochran, "Sampling Techniques", 1977, section 6.3),
// each pair of runs giving one value, whose mean has a Student interval. Of shares that fewer than
// `runs_for_a_mean` runs say anything about, the difference of two intervals of their own is taken instead.
// Nothing where a side has no denominator, or there are fewer than two pairs.
std::optional<Difference> paired_difference(const PairedRatio& ratio, const RatioFigure& figure,
                                            std::uint64_t pairs, double factor);
inline constexpr std::uint64_t runs_for_a_mean = 30;

// Of two estimates, each with an interval at `level`, whether or not they have anything in common: the levels
// that are missing add up. Precondition: both are estimates.
Difference difference_of(const Estimate& a, const Estimate& b, double level, double factor);

}  // namespace cacherace::scenarios
