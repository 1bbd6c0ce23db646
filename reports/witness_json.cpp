#include "reports/witness_json.hpp"

#include "exploration/past.hpp"
#include "exploration/reason.hpp"
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

}  // namespace

Json json_of_witness(const Scenario& scenario, const Witness& witness, Property property) {
  Json steps = Json::array();
  const ClientNames names = client_names(witness);
  for (const WitnessStep& step : witness.steps) steps.push_back(json_of(step, names, witness.timed));
  const Reason reason = reason_of(scenario.setup, witness, property);
  return {{"steps", std::move(steps)},
          {"schedule", witness.schedule},
          {"deciding_step", reason.decider.step + 1},
          {"cause", verify::cause_names[static_cast<std::size_t>(reason.cause)]},
          {"reason", reason_words(reason, scenario.setup.mysql.replicas)}};
}

}  // namespace cacherace::reports
