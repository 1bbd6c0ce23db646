// Every order of a scenario's events that the supports of its latencies, sleeps and lags allow.
//
// What is a step of its own depends on what is asked: for the stores alone effects are enough, for what
// clients can tell invocations and returns are steps, too (grains.hpp). A TTL's expiry is an event, the first
// of its instant. Every violation found is proved: its order gets instants, is played by the simulator and
// judged by verify/.
#pragma once

#include <set>

#include "exploration/exploration.hpp"
#include "exploration/observed_run.hpp"
#include "exploration/schedule.hpp"
#include "sim/class_explorer.hpp"
#include "sim/passage.hpp"

namespace cacherace::exploration {

// A scenario under a strategy, as the class explorer sees it.
class TimedProgram final : public sim::TimedSubject {
 public:
  // `returns`: announced, or unseen where only the stores are asked about. `scenario` must outlive it.
  TimedProgram(const Scenario& scenario, const StrategyChoice& strategy, Returns returns);

  void run(sim::Chooser& chooser) override { run_.run(chooser); }
  void look(std::span<const sim::Pending> pending, sim::TimedSight& sight) override;
  void pass() override { run_.take(); }
  void see_final() override { run_.ledger().add_outcomes(outcomes_); }

  [[nodiscard]] sim::Grain grain() const;
  [[nodiscard]] std::uint64_t outcomes() const { return outcomes_.size(); }
  [[nodiscard]] ObservedRun& observed() { return run_; }

 private:
  const Scenario& scenario_;
  Returns returns_;
  ObservedRun run_;
  std::set<sim::Digest> outcomes_;
};

// How returns must be seen to judge the property.
Returns returns_for(Property property);

// Instants for the passage, played: nothing where that does not come to the property.
std::optional<Witness> prove(const Scenario& scenario, const StrategyChoice& strategy,
                             const sim::Passage& passage, Property property);

// The schedule, played: nothing where that does not come to the property.
std::optional<Witness> play(const Scenario& scenario, const StrategyChoice& strategy,
                            const Schedule& schedule, Property property);

// A shortest way to one property: nothing where there is none, or a limit came first.
std::optional<Witness> find_timed(const Scenario& scenario, const StrategyChoice& strategy, Property property,
                                  const ExploreOptions& options);

ExploredStrategy explore_timed(const Scenario& scenario, const StrategyChoice& strategy,
                               const ExploreOptions& options);

}  // namespace cacherace::exploration
