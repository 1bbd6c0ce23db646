// The checks alone: every verdict on executions of the article's comparison, beside a sort of their
// timestamps.
#include <catch2/catch.hpp>
#include <vector>

#include "measure.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/simulation.hpp"
#include "verify/judge.hpp"

namespace cacherace::bench {

TEST_CASE("checks") {
  const auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("article/side-by-side"));
  for (const scenarios::StrategyChoice& strategy : scenario.strategies) {
    scenarios::Simulation simulation(scenario, strategy);
    scenarios::Observer observer(scenario.setup);
    std::vector<verify::Execution> executions;
    std::size_t operations = 0;
    for (std::uint64_t run = 0; run < 200; ++run) {
      const sim::RunEnd end = simulation.run(run);
      executions.push_back(observer.observe(simulation.records(), end));
      operations += executions.back().operations.size();
    }
    verify::Judge judge;
    std::size_t violations = 0;
    std::vector<verify::Nanos> times;
    const auto judge_all = [&] {
      for (const auto& execution : executions) violations += judge.judge(execution).violates() ? 1 : 0;
    };
    const auto sort_all = [&] {
      for (const auto& execution : executions) {
        times.clear();
        for (const auto& operation : execution.operations) {
          times.push_back(operation.start);
          times.push_back(operation.end);
        }
        std::ranges::sort(times);
      }
    };
    const auto seconds = medians({judge_all, sort_all});
    const double each = 1e9 / static_cast<double>(operations);
    fmt::print("checks, {:22} {:5.1f} ns an operation; sorting their times {:5.1f} ns\n", strategy.info->name,
               seconds[0] * each, seconds[1] * each);
    CHECK(violations > 0);
  }
}

}  // namespace cacherace::bench
