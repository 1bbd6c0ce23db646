// Many orders of a scenario's steps under a strategy, each drawn: for what has too many orders to go through
// all of them.
//
// The steps and the judgement are those of `explore --untimed`: latencies, sleeps and lags may take any time,
// nothing expires. Clients with a `mix` draw their operations as in run number i of `run`; keys that are not
// named are drawn alike. What is found can happen; what is not found may still.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "exploration/exploration.hpp"
#include "exploration/schedule.hpp"

namespace cacherace::exploration {

struct SamplingOptions {
  DrawnBy chooser = DrawnBy::random;
  std::uint64_t runs = 10'000;
  std::uint32_t depth = 3;            // of pct
  std::uint64_t moves_max = 100'000;  // of a run: one that goes on longer is incomplete, and not judged
  std::function<bool()> stop;         // asked before each run; may be empty
};

// The order of a run that violated something.
struct DrawnOrder {
  std::uint64_t run = 0;
  Schedule schedule;
};

struct Sample {
  std::uint64_t runs = 0;                                       // fewer than wanted where it was stopped
  std::uint64_t incomplete = 0;                                 // of them
  std::array<std::uint64_t, property_count> violating{};        // runs, by Property
  std::array<std::optional<DrawnOrder>, property_count> first;  // by Property
};

// A pure function of scenario (with its seed), strategy and options where nobody stopped it. `scenario` is
// one that untimed() returned; it may have faults.
Sample sample(const Scenario& scenario, const StrategyChoice& strategy, const SamplingOptions& options);

// A sample of each of the scenario's strategies, each first violation cut down (minimise.hpp), expectations
// checked.
ExploreResult explore_drawn(const Scenario& scenario, const SamplingOptions& options);

}  // namespace cacherace::exploration
