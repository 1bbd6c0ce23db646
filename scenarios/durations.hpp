// Durations as scenarios and the command line write them: "250us", "1.5ms", "30s".
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sim/time.hpp"

namespace cacherace::scenarios {

// No duration is longer: 100,000 h, about 11 years. Times are sums of several durations and must fit 2^63 ns.
inline constexpr sim::Duration longest_duration = std::chrono::hours(100'000);

// A decimal number and one of ns, us, ms, s, min, h; rounded half up to whole nanoseconds. Or what is wrong
// with it and what to write instead.
std::variant<sim::Duration, std::string> parse_duration(std::string_view text);

}  // namespace cacherace::scenarios
