#include "exploration/minimise_run.hpp"

#include <algorithm>
#include <functional>

#include "exploration/explorable.hpp"
#include "exploration/minimise.hpp"
#include "exploration/run_excerpt.hpp"
#include "exploration/violations.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::exploration {

std::variant<ExploredStrategy, std::string> minimise_run(const Scenario& scenario,
                                                         const StrategyChoice& strategy, std::uint64_t run,
                                                         std::function<bool()> stop) {
  if (const auto reason = why_only_by_time(scenario)) return *reason + "; replay it without --minimise";
  scenarios::Simulation simulation(scenario, strategy);
  const sim::RunEnd end = simulation.run(run, true);
  if (end.ending != sim::Ending::quiescent) return "the run met a limit, so what it violates is not known";
  const auto& records = simulation.records();
  const Violations violated = violations_of(scenario.setup, records, end);
  if (std::ranges::none_of(violated, std::identity{})) return "the run violates nothing";
  const Excerpt excerpt = excerpt_of_run(scenario, records);
  ExploredStrategy found{.strategy = strategy, .complete = false};
  for (std::size_t i = 0; i < property_count; ++i) {
    if (!violated[i]) continue;
    found.witnesses[i] =
        minimise(scenario, strategy, excerpt, static_cast<Property>(i), {.timed = true, .stop = stop});
  }
  const auto is_there = [](const auto& witness) { return witness.has_value(); };
  if (std::ranges::none_of(found.witnesses, is_there)) {
    return "the order of its commands alone does not bring its violation about (an expiry or a fault may "
           "be needed), so it cannot be cut down; replay it without --minimise";
  }
  return found;
}

}  // namespace cacherace::exploration
