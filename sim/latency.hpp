// A distribution of durations: latencies, lags, sleeps, thinking.
//
// Every draw is the quantile function at one uniform fraction (inversion): one draw costs one random number,
// is monotone in it, and a truncated law is drawn exactly (the fraction is mapped into the mass of the
// range), never by clamping. Named moments and quantiles describe the law before truncation. Draws are
// rounded to the nearest whole nanosecond and stay within the support.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/time.hpp"

namespace cacherace::sim {

// [min, max]; `max` is absent where the law has no upper end.
struct Support {
  Duration min{0};
  std::optional<Duration> max;
  friend bool operator==(const Support&, const Support&) = default;
};

// Where a law has no upper end, its draws stop here all the same (2^60 ns, about 36 years), so that a few of
// them can be added to a time without overflow. Of the laws in use only a Pareto law of shape below 1 comes
// so far.
inline constexpr Duration longest_draw{std::int64_t{1} << 60U};

class Law;  // the shape of a distribution: see laws.hpp

// How a draw is computed: the first three without a call into the law.
enum class DrawKind : std::uint8_t { constant, uniform, exponential, by_law };

// A draw's way, with the numbers of the exponential law (ns; edge and mass: see exponential_offset).
struct DrawForm {
  DrawKind kind = DrawKind::by_law;
  double mean = 0.0;
  double edge = 0.0;
  double mass = 1.0;
};

// The distance from the lower end, in ns, of an exponential law cut off where exp(-distance / mean) = edge;
// mass = 1 - edge. 1 - fraction is exact, so the upper tail keeps its precision.
inline double exponential_offset(double fraction, double mean, double edge, double mass) {
  return -mean * std::log(edge + (1.0 - fraction) * mass);
}

// A value: cheap to copy, immutable, safe to share between threads.
class Latency {
 public:
  // Zero, always.
  Latency() = default;
  // `value` >= 0, always.
  static Latency constant(Duration value);
  // Everything else: `law` restricted to `range` (and to [0, inf)). Errors: no mass in the range, as text.
  static std::variant<Latency, std::string> of(const std::shared_ptr<const Law>& law, Support range);

  // The draw at a fraction in [0, 1). Nanoseconds: about 1 constant or uniform, 10 exponential, 15 to 25 the
  // other laws, a few hundred a mixture (which searches).
  [[nodiscard]] Duration at(double fraction) const {
    switch (form_.kind) {
      case DrawKind::constant:
        return min_;
      case DrawKind::uniform:
        return from_min(fraction * span_);
      case DrawKind::exponential:
        return from_min(exponential_offset(fraction, form_.mean, form_.edge, form_.mass));
      case DrawKind::by_law:
        break;
    }
    return at_by_law(fraction);
  }

  [[nodiscard]] bool is_constant() const { return form_.kind == DrawKind::constant; }

  // Exact: no point of mass lies outside, and draws come as near to the ends as one likes.
  [[nodiscard]] Support support() const;

  // The law within the support; what a mixture is made of.
  [[nodiscard]] std::shared_ptr<const Law> law() const;

 private:
  explicit Latency(std::shared_ptr<const Law> law);

  [[nodiscard]] Duration at_by_law(double fraction) const;

  // min + offset (ns), rounded half up, within [min, max]. No conversion can overflow: offset < span_.
  [[nodiscard]] Duration from_min(double offset) const {
    if (!(offset > 0.0)) {
      return min_;
    }
    if (offset >= span_) {
      return max_;
    }
    const auto whole = static_cast<std::int64_t>(offset);
    const bool up = offset - static_cast<double>(whole) >= 0.5;
    return min_ + Duration{whole + (up ? 1 : 0)};
  }

  DrawForm form_{DrawKind::constant};
  Duration min_{0};
  Duration max_{0};    // where draws stop
  double span_ = 0.0;  // max_ - min_, ns
  bool bounded_ = true;
  std::shared_ptr<const Law> law_;  // none: constant
};

}  // namespace cacherace::sim
