#include "reports/explore_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/commands.hpp"
#include "reports/draw_words.hpp"
#include "reports/reason_words.hpp"
#include "reports/step_words.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using models::Fact;
using models::Record;

void add(std::string& text, const std::string& words) {
  if (!text.empty()) text += ", ";
  text += words;
}

// Messages are told in the step of a client: of who gets one, or of the write whose message is lost.
std::optional<std::string> words_in_step(const Record& record) {
  if (record.fact == Fact::message_lost) return "its message is lost";
  if (record.fact != Fact::delivered) return step_words(record, false);
  return fmt::format("gets {} = {}", key_text(record.key), version_text(models::number_of(record.row.value)));
}

// What left its client in this step and did not come to anything yet.
std::string sent_words(const exploration::WitnessStep& step) {
  for (const Record& record : step.records) {
    if (record.fact == Fact::issued) return "sends " + command_words(record);
  }
  return "";
}

}  // namespace

// A sleep is told when it is over: what the step before it said of it was that it begins.
StepWords words_of(const WitnessStep& step, const ClientNames& names) {
  StepWords words;
  for (const Record& record : step.records) {
    if (record.fact == Fact::slept || record.fact == Fact::paused) continue;
    Record told = record;
    if (record.fact == Fact::woke) told.fact = Fact::slept;
    auto text = words_in_step(told);
    if (!text) continue;
    const auto name = names.find(record.client);
    if (name != names.end() && name->second != step.who) text = printable(name->second) + " " + *text;
    switch (record.fact) {
      case Fact::invoked:
      case Fact::delivered:
        add(words.begins, *text);
        break;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        add(words.ends, *text);
        break;
      default:
        add(words.does, *text);
    }
  }
  if (words.does.empty()) words.does = sent_words(step);
  return words;
}

std::string reach_text(const ExploredStrategy& strategy, Property property) {
  const auto index = static_cast<std::size_t>(property);
  if (strategy.draws) return count_text(strategy.draws->violating[index]);
  if (const auto& witness = strategy.witnesses[index]) {
    return count_text(witness->steps.size());
  }
  return strategy.complete ? "-" : "?";
}

std::string witness_heading(const ExploredStrategy& strategy, Property property) {
  const auto index = static_cast<std::size_t>(property);
  const Witness& witness = *strategy.witnesses[index];
  const std::string_view reduction = reduction_text(witness);
  return fmt::format("{}: {} after {}{}{}", strategy_argument(strategy.strategy),
                     spaced(property_names[index]), counted(witness.steps.size(), "step"),
                     reduction.empty() ? "" : ", ", reduction);
}

std::string properties_text(const std::vector<Property>& properties) {
  std::string text;
  for (const Property property : properties) {
    text += (text.empty() ? "" : ", ") + spaced(property_names[index_of(property)]);
  }
  return text;
}

std::string properties_text(const Violations& violations) {
  std::vector<Property> properties;
  for (std::size_t i = 0; i < violations.size(); ++i) {
    if (violations[i]) properties.push_back(static_cast<Property>(i));
  }
  return properties_text(properties);
}

std::vector<ToldWitness> told_witnesses(const scenarios::Scenario& scenario,
                                        const ExploredStrategy& strategy) {
  std::vector<ToldWitness> all;
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const auto& witness = strategy.witnesses[i];
    if (!witness) continue;
    const auto property = static_cast<Property>(i);
    const Reason reason = reason_of(setup_of(scenario, *witness), *witness, property);
    const auto why = reason_words(reason, scenario.setup.mysql.replicas);
    const auto same = std::ranges::find_if(all, [&](const ToldWitness& other) {
      return other.witness->schedule == witness->schedule &&
             other.witness->steps.size() == witness->steps.size() && other.why == why &&
             other.reason.decider.step == reason.decider.step;
    });
    if (same == all.end()) {
      all.push_back({{property}, &*witness, reason, why});
    } else {
      same->properties.push_back(property);
    }
  }
  return all;
}

}  // namespace cacherace::reports
