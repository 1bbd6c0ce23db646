#include "reports/tune_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exploration/reason.hpp"
#include "models/roles.hpp"
#include "reports/reason_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"
#include "scenarios/simulation.hpp"
#include "sim/unknown.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

std::int64_t nanos_of(const LegBound& bound) {
  return sim::nanos(bound.is_most ? bound.leg.delay.most : -bound.leg.delay.least);
}

// "UPDATE": the command's name without its store.
std::string command_name(models::Command command) {
  const std::string_view name = models::command_names[models::index_of(command)];
  std::string text(name.substr(name.find('.') + 1));
  std::ranges::transform(text, text.begin(),
                         [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
  return text;
}

std::string leg_words(const Leg& leg, const scenarios::Simulation& simulation) {
  const models::TagParts owner = models::parts_of(leg.tag);
  const std::string name =
      models::is_of_client(owner.actor) ? printable(simulation.client_name(owner.who)) : "";
  const std::string command = leg.command ? command_name(*leg.command) : "command";
  switch (leg.part) {
    case sim::Part::effect:
      return fmt::format("{}'s {} on its way", name, command);
    case sim::Part::reply:
      return fmt::format("the reply to {}'s {}", name, command);
    case sim::Part::opening:
      return fmt::format("{}'s start or thinking", name);
    case sim::Part::sleep:
      return fmt::format("{} stands still", name);
    case sim::Part::delivery:
      return "a message in the queue";
    case sim::Part::expiry:
      return "an entry's time to live";
    default:
      break;
  }
  if (owner.actor == models::Actor::replica) return "replication lag";
  return owner.actor == models::Actor::copy ? "a message's copy" : fmt::format("{}'s late command", name);
}

std::string value_text(sim::Duration value) {
  return full_duration(sim::nanos(value));
}

std::string range_text(const DurationRange& range) {
  return fmt::format("{} to {}", value_text(range.from), value_text(range.to));
}

// `result`: of either method.
template <class Result>
std::string command_with(const std::string& method, const Result& result, const Source& source) {
  return fmt::format("cacherace tune {} {} --strategy {} --parameter {} --property {}{}{}",
                     shell_word(source.scenario), method,
                     shell_word(tuned_strategy(result.strategy, result.parameter)), result.parameter,
                     property_names[index_of(result.property)], clients_argument(source), source.options);
}

}  // namespace

std::string tune_heading(const TuneResult& result) {
  return fmt::format("{}: {} of {}, exact, against \"{}\"", printable(result.scenario), result.parameter,
                     result.strategy.info->name, spaced(property_names[index_of(result.property)]));
}

std::string tune_reason(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  if (threshold.unsafe.empty()) {
    return fmt::format("no order violates it for any {} from {}", result.parameter, range_text(result.range));
  }
  if (!threshold.safe) {
    return fmt::format("an order violates it up to the end of the range, at {} = {}", result.parameter,
                       value_text(result.range.to));
  }
  return "";
}

std::string tune_answer(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  if (!threshold.complete) return "A limit or an interruption came before the answer.";
  const std::string property = spaced(property_names[index_of(result.property)]);
  std::string text;
  if (!threshold.safe) {
    text = fmt::format("No {} in {} is safe: {}.", result.parameter, range_text(result.range),
                       tune_reason(result));
  } else if (threshold.unsafe.empty()) {
    text = fmt::format("Safe already at {} = {}: {}.", result.parameter, value_text(*threshold.safe),
                       tune_reason(result));
  } else {
    text = fmt::format(
        "{} = {} is the smallest safe value: from there to {} no feasible order comes to \"{}\". At {} one "
        "does.",
        result.parameter, value_text(*threshold.safe), value_text(result.range.to), property,
        value_text(*threshold.greatest_unsafe()));
  }
  if (!threshold.monotone(result.range)) {
    text += " Larger is not always safer: it is unsafe";
    for (std::size_t i = 0; i < threshold.unsafe.size(); ++i) {
      text += fmt::format("{} from {}", i == 0 ? "" : " and", range_text(threshold.unsafe[i]));
    }
    text += ".";
  }
  return text;
}

std::string tune_proof(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  if (!threshold.safe) return "";
  return fmt::format("Proved by {}; the last, at the safe value, met {} and {}.",
                     counted(threshold.searches + 1, "complete search", "complete searches"),
                     counted(threshold.states, "state"), counted(threshold.classes, "class", "classes"));
}

std::vector<TuneTerm> tune_terms(const scenarios::Scenario& scenario, const TuneResult& result) {
  std::vector<TuneTerm> terms;
  const scenarios::Simulation simulation(scenario, result.strategy);
  for (const LegBound& bound : result.threshold.bounds) {
    if (sim::split(bound.leg.delay.most).unknowns == 0 && nanos_of(bound) != 0)
      terms.push_back({nanos_of(bound), leg_words(bound.leg, simulation), bound.is_most});
  }
  std::ranges::stable_sort(terms, std::greater<>(), &TuneTerm::ns);
  return terms;
}

std::vector<std::pair<std::string, std::string>> tune_cover(const scenarios::Scenario& scenario,
                                                            const TuneResult& result) {
  std::vector<std::pair<std::string, std::string>> lines;
  if (!result.threshold.greatest_unsafe()) return lines;
  std::int64_t sum = 0;
  for (const TuneTerm& term : tune_terms(scenario, result)) {
    sum += term.ns;
    lines.emplace_back(
        fmt::format("{} {}", term.ns < 0 ? '-' : '+', duration_text(term.ns < 0 ? -term.ns : term.ns)),
        fmt::format("{}, {}", term.leg, term.is_most ? "at most" : "at least"));
  }
  if (!lines.empty() && sum == sim::nanos(*result.threshold.greatest_unsafe()))
    lines.emplace_back("= " + duration_text(sum), "");
  return lines;
}

std::string tune_way(const scenarios::Scenario& scenario, const TuneResult& result, Paint paint) {
  const Witness& witness = *result.threshold.witness;
  const Reason reason = reason_of(scenario.setup, witness, result.property);
  return fmt::format("The order at {} = {} (>> decides, ! wrong)\n", result.parameter,
                     value_text(*result.threshold.greatest_unsafe())) +
         witness_table(scenario.setup, has_queue(result.strategy), witness, reason, paint) +
         "Why: " + paragraph(reason_words(reason, scenario.setup.mysql.replicas) + ".", 5);
}

std::string tuned_strategy(const scenarios::StrategyChoice& strategy, std::string_view parameter) {
  scenarios::StrategyChoice without = strategy;
  for (const auto& declared : without.parameters.declared()) {
    if (declared.name == parameter) without.parameters.set_raw(declared.name, declared.fallback);
  }
  return strategy_argument(without);
}

std::string tune_command(const TuneResult& result, const Source& source) {
  return command_with("--exact", result, source);
}

std::string risk_command(const RiskResult& result, const Source& source) {
  return command_with(fmt::format("--risk {}", result.risk), result, source);
}

std::string tune_replay_command(const TuneResult& result, const Source& source) {
  scenarios::StrategyChoice strategy = result.strategy;
  strategy.parameters.set_raw(result.parameter, sim::nanos(*result.threshold.greatest_unsafe()));
  return fmt::format("cacherace replay {} --strategy {} --schedule {}{}", shell_word(source.scenario),
                     shell_word(strategy_argument(strategy)), shell_word(result.threshold.witness->schedule),
                     clients_argument(source));
}

}  // namespace cacherace::reports
