// One run, told step by step: who did what when, what the stores held then, and what was wrong with it.
#pragma once

#include <cstdint>
#include <string>

#include "exploration/schedule.hpp"
#include "exploration/violations.hpp"
#include "reports/table.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::reports {

// Runs it once more to tell it. Every line ends.
std::string run_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                      std::uint64_t run, Paint paint = Paint::plain);

// A schedule, played to the end and told in the same way. The instants of an untimed one are its steps.
struct ToldSchedule {
  std::string text;     // every line ends
  std::string trouble;  // why it could not be played, instead
  exploration::Violations violations{};
};
ToldSchedule schedule_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                            const exploration::Schedule& schedule, Paint paint = Paint::plain);

}  // namespace cacherace::reports
