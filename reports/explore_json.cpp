#include "reports/explore_json.hpp"

#include "reports/draw_words.hpp"
#include "reports/json_parts.hpp"
#include "reports/witness_json.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Json json_of(const Draws& draws) {
  Json violating = Json::object(), schedules = Json::object();
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const std::string name(property_names[i]);
    violating[name] = draws.violating[i];
    if (!draws.schedules[i].empty()) schedules[name] = draws.schedules[i];
  }
  return {{"name", drawn_by_names[static_cast<std::size_t>(draws.chooser)]},
          {"runs", draws.runs},
          {"seed", draws.seed},
          {"depth", draws.depth == 0 ? Json() : Json(draws.depth)},
          {"incomplete_runs", draws.incomplete},
          {"violating_runs", std::move(violating)},
          {"schedules", std::move(schedules)}};
}

Json json_of(const Scenario& scenario, const ExploredStrategy& strategy) {
  Json reachable = Json::object();
  Json witnesses = Json::object();
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const std::string name(property_names[i]);
    const auto property = static_cast<Property>(i);
    reachable[name] = strategy.reachable(property);
    if (const auto& witness = strategy.witnesses[i])
      witnesses[name] = json_of_witness(scenario, *witness, property);
  }
  Json object = {{"strategy", strategy.strategy.info->name},
                 {"parameters", json_of_parameters(strategy.strategy)},
                 {"mode", strategy.timed ? "timed" : "untimed"}};
  if (strategy.draws) object["chooser"] = json_of(*strategy.draws);
  object["complete"] = strategy.complete;
  object["states"] = strategy.draws ? Json() : Json(strategy.states);
  if (strategy.timed) object["classes"] = strategy.classes;
  object["outcomes"] = strategy.draws ? Json() : Json(strategy.outcomes);
  object["reachable"] = std::move(reachable);
  object["witnesses"] = std::move(witnesses);
  object["expectations"] = json_of_expectations(strategy.expectations);
  return object;
}

}  // namespace

std::string explore_document(const Scenario& scenario, const ExploreResult& result, const Source& source) {
  Json document = {{"cacherace", source.version},
                   {"command", "explore"},
                   {"scenario", result.scenario},
                   {"complete", result.complete},
                   {"strategies", Json::array()}};
  for (const auto& strategy : result.strategies)
    document["strategies"].push_back(json_of(scenario, strategy));
  document["verdict"] = verdict_name(result.verdict);
  return text_of(document);
}

}  // namespace cacherace::reports
