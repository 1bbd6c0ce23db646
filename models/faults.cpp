#include "models/faults.hpp"

#include <algorithm>

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {
namespace {

bool is_about_messages(const Fault& fault) {
  return fault.kind == FaultKind::lose || fault.kind == FaultKind::duplicate ||
         fault.kind == FaultKind::reorder;
}

bool is_about_commands(const Fault& fault) {
  return !is_about_messages(fault) && !fault.time;
}

// Instead of a draw: 0 strikes, 1 does not.
double chosen_fraction(sim::World& world, const Fault& fault) {
  const bool open = *fault.probability > 0.0 && *fault.probability < 1.0;
  const bool spared = open ? world.pick(2) == 0 : *fault.probability <= 0.0;
  return spared ? 1.0 : 0.0;
}

bool matches(const Fault& fault, Command command, std::string_view group) {
  return *fault.command == command && (!fault.client || *fault.client == group);
}

// `match` counts from 1.
bool strikes(const Fault& fault, std::uint64_t match, double fraction) {
  return fault.occurrence ? match == *fault.occurrence : fraction < *fault.probability;
}

}  // namespace

bool takes_part(const sim::World& world, bool swarm, std::uint64_t seed, std::uint64_t run,
                std::size_t place) {
  if (!swarm || world.is_chosen()) return true;
  const auto stream = purpose(static_cast<std::uint32_t>(place), Role::swarm);
  return sim::fraction(sim::draw_pair(seed, run, stream, 0).first) < 0.5;
}

CommandFaults::CommandFaults(sim::World& world, const std::vector<Fault>& faults, bool swarm)
    : world_(world), swarm_(swarm) {
  for (std::size_t place = 0; place < faults.size(); ++place) {
    if (!is_about_commands(faults[place])) continue;
    rules_.push_back({.fault = &faults[place], .place = static_cast<std::uint16_t>(place)});
  }
}

void CommandFaults::begin_run(std::uint64_t seed, std::uint64_t run) {
  seed_ = seed;
  run_ = run;
  for (Rule& rule : rules_) {
    rule.matches = 0;
    rule.takes_part = models::takes_part(world_, swarm_, seed, run, rule.place);
  }
}

bool CommandFaults::counts(Command command, std::string_view group) const {
  return std::ranges::any_of(rules_, [&](const Rule& rule) {
    return rule.fault->occurrence && matches(*rule.fault, command, group);
  });
}

void CommandFaults::meet(Command command, const Victim& victim, std::vector<MetFault>& met) {
  met.clear();
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Rule& rule = rules_[i];
    const Fault& fault = *rule.fault;
    if (!rule.takes_part || !matches(fault, command, victim.group)) continue;
    ++rule.matches;
    const auto stream = purpose(victim.number, Role::client_fault, rule.place);
    const auto draws = sim::draw_pair(seed_, run_, stream, victim.matches[i]++);
    const bool chosen = fault.probability && world_.is_chosen();
    const double fraction = chosen ? chosen_fraction(world_, fault) : sim::fraction(draws.first);
    met.push_back({&fault, rule.place, strikes(fault, rule.matches, fraction), sim::fraction(draws.second)});
  }
}

MessageFaults::MessageFaults(sim::World& world, const std::vector<Fault>& faults, bool swarm)
    : world_(world), swarm_(swarm) {
  for (std::uint32_t place = 0; place < faults.size(); ++place) {
    if (is_about_messages(faults[place])) rules_.push_back({.fault = &faults[place], .place = place});
  }
}

void MessageFaults::begin_run(std::uint64_t seed, std::uint64_t run) {
  for (Rule& rule : rules_) {
    rule.stream = {seed, run, purpose(rule.place, Role::message_fault)};
    rule.matches = 0;
    rule.takes_part = models::takes_part(world_, swarm_, seed, run, rule.place);
  }
}

MessageFate MessageFaults::next() {
  MessageFate fate;
  for (Rule& rule : rules_) {
    if (!rule.takes_part) continue;
    ++rule.matches;
    double fraction = 0.0;
    if (rule.fault->probability) {
      fraction = world_.is_chosen() ? chosen_fraction(world_, *rule.fault) : rule.stream.next_fraction();
    }
    if (!strikes(*rule.fault, rule.matches, fraction)) continue;
    if (rule.fault->kind == FaultKind::lose) fate.lost = true;
    if (rule.fault->kind == FaultKind::duplicate) fate.duplicate = rule.fault;
    if (rule.fault->kind == FaultKind::reorder) fate.reorder = rule.fault;
  }
  return fate;
}

sim::Delay MessageFaults::draw_delay(const Fault& fault) {
  const auto rule = std::ranges::find(rules_, &fault, &Rule::fault);
  return delay_of(world_, fault.delay, rule->stream);
}

}  // namespace cacherace::models
