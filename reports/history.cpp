#include "reports/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/commands.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::reports {
namespace {

std::string_view outcome_name(verify::Outcome outcome) {
  switch (outcome) {
    case verify::Outcome::ok:
      return "ok";
    case verify::Outcome::fail:
      return "fail";
    case verify::Outcome::unknown:
      break;
  }
  return "unknown";
}

}  // namespace

std::string history_lines(const verify::Execution& execution, std::string_view strategy, std::uint64_t run) {
  std::string text;
  for (const verify::Operation& operation : execution.operations) {
    const bool is_read = operation.kind == verify::OperationKind::read;
    const bool has_value = !is_read || operation.outcome == verify::Outcome::ok;
    const bool has_end = operation.end != verify::never && operation.outcome != verify::Outcome::unknown;
    fmt::format_to(std::back_inserter(text),
                   R"({{"client": {}, "op": "{}", "key": "k{}", "value": {}, "start": {}, "end": {}, )"
                   R"("outcome": "{}", "strategy": "{}", "run": {}}})"
                   "\n",
                   operation.client, is_read ? "read" : "write", operation.key,
                   has_value ? std::to_string(operation.value) : "null", operation.start,
                   has_end ? std::to_string(operation.end) : "null", outcome_name(operation.outcome),
                   strategy, run);
  }
  return text;
}

std::string history_name(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy) {
  const auto namesakes =
      std::ranges::count(scenario.strategies, strategy.info,
                         [](const scenarios::StrategyChoice& choice) { return choice.info; });
  return namesakes > 1 ? strategy_argument(strategy) : std::string(strategy.info->name);
}

void for_each_history(const scenarios::Scenario& scenario, std::optional<std::uint64_t> only_run,
                      const std::function<bool(const std::string& lines)>& write) {
  const std::uint64_t first = only_run.value_or(0);
  const std::uint64_t last = only_run ? first + 1 : scenario.runs;
  for (const auto& strategy : scenario.strategies) {
    const auto name = history_name(scenario, strategy);
    scenarios::Simulation simulation(scenario, strategy);
    scenarios::Observer observer(scenario.setup);
    for (std::uint64_t run = first; run < last; ++run) {
      const auto end = simulation.run(run);
      if (!write(history_lines(observer.observe(simulation.records(), end), name, run))) return;
    }
  }
}

}  // namespace cacherace::reports
