#include "exploration/round_values.hpp"

#include <cmath>

namespace cacherace::exploration {

using sim::Duration;

Duration round_step(double value) {
  if (!(value >= 1.0)) return Duration{1};
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  const double digit = value / power;
  return Duration{static_cast<std::int64_t>(std::llround(power * (digit >= 5.0   ? 5.0
                                                                  : digit >= 2.0 ? 2.0
                                                                                 : 1.0)))};
}

Duration rounded_up(Duration value, Duration step) {
  const auto steps = (value.count() + step.count() - 1) / step.count();
  return Duration{steps * step.count()};
}

Duration roundest(Duration lo, Duration hi) {
  for (Duration step = round_step(static_cast<double>(hi.count())); step > Duration{1};
       step = round_step(static_cast<double>(step.count() - 1))) {
    const Duration value = rounded_up(lo + Duration{1}, step);
    if (value <= hi) return value;
  }
  return hi;
}

}  // namespace cacherace::exploration
