// Run after run of one strategy, observed and judged: what experiments and comparisons are made of.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "verify/judge.hpp"

namespace cacherace::scenarios {

// A finished run; valid until the next of the same trial.
struct JudgedRun {
  const verify::Execution& execution;
  const verify::Verdict& verdict;
  Traffic traffic;
};

// On one thread, in buffers that are kept.
class Trial {
 public:
  // `scenario` must outlive it.
  Trial(const Scenario& scenario, const StrategyChoice& strategy);

  // Run number `run`; nothing where it met a limit.
  std::optional<JudgedRun> play(std::uint64_t run);

 private:
  Simulation simulation_;
  Observer observer_;
  verify::Judge judge_;
};

}  // namespace cacherace::scenarios
