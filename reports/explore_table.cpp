#include "reports/explore_table.hpp"

#include <fmt/format.h>

#include <vector>

#include "reports/commands.hpp"
#include "reports/explore_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Cell reach_cell(const ExploredStrategy& strategy, Property property) {
  const Colour missing = strategy.complete ? Colour::none : Colour::yellow;
  return {reach_text(strategy, property), strategy.reachable(property) ? Colour::red : missing};
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
    for (std::size_t i = 0; i < property_names.size(); ++i)
      row.push_back(reach_cell(strategy, static_cast<Property>(i)));
    row.push_back({count_text(strategy.states)});
    row.push_back({count_text(strategy.outcomes)});
    table.add(std::move(row));
  }
  return table.text(paint);
}

std::string told(const Scenario& scenario, const ExploredStrategy& strategy, const ToldWitness& told,
                 Paint paint) {
  std::string text;
  for (const Property property : told.properties) {
    text += painted(witness_heading(strategy, property), Colour::red, paint) + "\n";
  }
  return text +
         witness_table(scenario.setup, has_queue(strategy.strategy), *told.witness, told.reason, paint) +
         "Why: " + paragraph(told.why + ".", 5);
}

}  // namespace

std::string explore_table(const Scenario& scenario, const ExploreResult& result, Paint paint) {
  std::string text = paragraph(fmt::format("{}: {}; steps of the shortest way (>> decides, ! wrong)",
                                           printable(result.scenario), orders_words(result)));
  for (const auto& strategy : result.strategies) {
    if (strategy.complete) continue;
    text += fmt::format("NOT COMPLETE  {}: a limit came after {}\n", strategy_argument(strategy.strategy),
                        counted(strategy.states, "state"));
  }
  text += "\n" + overview(result, paint);
  for (const auto& strategy : result.strategies) {
    for (const auto& one : told_witnesses(scenario, strategy)) {
      text += "\n" + told(scenario, strategy, one, paint);
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
