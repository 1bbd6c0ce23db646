#include "reports/played.hpp"

#include <fmt/format.h>

#include "exploration/exploration.hpp"
#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "verify/judge.hpp"

namespace cacherace::reports {
namespace {

// What the simulation has of the execution, and the verdict on it.
void keep(Played& played, const scenarios::Simulation& simulation) {
  played.records = simulation.records();
  for (const auto& record : played.records) {
    if (record.client == models::no_client || played.names.contains(record.client)) continue;
    played.names[record.client] = simulation.client_name(record.client);
  }
  if (!played.is_judged) return;
  scenarios::Observer observer(played.scenario.setup);
  played.execution = observer.observe(played.records, played.end);
  verify::Judge judge;
  played.verdict = judge.judge(played.execution);
  played.violations = exploration::violations_of(played.verdict, played.records);
}

}  // namespace

std::string Played::name(std::uint32_t client) const {
  const auto found = names.find(client);
  return found == names.end() ? "client" : printable(found->second);
}

std::string Played::limit_text() const {
  const auto* const limit = end.ending == sim::Ending::out_of_time ? "limits.time" : "limits.events";
  return fmt::format("NOT COMPLETE  the run met {} after {}, so it is not judged\n", limit,
                     duration_text(sim::nanos(end.at)));
}

Played play_run(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                std::uint64_t run) {
  Played played{.scenario = scenario, .strategy = strategy};
  scenarios::Simulation simulation(played.scenario, strategy);
  played.end = simulation.run(run, true);
  played.is_judged = played.end.ending == sim::Ending::quiescent;
  played.title = fmt::format("{}: run {} of seed {} under {}", printable(scenario.name), run, scenario.seed,
                             strategy_argument(strategy));
  keep(played, simulation);
  return played;
}

Played play_schedule(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                     const exploration::Schedule& schedule) {
  Played played{.scenario = schedule.timed ? scenario : exploration::untimed(scenario),
                .strategy = strategy,
                .timed = schedule.timed};
  scenarios::Simulation simulation(played.scenario, strategy);
  exploration::Player player(schedule, !played.scenario.setup.faults.empty());
  simulation.choose_by(&player);
  played.end = simulation.run(0, true);
  played.trouble = player.trouble();
  played.title = fmt::format("{}: a schedule under {}{}", printable(scenario.name),
                             strategy_argument(strategy), schedule.timed ? "" : ", untimed");
  keep(played, simulation);
  return played;
}

}  // namespace cacherace::reports
