// The violations of a run by time, each cut down.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "exploration/exploration.hpp"

namespace cacherace::exploration {

// One way to each property that run `run` violates: timed where a search finds one that the latencies allow,
// else an order of its commands. What no order of commands alone comes to is left out; a text says why where
// nothing is left. Deterministic where nobody stops it.
std::variant<ExploredStrategy, std::string> minimise_run(const Scenario& scenario,
                                                         const StrategyChoice& strategy, std::uint64_t run,
                                                         std::function<bool()> stop);

}  // namespace cacherace::exploration
