// The JSON Schema of the scenario format.
#pragma once

#include <string>

namespace cacherace::scenarios {

// scenario.schema.json with the strategies and their parameters filled in from the registry (draft 2020-12).
std::string scenario_schema();

}  // namespace cacherace::scenarios
