#include "exploration/scenario_runs.hpp"

#include <algorithm>

namespace cacherace::exploration {

scenarios::StrategyChoice RunQuestion::strategy_at(sim::Duration value) const {
  scenarios::StrategyChoice choice = strategy;
  choice.parameters.set_raw(parameter, sim::nanos(value));
  return choice;
}

std::optional<std::string> why_not_judged(Property property) {
  if (property != Property::cache_ahead && property != Property::deadlock) return std::nullopt;
  return std::string(property_names[index_of(property)]) +
         " is nothing that single runs are judged by; use --exact, or stuck, stale_read, inversion, "
         "nonlinearizable, dirty_read or lost_write";
}

bool shows(const verify::Verdict& verdict, Property property) {
  using verify::ReadFinding;
  switch (property) {
    case Property::stuck:
      return !verdict.stuck.empty();
    case Property::stale_read:
      return std::ranges::any_of(verdict.reads, [](const ReadFinding& read) { return read.stale_age >= 0; });
    case Property::inversion:
      return std::ranges::any_of(verdict.reads, &ReadFinding::inversion);
    case Property::nonlinearizable:
      return !verdict.linearizable;
    case Property::dirty_read:
      return std::ranges::any_of(verdict.reads, &ReadFinding::dirty);
    case Property::lost_write:
      return verdict.lost_writes > 0;
    case Property::cache_ahead:
    case Property::deadlock:
      break;
  }
  return false;
}

ScenarioRuns::ScenarioRuns(const RunQuestion& question, const std::vector<sim::Duration>& values)
    : question_(question), observer_(question.scenario.setup) {
  for (const sim::Duration value : values) {
    simulations_.push_back(
        std::make_unique<scenarios::Simulation>(question.scenario, question.strategy_at(value)));
  }
}

bool ScenarioRuns::bad_at(std::size_t value) {
  scenarios::Simulation& simulation = *simulations_[value];
  const sim::RunEnd end = simulation.run(sim::played_run);
  if (end.ending != sim::Ending::quiescent) {
    ++incomplete_;
    return false;
  }
  return shows(judge_.judge(observer_.observe(simulation.records(), end)), question_.property);
}

}  // namespace cacherace::exploration
