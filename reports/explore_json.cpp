#include "reports/explore_json.hpp"

#include "reports/explore_words.hpp"
#include "reports/json_parts.hpp"
#include "reports/reason_words.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Json json_of(const WitnessStep& step, const ClientNames& names) {
  const StepWords words = words_of(step, names);
  Json object = {{"client", step.who}};
  if (!words.begins.empty()) object["begins"] = words.begins;
  object["step"] = words.does;
  if (!words.ends.empty()) object["ends"] = words.ends;
  return object;
}

Json json_of(const Scenario& scenario, const Witness& witness, Property property) {
  Json steps = Json::array();
  const ClientNames names = client_names(witness);
  for (const WitnessStep& step : witness.steps) steps.push_back(json_of(step, names));
  const Reason reason = reason_of(scenario.setup, witness, property);
  return {{"steps", std::move(steps)},
          {"schedule", witness.schedule},
          {"deciding_step", reason.decider.step + 1},
          {"cause", verify::cause_names[static_cast<std::size_t>(reason.cause)]},
          {"reason", reason_words(reason, scenario.setup.mysql.replicas)}};
}

Json json_of(const Scenario& scenario, const ExploredStrategy& strategy) {
  Json reachable = Json::object();
  Json witnesses = Json::object();
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const std::string name(property_names[i]);
    const auto property = static_cast<Property>(i);
    reachable[name] = strategy.reachable(property);
    if (const auto& witness = strategy.witnesses[i]) witnesses[name] = json_of(scenario, *witness, property);
  }
  return {{"strategy", strategy.strategy.info->name},
          {"parameters", json_of_parameters(strategy.strategy)},
          {"mode", "untimed"},
          {"complete", strategy.complete},
          {"states", strategy.states},
          {"outcomes", strategy.outcomes},
          {"reachable", std::move(reachable)},
          {"witnesses", std::move(witnesses)},
          {"expectations", json_of_expectations(strategy.expectations)}};
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
