// Cases of JUnit that results of `run` and of `explore` share.
#pragma once

#include <string>

#include "reports/junit.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// An expectation of one strategy. `evidence`: what a failure tells below its message.
JunitCase expectation_case(const std::string& strategy, const scenarios::CheckedExpectation& checked,
                           const std::string& evidence);

// Skipped, with what was seen: a runner that finds no case at all reports an error, and a passed case would
// claim too much.
JunitCase no_expectation_case(const std::string& strategy, const std::string& seen);

// An error: the strategy's result did not come to its end.
JunitCase incomplete_case(const std::string& strategy, const std::string& why);

}  // namespace cacherace::reports
