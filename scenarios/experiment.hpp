// Runs a scenario: many runs of each of its strategies, on many threads, into one result.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "scenarios/result.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

// Where an experiment stands. Runs are counted over all strategies.
struct Progress {
  std::uint64_t runs_done = 0;
  std::uint64_t runs_total = 0;
  std::string_view strategy;  // being run now
};

struct ExperimentOptions {
  unsigned jobs = 1;                         // threads; the result does not depend on it
  std::optional<std::uint64_t> only_run;     // just this run of each strategy
  const std::atomic<bool>* stop = nullptr;   // set from outside: end soon with what is finished
  std::function<void(const Progress&)> see;  // called now and then from the calling thread; may be empty
};

// The result, expectations checked. A pure function of the scenario where nothing stopped it.
RunResult run_experiment(const Scenario& scenario, const ExperimentOptions& options);

}  // namespace cacherace::scenarios
