#include "reports/witness_json.hpp"

#include "exploration/past.hpp"
#include "exploration/reason.hpp"
#include "reports/draw_words.hpp"
#include "reports/explore_words.hpp"
#include "reports/reason_words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Json json_of(const WitnessStep& step, const ClientNames& names, bool timed) {
  const StepWords words = words_of(step, names);
  Json object = {{"client", step.who}};
  if (timed) object["at_ns"] = sim::nanos(instant_of(step));
  if (!words.begins.empty()) object["begins"] = words.begins;
  object["step"] = words.does;
  if (!words.ends.empty()) object["ends"] = words.ends;
  return object;
}

Json json_of(const sim::Latency& latency) {
  const sim::Support support = latency.support();
  const auto text = [](sim::Duration duration) { return std::to_string(sim::nanos(duration)) + "ns"; };
  return {{"uniform", {text(support.min), text(support.max.value_or(sim::longest_draw))}}};
}

// As a scenario's "clients" has it.
Json json_of(const models::ClientGroup& client, bool timed) {
  Json plan = Json::array();
  for (const auto& operation : client.plan) {
    const bool reads = operation.kind == models::OperationKind::read;
    plan.push_back({{reads ? "read" : "write", "k" + std::to_string(operation.key.value_or(0))}});
  }
  Json object = {{"name", client.name}, {"do", std::move(plan)}};
  if (timed) object["start"] = json_of(client.start);
  if (timed) object["think"] = json_of(client.think);
  return object;
}

Json json_of(const Witness& witness, const Reduced& reduced) {
  Json clients = Json::array(), faults = Json::array();
  const models::Setup& setup = reduced.scenario.setup;
  for (const auto& client : setup.clients) clients.push_back(json_of(client, witness.timed));
  for (const auto& fault : setup.faults) faults.push_back(json_of_fault(fault));
  return {{"length", reduction_text(witness)},
          {"mode", witness.timed ? "timed" : "untimed"},
          {"keys", setup.keys.count},
          {"clients", std::move(clients)},
          {"faults", std::move(faults)}};
}

}  // namespace

Json json_of_witness(const Scenario& scenario, const Witness& witness, Property property) {
  Json steps = Json::array();
  const ClientNames names = client_names(witness);
  for (const WitnessStep& step : witness.steps) steps.push_back(json_of(step, names, witness.timed));
  const Reason reason = reason_of(setup_of(scenario, witness), witness, property);
  Json object = {{"steps", std::move(steps)},
                 {"schedule", witness.schedule},
                 {"deciding_step", reason.decider.step + 1},
                 {"cause", verify::cause_names[static_cast<std::size_t>(reason.cause)]},
                 {"reason", reason_words(reason, scenario.setup.mysql.replicas)}};
  if (witness.reduced) object["reduced"] = json_of(witness, *witness.reduced);
  return object;
}

}  // namespace cacherace::reports
