// Entries that are rebuilt before anybody misses them.
#pragma once

#include <optional>

#include "strategies/strategy.hpp"

namespace cacherace::strategies {

// GET; a hit is returned, and where it is due the first reader rebuilds it in the background. A miss does
// SELECT and SET. What is set is due after `fresh` (0: never).
std::optional<Row> read_and_rebuild(Session& session, Key key, sim::Duration fresh);

}  // namespace cacherace::strategies
