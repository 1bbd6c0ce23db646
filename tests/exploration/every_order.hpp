// Every order by brute force, nothing remembered: the slow twin of untimed exploration.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <set>

#include "explore_programs.hpp"
#include "outcomes.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "sim/random.hpp"
#include "sim/script_chooser.hpp"
#include "verify/judge.hpp"

namespace cacherace::exploration {

using models::Fact;
using scenarios::Observer;
using scenarios::Simulation;
using Flags = std::array<bool, property_names.size()>;

// One order; those that differ from it in a later choice are left for later.
class OneOrder : public sim::ScriptChooser {
 public:
  OneOrder(const sim::Choices& script, std::vector<sim::Choices>& others, int steps_max = 100)
      : ScriptChooser(script), others_(others), steps_max_(steps_max) {}

 private:
  bool between(std::span<const sim::Pending>) override {
    all_.insert(all_.end(), step().begin(), step().end());
    return ++steps_ <= steps_max_;
  }
  void free_choice(std::size_t count) override {
    for (std::size_t other = 1; other < count; ++other) {
      others_.push_back(all_);
      others_.back().insert(others_.back().end(), step().begin(), step().end());
      others_.back().push_back(static_cast<std::uint16_t>(other));
    }
  }

  std::vector<sim::Choices>& others_;
  sim::Choices all_;  // before the present step
  int steps_max_;
  int steps_ = 0;
};

struct Found {
  Flags reachable{};
  std::set<std::vector<std::int64_t>> outcomes;
  std::uint64_t orders = 0;
  std::uint64_t circles = 0;  // orders that went round until they were given up
  // Steps of the shortest witness, where every step counts. Of the other properties: not looked for.
  std::map<Property, std::int64_t> shortest;

  void reach(Property property) { reachable[static_cast<std::size_t>(property)] = true; }
  void reach(Property property, std::int64_t steps) {
    reach(property);
    const auto [place, is_new] = shortest.emplace(property, steps);
    if (!is_new) place->second = std::min(place->second, steps);
  }
};

inline void look_at(Found& found, const Scenario& scenario, const Simulation& simulation,
                    const sim::RunEnd& end, Observer& observer, verify::Judge& judge) {
  const verify::Execution& execution = observer.observe(simulation.records(), end);
  const verify::Verdict& verdict = judge.judge(execution);
  if (!verdict.linearizable) found.reach(Property::nonlinearizable);
  if (verdict.lost_writes > 0) found.reach(Property::lost_write);
  for (const auto& read : verdict.reads) {
    const std::int64_t steps = execution.operations[read.operation].end;
    if (read.stale_age >= 0) found.reach(Property::stale_read, steps);
    if (read.inversion) found.reach(Property::inversion, steps);
    if (read.dirty) found.reach(Property::dirty_read, steps);
  }
  std::set<std::uint32_t> committed = {0};
  std::map<std::uint32_t, std::pair<models::Key, std::uint32_t>> versions;  // by value
  std::int64_t last_change = 0;
  std::vector<Held> keys(scenario.setup.keys.count, Held{scenario.setup.keys.cached});
  for (const models::Record& record : simulation.records()) {
    const std::uint32_t value = models::number_of(record.row.value);
    Held& held = keys[models::index_of(record.key)];
    const Held before = held;
    if (record.fact == Fact::committed) {
      committed.insert(held.newest = value);
      versions[value] = {record.key, record.row.version};
    }
    if (record.fact == Fact::rolled_back) {
      held.newest = value;
      std::erase_if(committed, [&](std::uint32_t other) {
        return other != 0 && versions[other].first == record.key &&
               versions[other].second > record.row.version;
      });
      if (held.any && !committed.contains(held.cached))
        found.reach(Property::cache_ahead, sim::nanos(record.at));
    }
    if (record.fact == Fact::cache_deleted || record.fact == Fact::evicted) held = {false, 0, held.newest};
    if (record.fact == Fact::cache_set || record.fact == Fact::restored) {
      held.any = true;
      held.cached = value;
      if (!committed.contains(value)) found.reach(Property::cache_ahead, sim::nanos(record.at));
    }
    if (before != held) last_change = sim::nanos(record.at);
  }
  if (!verdict.stuck.empty()) found.reach(Property::stuck, last_change);
  found.outcomes.insert(outcome_of(execution, keys));
}

// One order of all events, where invocations, requests and replies happen apart.
class OneFineOrder final : public sim::Chooser {
 public:
  OneFineOrder(const sim::Choices& script, std::vector<sim::Choices>& others)
      : choices_(script), others_(others) {}

  std::size_t next(std::span<const sim::Pending> pending) override { return pick(pending.size()); }
  sim::Time instant(const sim::Pending&, sim::Time now) override { return now + sim::Duration(1); }
  bool holds(sim::Part part) override {
    using enum sim::Part;
    return part != returning && part != closing && part != ending && part != expiry;
  }
  std::size_t pick(std::size_t count) override {
    if (place_ == choices_.size()) {
      for (std::size_t other = 1; other < count; ++other) {
        others_.push_back(choices_);
        others_.back().push_back(static_cast<std::uint16_t>(other));
      }
      choices_.push_back(0);
    }
    return choices_[place_++];
  }

 private:
  std::size_t place_ = 0;
  sim::Choices choices_;
  std::vector<sim::Choices>& others_;
};

// `orders_max`: nothing is found where there are more orders.
template <class Order>
std::optional<Found> by_brute_force(const Program& program, std::uint64_t orders_max) {
  const Scenario scenario = untimed(scenario_of(program));
  Simulation simulation(scenario, scenario.strategies.front());
  Observer observer(scenario.setup);
  verify::Judge judge;
  Found found;
  std::vector<sim::Choices> others = {{}};
  while (!others.empty()) {
    const sim::Choices script = std::move(others.back());
    others.pop_back();
    Order order(script, others);
    simulation.choose_by(&order);
    const sim::RunEnd end = simulation.run(0);
    if (++found.orders > orders_max) return std::nullopt;
    if (end.ending == sim::Ending::abandoned) {
      ++found.circles;
      continue;
    }
    look_at(found, scenario, simulation, end, observer, judge);
  }
  return found;
}

// How many orders there are; nothing was compared where they are more than `orders_max`.
template <class Order = OneOrder>
std::uint64_t expect_same(const Program& program, std::uint64_t orders_max = UINT64_MAX) {
  SCOPED_TRACE(name_of(program));
  const auto twin = by_brute_force<Order>(program, orders_max);
  if (!twin) return orders_max + 1;
  const Found& found = *twin;
  const ExploredStrategy result = explored(program);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.outcomes, found.outcomes.size());
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    // Who goes round for ever ends nowhere: a circle does not show that.
    if (static_cast<Property>(i) == Property::deadlock && found.circles > 0) continue;
    EXPECT_EQ(result.reachable(static_cast<Property>(i)), found.reachable[i]) << property_names[i];
  }
  const bool has_uncounted =
      program.strategy.starts_with("binlog") || program.strategy.starts_with("client-tracking");
  const bool every_step_counts = program.more.empty() && !has_uncounted && std::is_base_of_v<OneOrder, Order>;
  for (const auto& [property, steps] : found.shortest) {
    const auto& witness = result.witnesses[static_cast<std::size_t>(property)];
    if (every_step_counts && witness) {
      EXPECT_EQ(witness->steps.size(), static_cast<std::size_t>(steps));
    }
  }
  return found.orders;
}

}  // namespace cacherace::exploration
