#include "exploration/timed.hpp"

#include <algorithm>
#include <stdexcept>

#include "exploration/grains.hpp"
#include "exploration/past.hpp"
#include "exploration/timetable.hpp"
#include "exploration/violations.hpp"
#include "models/roles.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {

TimedProgram::TimedProgram(const Scenario& scenario, const StrategyChoice& strategy, Returns returns)
    : scenario_(scenario), returns_(returns), run_(scenario, strategy, returns) {}

namespace {

bool chance_decides_keys(const models::Setup& setup) {
  const auto is_open = [](const models::PlannedOperation& planned) { return !planned.key; };
  return setup.keys.count > 1 && std::ranges::any_of(setup.clients, [&](const auto& group) {
           return std::ranges::any_of(group.plan, is_open);
         });
}

}  // namespace

// Chance may decide nothing before the first step, so invocations that draw a key are steps. A TTL passes in
// the last replies, too.
sim::Grain TimedProgram::grain() const {
  const models::Setup& setup = scenario_.setup;
  const bool faults = !setup.faults.empty();
  sim::Grain grain = returns_ == Returns::unseen ? stores_grain(faults) : operations_grain(faults);
  if (chance_decides_keys(setup)) grain.held |= sim::bits_of(sim::Part::opening);
  if (setup.redis.ttl) grain.held |= sim::bits_of(sim::Part::ending);
  return grain;
}

void TimedProgram::look(std::span<const sim::Pending> pending, sim::TimedSight& sight) {
  Ledger& ledger = run_.ledger();
  sight.marks = run_.take();
  sight.state = ledger.digest(0);
  ledger.arrange(pending, sight);
  const auto is_expiry = [](const sim::Pending& event) {
    return event.who->part() == sim::Part::expiry ||
           models::parts_of(event.who->tag()).actor == models::Actor::store_fault;
  };
  if (std::ranges::all_of(pending, is_expiry)) sight.marks |= ledger.marks_of_final_state();
  if (returns_ == Returns::unseen)
    sight.marks &= marks::stuck | marks::cache_ahead | marks::lost_write | marks::hangs;
  sight.marks &= ~marks::stores;
}

Returns returns_for(Property property) {
  switch (property) {
    case Property::stuck:
    case Property::cache_ahead:
    case Property::lost_write:
    case Property::deadlock:
      return Returns::unseen;
    default:
      return Returns::announced;
  }
}

std::optional<Witness> prove(const Scenario& scenario, const StrategyChoice& strategy,
                             const sim::Passage& passage, Property property) {
  const bool faults = !scenario.setup.faults.empty();
  ObservedRun run(scenario, strategy, Returns::unseen);
  const auto schedule = Timetable(run, passage, faults).at({});
  return schedule ? play(scenario, strategy, *schedule, property) : std::nullopt;
}

std::optional<Witness> play(const Scenario& scenario, const StrategyChoice& strategy,
                            const Schedule& schedule, Property property) {
  const bool faults = !scenario.setup.faults.empty();
  ObservedRun run(scenario, strategy, Returns::unseen);
  Player player(schedule, faults);
  const sim::RunEnd end = run.run(player);
  if (!player.trouble().empty()) return std::nullopt;
  const auto& records = run.simulation().records();
  if (!violations_of(scenario.setup, records, end)[index_of(property)]) return std::nullopt;
  const auto name = [&](std::uint32_t client) { return run.simulation().client_name(client); };
  Witness witness = tell_past(scenario.setup, records, end, property, name);
  witness.timed = schedule.timed;
  witness.schedule = schedule_text(schedule, fingerprint(scenario, strategy));
  return witness;
}

namespace {

// Of the steps that were seen to come to the property the shortest to tell; the search met them in the order
// of their depth.
std::optional<Witness> shortest(const Scenario& scenario, const StrategyChoice& strategy,
                                TimedProgram& program, const sim::ClassExplorer& explorer,
                                Property property) {
  constexpr std::size_t tried_max = 200;
  std::optional<Witness> best;
  std::size_t tried = 0;
  for (const auto& finding : explorer.findings()) {
    if ((finding.marks & marks_of(property)) == 0 || ++tried > tried_max) continue;
    const auto passage = walk(program, program.grain(), explorer.first_order(), explorer.way_to(finding));
    auto proof = prove(scenario, strategy, passage, property);
    if (proof && (!best || proof->steps.size() < best->steps.size())) best = std::move(proof);
  }
  return best;
}

}  // namespace

std::optional<Witness> find_timed(const Scenario& scenario, const StrategyChoice& strategy, Property property,
                                  const ExploreOptions& options) {
  TimedProgram program(scenario, strategy, returns_for(property));
  sim::ClassExplorer explorer(program, program.grain());
  const bool complete = explorer.explore(
      {.states = options.states_max, .bytes = options.bytes_max, .watch = watch_of(options, strategy)});
  if (!complete) return std::nullopt;
  auto witness = shortest(scenario, strategy, program, explorer, property);
  if (witness) witness->timed = true;
  return witness;
}

ExploredStrategy explore_timed(const Scenario& scenario, const StrategyChoice& strategy,
                               const ExploreOptions& options) {
  TimedProgram program(scenario, strategy, Returns::announced);
  sim::ClassExplorer explorer(program, program.grain());
  ExploredStrategy result{.strategy = strategy, .timed = true};
  result.complete = explorer.explore(
      {.states = options.states_max, .bytes = options.bytes_max, .watch = watch_of(options, strategy)});
  result.states = explorer.states();
  result.classes = explorer.classes();
  result.outcomes = program.outcomes();
  for (std::size_t i = 0; i < property_count; ++i) {
    const auto property = static_cast<Property>(i);
    if ((explorer.seen() & marks_of(property)) == 0) continue;
    result.witnesses[i] = shortest(scenario, strategy, program, explorer, property);
    if (!result.witnesses[i]) throw std::logic_error("a violation that was found cannot be played");
  }
  auto& endless = result.witnesses[index_of(Property::deadlock)];
  const auto dead_end = endless || !result.complete ? std::nullopt : explorer.dead_end();
  if (dead_end) {
    const auto passage = walk(program, program.grain(), explorer.first_order(), explorer.way_to(*dead_end));
    endless = prove(scenario, strategy, passage, Property::deadlock);
    if (!endless) throw std::logic_error("a violation that was found cannot be played");
  }
  return result;
}

}  // namespace cacherace::exploration
