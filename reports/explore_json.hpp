// What exploration found as the JSON document that `explore --format json` prints.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "exploration/exploration.hpp"

namespace cacherace::reports {

// Indented, with a newline at its end. A pure function of its arguments.
std::string explore_document(const exploration::ExploreResult& result, const Source& source);

}  // namespace cacherace::reports
