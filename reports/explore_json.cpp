#include "reports/explore_json.hpp"

#include "reports/json_parts.hpp"
#include "reports/witness_json.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

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
                 {"mode", strategy.timed ? "timed" : "untimed"},
                 {"complete", strategy.complete},
                 {"states", strategy.states},
                 {"outcomes", strategy.outcomes},
                 {"reachable", std::move(reachable)},
                 {"witnesses", std::move(witnesses)},
                 {"expectations", json_of_expectations(strategy.expectations)}};
  if (strategy.timed) object["classes"] = strategy.classes;
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
