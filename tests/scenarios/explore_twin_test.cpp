// A brute-force twin of exploration: every order of steps, no memory, no symmetry, each execution judged by
// verify::Judge. What is reachable and how many outcomes there are must be the same.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "explore_programs.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "sim/script_chooser.hpp"
#include "verify/judge.hpp"

namespace cacherace::scenarios {
namespace {

using models::Fact;
using Flags = std::array<bool, property_names.size()>;

// One order; those that differ from it in a later choice are left for later.
class OneOrder final : public sim::ScriptChooser {
 public:
  OneOrder(const sim::Choices& script, std::vector<sim::Choices>& others)
      : ScriptChooser(script), others_(others) {}

 private:
  bool between(std::span<const sim::Event>) override {
    all_.insert(all_.end(), step().begin(), step().end());
    return true;
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
};

struct Found {
  Flags reachable{};
  std::set<std::vector<std::int64_t>> outcomes;
  std::uint64_t orders = 0;
};

// Versions by client and place in its program; operations in client order.
std::vector<std::int64_t> outcome_of(const verify::Execution& execution, std::uint32_t cached, bool any,
                                     std::uint32_t newest) {
  std::map<std::uint32_t, std::int64_t> place, name;
  std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<std::int64_t>> results;
  for (const auto& operation : execution.operations) {
    const std::int64_t at = place[operation.client]++;
    if (operation.kind == verify::OperationKind::write)
      name[operation.value] = 100 * operation.client + at + 1;
  }
  place.clear();
  for (const auto& operation : execution.operations) {
    const std::int64_t at = place[operation.client]++;
    const bool value =
        operation.kind == verify::OperationKind::read && operation.outcome == verify::Outcome::ok;
    results[{operation.client, at}] = {static_cast<std::int64_t>(operation.outcome),
                                       value ? name[operation.value] : -1};
  }
  std::vector<std::int64_t> outcome = {any ? name[cached] : -1, name[newest]};
  for (const auto& [operation, result] : results) outcome.insert(outcome.end(), result.begin(), result.end());
  return outcome;
}

void look_at(Found& found, const Scenario& scenario, const Simulation& simulation, const sim::RunEnd& end,
             Observer& observer, verify::Judge& judge) {
  const auto reach = [&](Property property) { found.reachable[static_cast<std::size_t>(property)] = true; };
  const verify::Execution& execution = observer.observe(simulation.records(), end);
  const verify::Verdict& verdict = judge.judge(execution);
  if (!verdict.stuck.empty()) reach(Property::stuck);
  if (!verdict.linearizable) reach(Property::nonlinearizable);
  if (verdict.lost_writes > 0) reach(Property::lost_write);
  for (const auto& read : verdict.reads) {
    if (read.stale_age >= 0) reach(Property::stale_read);
    if (read.inversion) reach(Property::inversion);
    if (read.dirty) reach(Property::dirty_read);
  }
  std::set<std::uint32_t> committed = {0};
  std::uint32_t cached = 0, newest = 0;
  bool any = scenario.setup.keys.cached;
  for (const models::Record& record : simulation.records()) {
    const std::uint32_t value = models::number_of(record.row.value);
    if (record.fact == Fact::committed) committed.insert(newest = value);
    if (record.fact == Fact::cache_deleted) any = false;
    if (record.fact == Fact::cache_set) {
      any = true;
      cached = value;
      if (!committed.contains(value)) reach(Property::cache_ahead);
    }
  }
  found.outcomes.insert(outcome_of(execution, cached, any, newest));
}

Found by_brute_force(const Program& program) {
  const Scenario scenario = untimed(scenario_of(program));
  Simulation simulation(scenario, scenario.strategies.front());
  Observer observer(scenario.setup);
  verify::Judge judge;
  Found found;
  std::vector<sim::Choices> others = {{}};
  while (!others.empty()) {
    const sim::Choices script = std::move(others.back());
    others.pop_back();
    OneOrder order(script, others);
    simulation.choose_by(&order);
    const sim::RunEnd end = simulation.run(0);
    ++found.orders;
    look_at(found, scenario, simulation, end, observer, judge);
  }
  return found;
}

void expect_same(const Program& program) {
  SCOPED_TRACE(name_of(program));
  const Found found = by_brute_force(program);
  const ExploredStrategy result = explored(program);
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.outcomes, found.outcomes.size());
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    EXPECT_EQ(result.reachable(static_cast<Property>(i)), found.reachable[i]) << property_names[i];
  }
  EXPECT_LE(result.states, 20 * found.orders);
}

std::vector<std::string> variants() {
  std::vector<std::string> names;
  for (const auto* info : strategies::all_strategies()) names.emplace_back(info->name);
  names.emplace_back("delayed-double-delete:async=true");
  names.emplace_back("delayed-double-delete:first_delete=false");
  return names;
}

TEST(ExploreTwin, agrees_on_every_tiny_program) {
  for (const std::string& strategy : variants()) {
    for (const auto& [writers, readers] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {1, 2}, {2, 1}, {2, 0}}) {
      for (const bool cached : {false, true}) {
        for (const bool replica : {false, true}) {
          if (replica && writers == 2 && readers > 0) continue;  // too many orders
          expect_same({strategy.c_str(), writers, readers, cached, replica});
        }
      }
    }
  }
}

TEST(ExploreTwin, agrees_where_stale_reads_need_two_writers_and_two_readers) {
  for (const char* strategy : {"write-then-delete", "delete-then-write", "update-then-write"}) {
    for (const bool cached : {false, true}) expect_same({strategy, 2, 2, cached});
  }
}

}  // namespace
}  // namespace cacherace::scenarios
