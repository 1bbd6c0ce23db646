// What is wrong with a run, judged by verify/ from its facts alone.
#pragma once

#include <array>
#include <vector>

#include "exploration/property.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {

using Violations = std::array<bool, property_count>;  // by Property; deadlock: an operation never ends

// Precondition: the run went on until nothing was left to do.
Violations violations_of(const models::Setup& setup, const std::vector<models::Record>& records,
                         const sim::RunEnd& end);

}  // namespace cacherace::exploration
