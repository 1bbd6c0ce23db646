// Every order of two writers and three readers, and exact thresholds, beside what one run by time of the same
// clients takes.
#include <catch2/catch.hpp>

#include "exploration/explorable.hpp"
#include "exploration/exploration.hpp"
#include "exploration/threshold.hpp"
#include "measure.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::bench {
namespace {

using exploration::Crowd;
using exploration::Property;

scenarios::Scenario late_reader(const Crowd& crowd, bool cached) {
  auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/late-reader"));
  const auto writer = scenario.setup.clients.at(0).start;
  exploration::replace_clients(scenario, crowd);
  for (auto& group : scenario.setup.clients) group.start = writer;
  scenario.setup.keys.cached = cached;
  return scenario;
}

// A run by time of the same clients: what a search is compared with.
std::function<void()> one_run(scenarios::Simulation& simulation) {
  return [&simulation, run = std::uint64_t{0}]() mutable {
    for (int i = 0; i < 1000; ++i) simulation.run(run++);
  };
}

}  // namespace

TEST_CASE("explore untimed") {
  for (const auto* info : strategies::all_strategies()) {
    auto scenario = late_reader({2, 3}, true);
    scenario.strategies = {{info, strategies::Parameters(info->parameters)}};
    scenarios::Simulation simulation(scenario, scenario.strategies.front());
    std::uint64_t states = 0;
    const auto search = [&] { states = exploration::explore(scenario, {}).strategies.front().states; };
    const auto seconds = medians({search, one_run(simulation)}, 5);
    fmt::print(
        "explore untimed 2w3r, {:22} {:6} states {:7.1f} ms {:9.0f} states/s; a run by time {:.2f} us\n",
        info->name, states, 1e3 * seconds[0], static_cast<double>(states) / seconds[0], 1e3 * seconds[1]);
    CHECK(states > 0);
  }
}

TEST_CASE("exact thresholds") {
  for (const Crowd& crowd : {Crowd{1, 1}, Crowd{1, 2}, Crowd{2, 2}, Crowd{2, 3}}) {
    const auto scenario = late_reader(crowd, true);
    scenarios::Simulation simulation(scenario, scenario.strategies.front());
    for (const Property property : {Property::stuck, Property::stale_read}) {
      exploration::Threshold found;
      const auto search = [&] {
        found = exploration::find_threshold({scenario, scenario.strategies.front(), "sleep", property}, {});
      };
      const auto seconds = medians({search, one_run(simulation)}, 3);
      fmt::print("threshold {}w{}r {:10} {:8.2f} ms, {} searches, {} classes; a run by time {:.2f} us\n",
                 crowd.writers, crowd.readers, exploration::property_names[exploration::index_of(property)],
                 1e3 * seconds[0], found.searches, found.classes, 1e3 * seconds[1]);
      CHECK(found.complete);
    }
  }
}

}  // namespace cacherace::bench
