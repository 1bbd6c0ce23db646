// What `cacherace compare` found as JUnit XML.
#pragma once

#include <string>

#include "reports/comparison.hpp"

namespace cacherace::reports {

// A suite for the scenario, a case for each pair of strategies and condition of --fail-on: a failure where it
// is met or undecided, with the figure on both sides and the command that repeats it. A pair of which no
// condition was asked is skipped, and tells what changed; so are remarks, one case for all. What did not come
// to its end is an error.
std::string compare_junit(const Comparison& comparison);

}  // namespace cacherace::reports
