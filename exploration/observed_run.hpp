// A scenario under a strategy, run by choosers, with a ledger of what happened so far.
#pragma once

#include <cstdint>

#include "exploration/ledger.hpp"
#include "scenarios/simulation.hpp"
#include "sim/chooser.hpp"

namespace cacherace::exploration {

class ObservedRun {
 public:
  // `scenario` must outlive it.
  ObservedRun(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
              Returns returns);

  // From the beginning, until nothing is left to do or the chooser has seen enough.
  sim::RunEnd run(sim::Chooser& chooser);
  // The marks of the facts since the last time.
  std::uint32_t take();

  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] scenarios::Simulation& simulation() { return simulation_; }

 private:
  scenarios::Simulation simulation_;
  Ledger ledger_;
  std::size_t taken_ = 0;
};

}  // namespace cacherace::exploration
