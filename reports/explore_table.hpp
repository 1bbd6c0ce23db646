// What exploration found as text: a line for each strategy, then a shortest witness of each violation.
#pragma once

#include <string>

#include "exploration/exploration.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// `scenario` is the one that was explored. Every line ends.
std::string explore_table(const scenarios::Scenario& scenario, const exploration::ExploreResult& result,
                          Paint paint = Paint::plain);

// The witnesses of one strategy alone, each after an empty line.
std::string witnesses_text(const scenarios::Scenario& scenario, const exploration::ExploredStrategy& strategy,
                           Paint paint = Paint::plain);

}  // namespace cacherace::reports
