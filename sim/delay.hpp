// How long something takes, as far as it is decided when it begins.
#pragma once

#include "sim/time.hpp"

namespace cacherace::sim {

// In a run by time `least` = `most`: a draw. Where orders are chosen: the support, anything between them.
struct Delay {
  Duration least{0};
  Duration most{0};

  constexpr Delay() = default;
  // Exactly so long.
  constexpr Delay(Duration exactly) : least(exactly), most(exactly) {}
  constexpr Delay(Duration at_least, Duration at_most) : least(at_least), most(at_most) {}

  [[nodiscard]] constexpr bool is_zero() const { return most == Duration{0}; }

  constexpr Delay& operator+=(const Delay& other) {
    least += other.least;
    most += other.most;
    return *this;
  }
  friend constexpr Delay operator+(Delay a, const Delay& b) { return a += b; }
  friend constexpr bool operator==(const Delay&, const Delay&) = default;
};

}  // namespace cacherace::sim
