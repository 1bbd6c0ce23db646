#include "reports/explore_markdown.hpp"

#include <fmt/format.h>

#include "reports/commands.hpp"
#include "reports/draw_words.hpp"
#include "reports/explore_words.hpp"
#include "reports/markdown.hpp"
#include "reports/reason_words.hpp"
#include "reports/sequence_diagram.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

std::string overview(const ExploreResult& result) {
  std::string head = "| strategy |";
  std::string rule = "|---|";
  for (const auto property : property_names) {
    head += fmt::format(" {} |", spaced(property));
    rule += "---:|";
  }
  const bool drawn = is_drawn(result);
  std::string text =
      head + (drawn ? " orders |\n" : " states | outcomes |\n") + rule + (drawn ? "---:|\n" : "---:|---:|\n");
  for (const auto& strategy : result.strategies) {
    text += fmt::format("| {} |", markdown_text(strategy_argument(strategy.strategy)));
    for (std::size_t i = 0; i < property_names.size(); ++i) {
      text += fmt::format(" {} |", reach_text(strategy, static_cast<Property>(i)));
    }
    text += drawn ? fmt::format(" {} |\n", count_text(strategy.draws->runs))
                  : fmt::format(" {} | {} |\n", count_text(strategy.states), count_text(strategy.outcomes));
  }
  return text;
}

std::string expectations_of(const ExploreResult& result) {
  std::string text;
  for (const auto& strategy : result.strategies) {
    for (const auto& checked : strategy.expectations) {
      text += fmt::format("- **{}** {}\n", verdict_name(checked.verdict),
                          markdown_text(expectation_text(strategy_argument(strategy.strategy), checked)));
    }
  }
  return text.empty() ? text : "\n## Expectations\n\n" + text;
}

}  // namespace

std::string witness_section(const scenarios::Scenario& scenario, const ExploredStrategy& strategy,
                            const ToldWitness& told) {
  std::string text;
  for (const Property property : told.properties) {
    text += "## " + markdown_text(witness_heading(strategy, property)) + "\n";
  }
  return text + fmt::format("\nWhy: {}.\n\n```mermaid\n{}```\n", markdown_text(told.why),
                            sequence_diagram(setup_of(scenario, *told.witness), has_queue(strategy.strategy),
                                             *told.witness, told.reason));
}

std::string explore_markdown(const Scenario& scenario, const ExploreResult& result) {
  std::string text =
      fmt::format("# {}: {}\n\n", markdown_text(printable(result.scenario)), orders_text(result));
  text += is_drawn(result) ? "How many orders violate what; what none does can happen in others.\n\n"
                           : "Steps of the shortest way to each violation; -: it cannot happen; ?: it was "
                             "not seen so far.\n\n";
  text += overview(result);
  for (const auto& strategy : result.strategies) {
    const std::string why = why_incomplete(strategy);
    if (why.empty()) continue;
    text += fmt::format("\n**Not complete**: {}: {}.\n", markdown_text(strategy_argument(strategy.strategy)),
                        why);
  }
  for (const auto& strategy : result.strategies) {
    for (const auto& one : told_witnesses(scenario, strategy))
      text += "\n" + witness_section(scenario, strategy, one);
  }
  return text + expectations_of(result);
}

}  // namespace cacherace::reports
