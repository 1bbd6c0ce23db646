// The laws that durations are drawn from. A law is immutable and may already be restricted to a range: what
// is left within a narrower range is a law again, so truncations nest and mixtures may hold truncated parts.
//
// Preconditions of the factories are the scenario reader's to check; here they are asserted. Where a law's
// parameters leave a single value (a uniform law from a to a, a standard deviation of 0), it is that
// constant.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/latency.hpp"
#include "sim/time.hpp"

namespace cacherace::sim {

inline double in_ns(Duration d) {
  return static_cast<double>(nanos(d));
}

// May come out empty: max below min.
inline Support intersection(const Support& a, const Support& b) {
  const auto lower = !a.max || (b.max && *b.max < *a.max) ? b.max : a.max;
  return {std::max(a.min, b.min), lower};
}

inline bool contains(const Support& s, Duration value) {
  return s.min <= value && (!s.max || value <= *s.max);
}

// In ns, infinity without an upper end; 0 or less: a single point or nothing.
inline double length(const Support& s) {
  return s.max ? in_ns(*s.max - s.min) : std::numeric_limits<double>::infinity();
}

class Law {
 public:
  // What a range leaves of a law: the law given that it falls into the range, and the logarithm of the
  // probability that it does (a logarithm, because far tails underflow). No law: the range has no mass. The
  // bell-shaped laws say so too where the mass is below 1e-280 (beyond 35 standard deviations).
  struct Part {
    std::shared_ptr<const Law> law;
    double log_share = 0.0;
  };

  explicit Law(Support support) : support_(support) {}
  Law(const Law&) = delete;
  Law& operator=(const Law&) = delete;
  virtual ~Law() = default;

  [[nodiscard]] const Support& support() const { return support_; }

  // The value at a fraction in [0, 1), in ns, before rounding; monotone; may leave the support by rounding
  // errors.
  [[nodiscard]] virtual double quantile(double fraction) const = 0;
  // P(X <= x) and P(X > x), x in ns; each precise where it is small.
  [[nodiscard]] virtual double below(double x) const = 0;
  [[nodiscard]] virtual double above(double x) const = 0;
  // Both ends of `range` belong to it.
  [[nodiscard]] virtual Part within(Support range) const = 0;
  [[nodiscard]] virtual DrawForm form() const { return {}; }

 private:
  Support support_;
};

using LawPtr = std::shared_ptr<const Law>;

// value >= 0.
LawPtr point(Duration value);
// 0 <= a <= b.
LawPtr uniform(Duration a, Duration b);
// mean > 0.
LawPtr exponential(Duration mean);
// mean >= 0, stddev >= 0. Of the normal law what lies within [0, inf).
LawPtr normal(Duration mean, Duration stddev);
// 0 < median <= p99.
LawPtr lognormal(Duration median, Duration p99);
// P(X > x) = (min / x)^shape; min > 0, shape > 0.
LawPtr pareto(Duration min, double shape);
// (probability, value) with linear interpolation between. At least two; probabilities rise strictly from 0 to
// 1, values do not fall and are >= 0.
LawPtr quantiles(const std::vector<std::pair<double, Duration>>& points);

// `count` observations between the upper bound of the bin before (0 for the first) and `upper`.
struct HistogramBin {
  Duration upper{0};
  std::uint64_t count = 0;
};

// Uniform within a bin. Bounds rise strictly (the first may be 0: observations of 0); at least one count > 0.
LawPtr histogram(const std::vector<HistogramBin>& bins);
// Weights >= 0 with a sum > 0, of any scale. A part's own truncation stays: its weight is that of its range.
LawPtr mixture(const std::vector<std::pair<double, Latency>>& parts);

}  // namespace cacherace::sim
