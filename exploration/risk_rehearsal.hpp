// How much replications of a plan scatter, seen from a few of them: so many runs does it need. What they say
// counts for nothing else.
#pragma once

#include <cstdint>
#include <optional>

#include "exploration/play_crew.hpp"
#include "exploration/risk_plan.hpp"

namespace cacherace::exploration {

// Fixes how many runs each group of `plan.importance` has, with which numbers, and the last value that is
// tested. False: it needs too many, or it was told to stop.
bool rehearse_importance(const PlayCrew& crew, double risk, RiskPlan& plan);

// Fixes the last value that is tested. How many particles `plan.splitting` needs; none: it was told to stop.
std::optional<std::uint32_t> rehearse_splitting(const PlayCrew& crew, double risk, RiskPlan& plan);

}  // namespace cacherace::exploration
