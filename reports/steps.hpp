// One execution as a table, step by step: who did what when, what the stores held then, and what was wrong
// with it.
#pragma once

#include <cstdint>
#include <string>

#include "reports/played.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// Every line ends. The instants of an untimed order are its steps.
std::string steps_text(const Played& played, Paint paint = Paint::plain);

// Runs it once more to tell it.
std::string run_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                      std::uint64_t run, Paint paint = Paint::plain);

// "It comes to: stuck, stale read."; the line ends.
std::string violations_text(const exploration::Violations& violations);

}  // namespace cacherace::reports
