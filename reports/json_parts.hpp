// Parts that the JSON documents of several commands share.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/result.hpp"

namespace cacherace::reports {

using Json = nlohmann::ordered_json;

// The values of all parameters, durations as "…_ns".
Json json_of_parameters(const scenarios::StrategyChoice& strategy);

Json json_of_expectations(const std::vector<scenarios::CheckedExpectation>& expectations);

// A probability or share with its interval.
Json json_of_estimate(const scenarios::Estimate& estimate);

// As a scenario's "faults" has it, but for durations.
Json json_of_fault(const models::Fault& fault);

// Indented, with a newline at its end.
std::string text_of(const Json& document);

}  // namespace cacherace::reports
