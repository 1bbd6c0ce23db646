#include "reports/explore_table.hpp"

#include <fmt/format.h>

#include <vector>

#include "reports/commands.hpp"
#include "reports/draw_words.hpp"
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
  std::vector<Column> columns = {{"", Align::left},       {"stuck"},
                                 {"stale\nread"},         {"inver-\nsion"},
                                 {"not lin-\nearizable"}, {"dirty\nread"},
                                 {"cache\nahead"},        {"lost\nwrite"},
                                 {"dead-\nlock"},         {is_drawn(result) ? "orders" : "states"}};
  if (!is_drawn(result)) columns.push_back({"outcomes"});
  Table table(std::move(columns));
  for (const auto& strategy : result.strategies) {
    std::vector<Cell> row = {{strategy_argument(strategy.strategy)}};
    for (std::size_t i = 0; i < property_names.size(); ++i)
      row.push_back(reach_cell(strategy, static_cast<Property>(i)));
    row.push_back({count_text(strategy.draws ? strategy.draws->runs : strategy.states)});
    if (!strategy.draws) row.push_back({count_text(strategy.outcomes)});
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
         witness_table(setup_of(scenario, *told.witness), has_queue(strategy.strategy), *told.witness,
                       told.reason, paint) +
         "Why: " + paragraph(told.why + ".", 5);
}

}  // namespace

std::string witnesses_text(const Scenario& scenario, const ExploredStrategy& strategy, Paint paint) {
  std::string text;
  for (const auto& one : told_witnesses(scenario, strategy)) {
    text += "\n" + told(scenario, strategy, one, paint);
  }
  return text;
}

std::string explore_table(const Scenario& scenario, const ExploreResult& result, Paint paint) {
  std::string text = paragraph(
      fmt::format("{}: {}; {} (>> decides, ! wrong)", printable(result.scenario), orders_text(result),
                  is_drawn(result) ? "how many violate what" : "steps of the shortest way"));
  for (const auto& strategy : result.strategies) {
    const std::string why = why_incomplete(strategy);
    if (why.empty()) continue;
    text += fmt::format("NOT COMPLETE  {}: {}\n", strategy_argument(strategy.strategy), why);
  }
  text += "\n" + overview(result, paint);
  for (const auto& strategy : result.strategies) text += witnesses_text(scenario, strategy, paint);
  Expectations expectations;
  for (const auto& strategy : result.strategies) {
    expectations.push_back({strategy_argument(strategy.strategy), &strategy.expectations});
  }
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  return text;
}

}  // namespace cacherace::reports
