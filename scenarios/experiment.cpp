#include "scenarios/experiment.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "scenarios/crew.hpp"
#include "scenarios/tally.hpp"
#include "scenarios/trial.hpp"

namespace cacherace::scenarios {
namespace {

// One thread's share of a strategy's runs.
void work(const Scenario& scenario, const StrategyChoice& strategy, RunSource& source,
          std::atomic<std::uint64_t>& done, Tally& tally) {
  Trial trial(scenario, strategy);
  for (auto [from, to] = source.take(); from < to; std::tie(from, to) = source.take()) {
    for (std::uint64_t run = from; run < to && !source.stopped(); ++run) {
      tally.add(run, trial.play(run));
      done.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

StrategyResult run_strategy(const Scenario& scenario, const StrategyChoice& strategy,
                            const ExperimentOptions& options, std::atomic<std::uint64_t>& done,
                            std::uint64_t runs_total) {
  const std::uint64_t first = options.only_run.value_or(0);
  const std::uint64_t last = options.only_run ? first + 1 : scenario.runs;
  const unsigned jobs = static_cast<unsigned>(std::min<std::uint64_t>(options.jobs, last - first));
  RunSource source(first, last, jobs, options.stop);
  std::vector<Tally> tallies(jobs);
  Crew crew;
  crew.start(jobs, [&](unsigned job) { work(scenario, strategy, source, done, tallies[job]); });
  crew.wait([&] {
    if (options.see) options.see({done.load(), runs_total, strategy.info->name});
  });
  for (unsigned job = 1; job < jobs; ++job) tallies[0].merge(tallies[job]);
  return tallies[0].summary(strategy);
}

bool is_about_load(const Scenario& scenario) {
  const models::Setup& setup = scenario.setup;
  return setup.redis.ttl_jitter > sim::Duration{0} || setup.keys.missing > 0 ||
         std::ranges::any_of(setup.clients, &models::ClientGroup::coalesce) ||
         std::ranges::any_of(scenario.expectations, [](const Expectation& expectation) {
           return expectation.figure.starts_with("database.");
         });
}

}  // namespace

RunResult run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
  const std::uint64_t runs = options.only_run ? 1 : scenario.runs;
  RunResult result{.scenario = scenario.name,
                   .seed = scenario.seed,
                   .runs = runs,
                   .only_run = options.only_run,
                   .is_about_load = is_about_load(scenario)};
  std::atomic<std::uint64_t> done = 0;
  for (const StrategyChoice& strategy : scenario.strategies) {
    result.strategies.push_back(
        run_strategy(scenario, strategy, options, done, runs * scenario.strategies.size()));
    const StrategyResult& added = result.strategies.back();
    if (added.runs < runs || added.incomplete_runs > 0) result.complete = false;
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::scenarios
