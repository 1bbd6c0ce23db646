// Workload W: one key; a writer DEL, UPDATE, sleep, DEL; two readers, two rounds each; exponential legs.
#include <catch2/catch.hpp>
#include <cstdio>

#include "callback_loop.hpp"
#include "measure.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/simulation.hpp"
#include "scenarios/tally.hpp"
#include "sim/laws.hpp"

namespace cacherace::bench {
namespace {

constexpr const char* workload = R"({
  "name": "W",
  "redis": {"latency": {"exponential": {"mean": "1ms"}}},
  "mysql": {"latency": {"exponential": {"mean": "5ms"}}},
  "clients": [{"name": "writer", "do": ["write"]},
              {"name": "reader", "count": 2, "do": ["read"], "repeat": 2}],
  "strategies": [{"name": "delayed-double-delete", "sleep": "10ms"}]
})";

scenarios::Scenario read_workload() {
  const auto no_files = [](const std::string& path) -> std::variant<std::string, scenarios::Fault> {
    return scenarios::Fault{.file = path};
  };
  return std::get<scenarios::Scenario>(scenarios::read_scenario(workload, "W", no_files));
}

sim::Latency exponential(sim::Duration mean) {
  return std::get<sim::Latency>(sim::Latency::of(sim::exponential(mean), {}));
}

}  // namespace

TEST_CASE("workload W") {
  using namespace std::chrono_literals;
  constexpr std::uint64_t runs = 20'000;
  const scenarios::Scenario scenario = read_workload();
  scenarios::Simulation simulation(scenario, scenario.strategies[0]);
  scenarios::Trial trial(scenario, scenario.strategies[0]);
  scenarios::Tally tally;
  CallbackLoop callbacks(exponential(1ms), exponential(5ms), 10ms);

  std::uint64_t events = 0;
  std::uint64_t callback_events = 0;
  const auto unchecked = [&] {
    events = 0;
    for (std::uint64_t run = 0; run < runs; ++run) events += simulation.run(run).events;
  };
  const auto checked = [&] {
    for (std::uint64_t run = 0; run < runs; ++run) tally.add(run, trial.play(run));
  };
  const auto callback_loop = [&] {
    callback_events = 0;
    for (std::uint64_t run = 0; run < runs; ++run) callback_events += callbacks.run(scenario.seed, run);
  };
  const auto seconds = medians({unchecked, checked, callback_loop});

  const auto each = static_cast<double>(runs);
  fmt::print("workload W, one core, {:.1f} events a run\n", static_cast<double>(events) / each);
  fmt::print("  models and recording     {:9.0f} runs/s  {:6.1f} ns an event\n", each / seconds[0],
             1e9 * seconds[0] / static_cast<double>(events));
  fmt::print("  with every check         {:9.0f} runs/s  {:.2f} x the time without (goal 1.5)\n",
             each / seconds[1], seconds[1] / seconds[0]);
  fmt::print("  callback loop, no stacks {:9.0f} runs/s  {:.2f} x its time is ours (goal 2)\n",
             each / seconds[2], seconds[0] / seconds[2]);
  CHECK(events == callback_events);
}

}  // namespace cacherace::bench
