// What is wrong with a run, judged by verify/ from its facts alone.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "exploration/property.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/world.hpp"
#include "verify/verdict.hpp"

namespace cacherace::exploration {

using Violations = std::array<bool, property_count>;  // by Property; deadlock: an operation never ends

// Precondition: the run went on until nothing was left to do.
Violations violations_of(const models::Setup& setup, const std::vector<models::Record>& records,
                         const sim::RunEnd& end);

// The same where the verdict on it is known.
Violations violations_of(const verify::Verdict& verdict, const std::vector<models::Record>& records);

// The operations that were invoked and neither ended nor were lost in a crash.
std::set<std::uint32_t> endless_operations(const std::vector<models::Record>& records);

}  // namespace cacherace::exploration
