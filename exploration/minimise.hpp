// A violation that was found in a large execution, cut down: fewer clients, then operations, keys, faults,
// then steps.
//
// What is taken away goes with the moves that served it; the rest of the order is played as well as it goes
// (excerpt.hpp), and verify/ says whether the violation is still there. Clients and operations go by ddmin
// (ddmin.hpp). Few operations are then explored: an operation that some order of the others does without
// goes, too, and the witness is a shortest one of every order. Otherwise moves are put off as long as the
// witness does not get longer. Deterministic where nobody stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "exploration/excerpt.hpp"
#include "exploration/exploration.hpp"

namespace cacherace::exploration {

struct MinimiseOptions {
  bool timed = false;                  // of a run: prefer an order that the latencies allow, if one is found
  std::size_t explored_max = 6;        // operations
  std::uint64_t states_max = 100'000;  // of each search
  std::uint64_t timed_states_max = 20'000;
  std::function<bool()> stop;  // asked before each attempt: leave it as it is; may be empty
};

// `excerpt` of `scenario` (as its file has it). Nothing where the excerpt does not come to the property when
// it is played.
std::optional<Witness> minimise(const Scenario& scenario, const StrategyChoice& strategy,
                                const Excerpt& excerpt, Property property, const MinimiseOptions& options);

// The same of an order that was drawn: `drawn` is the untimed scenario, `run` the run whose operations it
// had.
std::optional<Witness> minimise(const Scenario& scenario, const Scenario& drawn,
                                const StrategyChoice& strategy, std::uint64_t run, const Schedule& schedule,
                                Property property, const MinimiseOptions& options);

}  // namespace cacherace::exploration
