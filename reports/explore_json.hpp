// What exploration found as the JSON document that `explore --format json` prints.
#pragma once

#include <string>

#include "exploration/exploration.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

// `scenario` is the one that was explored. Indented, with a newline at its end. A pure function of its
// arguments.
std::string explore_document(const scenarios::Scenario& scenario, const exploration::ExploreResult& result,
                             const Source& source);

}  // namespace cacherace::reports
