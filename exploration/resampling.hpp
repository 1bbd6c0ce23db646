// Copies of weighted runs, each as often as its weight has it.
#pragma once

#include <span>
#include <vector>

#include "exploration/played_runs.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {

// Fills `to`; on average each of `from` comes exactly as often as its weight has it (systematic resampling:
// Kitagawa 1996). At least one, with a weight > 0.
void copy_by_weight(std::span<const Particle> from, std::vector<Particle>& to, sim::Stream& chance);

}  // namespace cacherace::exploration
