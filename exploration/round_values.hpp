// Durations with few digits.
#pragma once

#include "sim/time.hpp"

namespace cacherace::exploration {

// The greatest of 1, 2 and 5 times a power of ten (ns) that is not above `value`; at least 1.
sim::Duration round_step(double value);

// The least multiple of `step` that is not below `value`.
sim::Duration rounded_up(sim::Duration value, sim::Duration step);

// Of the values in (lo, hi] that with the fewest digits.
sim::Duration roundest(sim::Duration lo, sim::Duration hi);

}  // namespace cacherace::exploration
