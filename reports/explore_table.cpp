#include "reports/explore_table.hpp"

#include <fmt/format.h>

#include <vector>

#include "reports/commands.hpp"
#include "reports/explore_words.hpp"
#include "reports/holdings.hpp"
#include "reports/step_words.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// The length of the shortest witness; "-": it cannot happen; "?": it was not seen so far.
Cell reach_cell(const ExploredStrategy& strategy, std::size_t property) {
  if (const auto& witness = strategy.witnesses[property]) {
    return {count_text(witness->steps.size()), Colour::red};
  }
  if (strategy.complete) return {"-"};
  return {"?", Colour::yellow};
}

std::string overview(const ExploreResult& result, Paint paint) {
  Table table({{"", Align::left},
               {"stuck"},
               {"stale\nread"},
               {"inver-\nsion"},
               {"not lin-\nearizable"},
               {"dirty\nread"},
               {"cache\nahead"},
               {"lost\nwrite"},
               {"dead-\nlock"},
               {"states"},
               {"outcomes"}});
  for (const auto& strategy : result.strategies) {
    std::vector<Cell> row = {{strategy_argument(strategy.strategy)}};
    for (std::size_t i = 0; i < property_names.size(); ++i) row.push_back(reach_cell(strategy, i));
    row.push_back({count_text(strategy.states)});
    row.push_back({count_text(strategy.outcomes)});
    table.add(std::move(row));
  }
  return table.text(paint);
}

std::vector<Cell> held(Holdings& holdings, models::Key key, std::uint32_t keys) {
  const Holding& holding = holdings.of(key);
  const std::string prefix = keys > 1 ? key_text(key) + "=" : "";
  const bool wrong = holding.cached && *holding.cached != holding.primary;
  std::vector<Cell> cells = {
      {prefix + (holding.cached ? version_text(*holding.cached) : "-"), wrong ? Colour::red : Colour::none},
      {prefix + version_text(holding.primary)}};
  std::string replicas;
  for (const auto value : holding.replicas) replicas += (replicas.empty() ? "" : " ") + version_text(value);
  if (!replicas.empty()) cells.push_back({prefix + replicas});
  return cells;
}

std::string told(const WitnessStep& step) {
  const StepWords words = words_of(step);
  std::string text = words.begins;
  for (const auto* more : {&words.does, &words.ends}) {
    if (!text.empty() && !more->empty()) text += "; ";
    text += *more;
  }
  return text;
}

std::string steps_table(const Scenario& scenario, const Witness& witness, Paint paint) {
  std::vector<Column> columns = {
      {""}, {"who", Align::left}, {"step", Align::left}, {"redis", Align::left}, {"mysql", Align::left}};
  if (scenario.setup.mysql.replicas > 0) columns.push_back({"replica", Align::left});
  Table table(std::move(columns));
  Holdings holdings(scenario.setup);
  std::size_t number = 0;
  for (const WitnessStep& step : witness.steps) {
    models::Key key{0};
    for (const models::Record& record : step.records) {
      holdings.apply(record);
      if (record.fact != models::Fact::slept && record.fact != models::Fact::woke) key = record.key;
    }
    std::vector<Cell> row = {{count_text(++number)}, {step.who}, {told(step)}};
    const auto cells = held(holdings, key, scenario.setup.keys.count);
    row.insert(row.end(), cells.begin(), cells.end());
    table.add(std::move(row));
  }
  return table.text(paint);
}

std::string heading(const ExploredStrategy& strategy, std::size_t property, const Witness& witness) {
  return fmt::format("{}: {} after {}\n", strategy_argument(strategy.strategy),
                     spaced(property_names[property]), counted(witness.steps.size(), "step"));
}

}  // namespace

std::string explore_table(const Scenario& scenario, const ExploreResult& result, Paint paint) {
  std::string text = paragraph(
      fmt::format("{}: every order of commands, untimed; steps of the shortest way", result.scenario));
  for (const auto& strategy : result.strategies) {
    if (strategy.complete) continue;
    text += fmt::format("NOT COMPLETE  {}: a limit came after {}\n", strategy_argument(strategy.strategy),
                        counted(strategy.states, "state"));
  }
  text += "\n" + overview(result, paint);
  for (const auto& strategy : result.strategies) {
    for (std::size_t i = 0; i < property_names.size(); ++i) {
      const auto& witness = strategy.witnesses[i];
      if (!witness) continue;
      text += "\n" + painted(heading(strategy, i, *witness), Colour::red, paint) +
              steps_table(scenario, *witness, paint);
    }
  }
  Expectations expectations;
  for (const auto& strategy : result.strategies) {
    expectations.push_back({strategy_argument(strategy.strategy), &strategy.expectations});
  }
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  return text;
}

}  // namespace cacherace::reports
