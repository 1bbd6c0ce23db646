// A result of `run` as JUnit XML.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// A suite for the scenario, a case for each strategy and expectation. Failed and undecided ones are failures
// with what was observed, its interval, the steps of the strategy's first violation and the command that
// repeats them. Expectations of other commands are skipped; so is one case of a strategy of which nothing is
// expected, which says what was seen. What did not come to its end is an error. `scenario` is the one that
// was run.
std::string run_junit(const scenarios::Scenario& scenario, const scenarios::RunResult& result,
                      const Source& source);

}  // namespace cacherace::reports
