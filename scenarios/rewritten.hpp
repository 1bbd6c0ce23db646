// A scenario whose parts were replaced after it was read, as a text that reads as it is now.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

// The text of `changed`, which was read from its text and then got its one strategy, and other clients,
// faults, replicas and start (`keys.cached`). What is expected of it is left out. `fault`: its one fault is
// the one that stands there in the list of the text.
//
// Preconditions: its clients have lists of operations, on keys that are drawn. Their starts, and all times of
// a fault that is not taken from the text, are constant or uniform.
std::string rewritten_text(const Scenario& changed, std::optional<std::size_t> fault = std::nullopt);

// The scenario that the text says, with the files of `changed`.
Scenario rewritten(const Scenario& changed, std::optional<std::size_t> fault = std::nullopt);

}  // namespace cacherace::scenarios
