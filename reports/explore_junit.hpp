// A result of `explore` as JUnit XML.
#pragma once

#include <string>

#include "exploration/exploration.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

// A suite for the scenario, a case for each strategy and expectation, as run_junit.hpp has them; a failure
// has the way to what the expectation names. `clients`: what --clients was given; empty: nothing.
std::string explore_junit(const scenarios::Scenario& scenario, const exploration::ExploreResult& result,
                          const Source& source, const std::string& clients);

}  // namespace cacherace::reports
