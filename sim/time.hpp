// Virtual time: signed 64-bit nanoseconds from 0. No clock of the machine is behind it.
#pragma once

#include <chrono>
#include <cstdint>

namespace cacherace::sim {

struct VirtualClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};

using Duration = VirtualClock::duration;
using Time = VirtualClock::time_point;

inline constexpr Time time_zero{};
inline constexpr Time time_never = Time::max();

constexpr std::int64_t nanos(Duration d) {
  return d.count();
}
constexpr std::int64_t nanos(Time t) {
  return t.time_since_epoch().count();
}

}  // namespace cacherace::sim
