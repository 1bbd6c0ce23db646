#include "exploration/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exploration/observed_run.hpp"
#include "exploration/schedule.hpp"
#include "exploration/teller.hpp"
#include "exploration/timed.hpp"
#include "scenarios/simulation.hpp"
#include "scenarios/suggest.hpp"
#include "sim/explorer.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;
using scenarios::Simulation;

// A scenario under a strategy, as the explorer sees it.
class Untimed final : public sim::Subject {
 public:
  Untimed(const Scenario& scenario, const StrategyChoice& strategy)
      : run_(scenario, strategy, Returns::at_once) {}

  void run(sim::Chooser& chooser) override {
    crashes_ = 0;
    run_.run(chooser);
  }

  void pass() override {
    run_.take();
    crashes_ = run_.ledger().crashes();
  }

  sim::Sight look(std::span<const sim::Pending> pending) override {
    sim::Sight sight;
    Ledger& ledger = run_.ledger();
    sight.marks = run_.take();
    sight.counted = ledger.crashes() - crashes_;
    crashes_ = ledger.crashes();
    sight.state = ledger.digest(pending.size());
    if (pending.empty()) sight.marks |= ledger.marks_of_final_state();
    return sight;
  }

  void see_final() override { run_.ledger().add_outcomes(outcomes_); }

  [[nodiscard]] std::uint64_t outcomes() const { return outcomes_.size(); }
  [[nodiscard]] Simulation& simulation() { return run_.simulation(); }

 private:
  ObservedRun run_;
  std::uint32_t crashes_ = 0;
  std::set<sim::Digest> outcomes_;
};

std::optional<sim::Way> way_to(const sim::StateGraph& graph, Property property, bool complete) {
  if (property == Property::stuck) return graph.to_final(marks::stuck, marks::stores);
  auto way = graph.to_step(marks_of(property));
  if (!way && property == Property::deadlock && complete) way = graph.to_dead_end();
  return way;
}

ExploredStrategy explore_untimed(const Scenario& scenario, const StrategyChoice& strategy,
                                 const ExploreOptions& options) {
  Untimed subject(scenario, strategy);
  sim::Explorer explorer(subject);
  ExploredStrategy result{.strategy = strategy};
  result.complete = explorer.explore(
      {.states = options.states_max, .bytes = options.bytes_max, .watch = watch_of(options, strategy)});
  result.states = explorer.graph().states();
  result.outcomes = subject.outcomes();
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const auto way = way_to(explorer.graph(), static_cast<Property>(i), result.complete);
    if (!way) continue;
    const auto steps = explorer.choices_along(*way);
    Told told = tell(subject.simulation(), steps, way->told);
    told.witness.schedule = schedule_text({.moves = std::move(told.moves)}, fingerprint(scenario, strategy));
    result.witnesses[i] = std::move(told.witness);
  }
  return result;
}

}  // namespace

sim::SearchWatch watch_of(const ExploreOptions& options, const StrategyChoice& strategy) {
  if (!options.watch) return {};
  return [&](const sim::SearchProgress& progress) { return options.watch(strategy, progress); };
}

Scenario untimed(const Scenario& scenario) {
  Scenario changed = scenario;
  models::Setup& setup = changed.setup;
  setup.redis.legs = {};
  setup.redis.ttl.reset();
  setup.expires = false;
  setup.mysql.legs = {};
  setup.redis.replication_lag = {};
  setup.mysql.replication_lag = setup.mysql.semi_sync_ack = {};
  setup.queue.latency = {};
  setup.service = {};
  for (auto& group : setup.clients) group.start = group.think = {};
  for (auto& fault : setup.faults) {
    if (fault.time) fault.time = sim::Latency{};
    fault.snapshot = {};
  }
  setup.limits = {sim::Duration(INT64_MAX), UINT64_MAX};
  return changed;
}

ExploreResult explore(const Scenario& scenario, const ExploreOptions& options) {
  const Scenario changed = untimed(scenario);
  ExploreResult result{.scenario = scenario.name, .timed = options.timed};
  for (const StrategyChoice& strategy : scenario.strategies) {
    result.strategies.push_back(options.timed ? explore_timed(scenario, strategy, options)
                                              : explore_untimed(changed, strategy, options));
    result.complete = result.complete && result.strategies.back().complete;
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::exploration
