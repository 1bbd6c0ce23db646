// A result as the JSON document that `--format json` prints.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// The `run` document, indented, with a newline at its end. A pure function of its arguments.
std::string run_document(const scenarios::RunResult& result, const Source& source);

}  // namespace cacherace::reports
