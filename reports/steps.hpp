// One run, told step by step: who did what when, what the stores held then, and what was wrong with it.
#pragma once

#include <cstdint>
#include <string>

#include "reports/table.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::reports {

// Runs it once more to tell it. Every line ends.
std::string run_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                      std::uint64_t run, Paint paint = Paint::plain);

}  // namespace cacherace::reports
