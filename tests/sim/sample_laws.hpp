// What the tests of the laws share: short ways to make latencies, and some laws with gaps and atoms.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/laws.hpp"

namespace cacherace::sim {

using namespace std::chrono_literals;

inline constexpr double last_fraction = 1.0 - 0x1p-53;
inline constexpr double ms_ns = 1e6;

inline Latency draw_from(const LawPtr& law, Support range = {}) {
  auto result = Latency::of(law, range);
  EXPECT_TRUE(std::holds_alternative<Latency>(result)) << std::get<std::string>(result);
  return std::get<Latency>(result);
}

inline double in_ms(Duration d) {
  return static_cast<double>(nanos(d)) / ms_ns;
}

// P(Z <= z) of the standard normal law.
inline double bell(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

inline std::vector<std::pair<double, Duration>> some_quantiles() {
  return {{0.0, 1ms}, {0.5, 2ms}, {0.9, 2ms}, {0.99, 10ms}, {1.0, 50ms}};
}
inline std::vector<HistogramBin> some_bins() {
  return {{1ms, 0}, {2ms, 30}, {5ms, 60}, {8ms, 0}, {20ms, 10}};
}
// Half the reads take 2 ms to the nanosecond, some are bell-shaped around, few are in a cut tail.
inline LawPtr mixture_with_atom() {
  return mixture({{5.0, Latency::constant(2ms)},
                  {4.0, draw_from(normal(3ms, 500us), {1ms, 5ms})},
                  {1.0, draw_from(exponential(4ms), {10ms, std::nullopt})}});
}

}  // namespace cacherace::sim
