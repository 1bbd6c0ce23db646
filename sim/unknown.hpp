// A duration that is still unknown, as a number: `unknown_unit`, which no sum of known durations reaches. A
// sum of durations then says by itself how often the unknown one is in it, and how long the rest is.
#pragma once

#include "sim/delay.hpp"

namespace cacherace::sim {

inline constexpr Duration unknown_unit{std::int64_t{1} << 52U};
// What known durations of one delay may add up to: 26 days.
inline constexpr Duration known_most{(std::int64_t{1} << 51U) - 1};

struct Split {
  std::int64_t unknowns;
  Duration known;
};

constexpr Split split(Duration sum) {
  const std::int64_t unknowns = (sum + unknown_unit / 2) / unknown_unit;
  return {unknowns, sum - unknowns * unknown_unit};
}

// The delay where the unknown duration may be anything in `range`, each time anew.
constexpr Delay resolved(const Delay& delay, const Delay& range) {
  const Split least = split(delay.least), most = split(delay.most);
  return {least.known + least.unknowns * range.least, most.known + most.unknowns * range.most};
}

}  // namespace cacherace::sim
