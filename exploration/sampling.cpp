#include "exploration/sampling.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "exploration/minimise.hpp"
#include "exploration/move_log.hpp"
#include "exploration/violations.hpp"
#include "models/roles.hpp"
#include "scenarios/simulation.hpp"
#include "sim/pct_chooser.hpp"
#include "sim/random_chooser.hpp"

namespace cacherace::exploration {
namespace {

using models::Role;

// So many orders say how long one is, which pct must know beforehand.
constexpr std::uint64_t measured_runs = 20;

class Drawer {
 public:
  Drawer(const Scenario& scenario, const StrategyChoice& strategy, const SamplingOptions& options)
      : scenario_(scenario), options_(options), simulation_(scenario, strategy) {
    if (options.chooser == DrawnBy::random) return;
    for (std::uint64_t run = 0; run < measured_runs; ++run) {
      sim::RandomChooser chooser(stream(run, 0));
      MoveLog log(chooser, options_.moves_max);
      go(run, log);
      plan_.steps = std::max(plan_.steps, log.moves().size());
    }
  }

  void draw(std::uint64_t run, Sample& sample) {
    const auto chooser = make(run);
    MoveLog log(*chooser, options_.moves_max);
    const sim::RunEnd end = go(run, log);
    ++sample.runs;
    if (end.ending != sim::Ending::quiescent) {
      ++sample.incomplete;
      return;
    }
    const Violations found = violations_of(scenario_.setup, simulation_.records(), end);
    for (std::size_t i = 0; i < property_count; ++i) {
      if (!found[i]) continue;
      ++sample.violating[i];
      if (!sample.first[i]) sample.first[i] = DrawnOrder{run, {.moves = log.moves()}};
    }
  }

 private:
  [[nodiscard]] sim::Stream stream(std::uint64_t run, std::uint32_t which) const {
    return {scenario_.seed, run, models::purpose(which, Role::order)};
  }

  [[nodiscard]] std::unique_ptr<sim::Chooser> make(std::uint64_t run) const {
    if (options_.chooser == DrawnBy::random) return std::make_unique<sim::RandomChooser>(stream(run, 0));
    return std::make_unique<sim::PctChooser>(plan_, stream(run, 1), stream(run, 2));
  }

  sim::RunEnd go(std::uint64_t run, MoveLog& log) {
    simulation_.choose_by(&log);
    return simulation_.run(run);
  }

  const Scenario& scenario_;
  const SamplingOptions& options_;
  scenarios::Simulation simulation_;
  sim::PctPlan plan_{.depth = options_.depth, .steps = 1, .owner_bits = models::owner_bits};
};

std::uint32_t depth_of(const SamplingOptions& options) {
  return options.chooser == DrawnBy::pct ? options.depth : 0;
}

// Whether the operations are in the scenario, and not drawn run by run.
bool has_plans(const Scenario& scenario) {
  return std::ranges::none_of(scenario.setup.clients, [](const auto& group) { return group.plan.empty(); });
}

}  // namespace

Sample sample(const Scenario& scenario, const StrategyChoice& strategy, const SamplingOptions& options) {
  Sample sample;
  Drawer drawer(scenario, strategy, options);
  while (sample.runs < options.runs && !(options.stop && options.stop())) drawer.draw(sample.runs, sample);
  return sample;
}

ExploreResult explore_drawn(const Scenario& scenario, const SamplingOptions& options) {
  const Scenario drawn = untimed(scenario);
  ExploreResult result{.scenario = scenario.name, .complete = false};
  for (const StrategyChoice& strategy : scenario.strategies) {
    const Sample found = sample(drawn, strategy, options);
    ExploredStrategy explored{.strategy = strategy, .complete = false};
    explored.draws = Draws{options.chooser, scenario.seed,    depth_of(options), found.runs,
                           options.runs,    found.incomplete, found.violating};
    for (std::size_t i = 0; i < property_count; ++i) {
      if (!found.first[i]) continue;
      const auto& [run, schedule] = *found.first[i];
      if (has_plans(scenario)) {
        explored.draws->schedules[i] = schedule_text(schedule, fingerprint(scenario, strategy));
      }
      explored.witnesses[i] = minimise(scenario, drawn, strategy, run, schedule, static_cast<Property>(i),
                                       {.stop = options.stop});
      if (!explored.witnesses[i]) throw std::logic_error("a violation that was drawn cannot be played");
    }
    result.strategies.push_back(std::move(explored));
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::exploration
