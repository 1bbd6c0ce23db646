#include "exploration/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exploration/ledger.hpp"
#include "scenarios/simulation.hpp"
#include "scenarios/suggest.hpp"
#include "sim/explorer.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;
using scenarios::Simulation;

// Permuting more interchangeable clients than this costs more than their states.
constexpr std::uint64_t permutations_max = 5040;

std::vector<std::uint32_t> groups_of(const Scenario& scenario, unsigned consumers) {
  std::uint64_t permutations = 1;
  for (const auto& group : scenario.setup.clients) {
    for (std::uint64_t i = 2; i <= group.count && permutations <= permutations_max; ++i) permutations *= i;
  }
  const bool symmetric = permutations <= permutations_max;
  std::vector<std::uint32_t> groups;
  std::uint32_t next = 0;
  for (const auto& group : scenario.setup.clients) {
    for (std::uint32_t i = 0; i < group.count; ++i) groups.push_back(symmetric ? next : next++);
    if (symmetric) ++next;
  }
  for (unsigned i = 0; i < consumers; ++i) groups.push_back(next++);
  return groups;
}

std::uint32_t actors_of(const Scenario& scenario) {
  std::uint32_t actors = 0;
  for (const auto& group : scenario.setup.clients) actors += group.count;
  return actors;
}

// A scenario under a strategy, as the explorer sees it.
class Untimed final : public sim::Subject {
 public:
  Untimed(const Scenario& scenario, const StrategyChoice& strategy)
      : simulation_(scenario, strategy),
        ledger_(scenario.setup, groups_of(scenario, consumers_of(strategy)), actors_of(scenario)) {}

  void run(sim::Chooser& chooser) override {
    ledger_.begin();
    taken_ = 0;
    crashes_ = 0;
    simulation_.choose_by(&chooser);
    simulation_.run(0, true);
  }

  void pass() override {
    take();
    crashes_ = ledger_.crashes();
  }

  sim::Sight look(std::span<const sim::Event> pending) override {
    sim::Sight sight;
    sight.marks = take();
    sight.counted = ledger_.crashes() - crashes_;
    crashes_ = ledger_.crashes();
    sight.state = ledger_.digest(pending.size());
    if (pending.empty()) sight.marks |= ledger_.marks_of_final_state();
    return sight;
  }

  void see_final() override { ledger_.add_outcomes(outcomes_); }

  [[nodiscard]] std::uint64_t outcomes() const { return outcomes_.size(); }
  [[nodiscard]] Simulation& simulation() { return simulation_; }

 private:
  // The facts since the last time.
  sim::Marks take() {
    const std::span<const Record> records = simulation_.records();
    const sim::Marks seen = ledger_.take(records.subspan(taken_));
    taken_ = records.size();
    return seen;
  }

  static unsigned consumers_of(const StrategyChoice& strategy) {
    return strategy.info->make(strategy.parameters)->consumers();
  }

  Simulation simulation_;
  Ledger ledger_;
  std::size_t taken_ = 0;
  std::uint32_t crashes_ = 0;
  std::set<sim::Digest> outcomes_;
};

// Runs along a witness and takes it apart into steps.
class Teller final : public sim::ScriptChooser {
 public:
  Teller(const std::vector<sim::Choices>& steps, Simulation& simulation)
      : ScriptChooser(joined(steps)), left_(steps.size()), simulation_(simulation) {}

  std::vector<WitnessStep> tell() {
    simulation_.choose_by(this);
    simulation_.run(0, true);
    if (left_ > 0) end_step();
    return std::move(told_);
  }

 private:
  static sim::Choices joined(const std::vector<sim::Choices>& steps) {
    sim::Choices all;
    for (const auto& step : steps) all.insert(all.end(), step.begin(), step.end());
    return all;
  }

  bool between(std::span<const sim::Event>) override {
    if (begun_) end_step();
    begun_ = true;
    return left_ > 0;
  }
  void free_choice(std::size_t) override {}

  // What counts nothing is told with what comes next; a crash is told after the command it goes with.
  void end_step() {
    --left_;
    const auto& records = simulation_.records();
    if (counted() == 0) return;
    WitnessStep step;
    std::vector<WitnessStep> crashes;
    for (; taken_ < records.size(); ++taken_) {
      const Record& record = records[taken_];
      if (record.fact == Fact::crashed) {
        add_crash(crashes, record);
      } else {
        step.records.push_back(record);
      }
    }
    step.who = who(step.records);
    told_.push_back(std::move(step));
    for (auto& crash : crashes) told_.push_back(std::move(crash));
  }

  // A client crashes once, whatever it is at.
  void add_crash(std::vector<WitnessStep>& crashes, const Record& record) const {
    const auto same = [&](const WitnessStep& crash) { return crash.records[0].client == record.client; };
    if (std::ranges::none_of(crashes, same))
      crashes.push_back({simulation_.client_name(record.client), {record}});
  }

  [[nodiscard]] std::string who(const std::vector<Record>& records) const {
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      if (record->client != models::no_client) return simulation_.client_name(record->client);
    }
    const bool applied =
        std::ranges::any_of(records, [](const Record& record) { return record.fact == Fact::applied; });
    return applied ? "mysql" : "queue";
  }

  std::size_t left_;
  Simulation& simulation_;
  bool begun_ = false;
  std::size_t taken_ = 0;
  std::vector<WitnessStep> told_;
};

std::string schedule_text(const std::vector<sim::Choices>& steps) {
  std::string text;
  for (const auto& step : steps) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}", fmt::join(step, "."));
  }
  return text;
}

std::optional<sim::Way> way_to(const sim::StateGraph& graph, Property property, bool complete) {
  switch (property) {
    case Property::stuck:
      return graph.to_final(marks::stuck, marks::stores);
    case Property::lost_write:
      return graph.to_step(marks::lost_write);
    case Property::deadlock:
      return complete ? graph.to_dead_end() : std::nullopt;
    case Property::stale_read:
      return graph.to_step(marks::stale_read);
    case Property::inversion:
      return graph.to_step(marks::inversion);
    case Property::nonlinearizable:
      return graph.to_step(marks::nonlinearizable);
    case Property::dirty_read:
      return graph.to_step(marks::dirty_read);
    case Property::cache_ahead:
      break;
  }
  return graph.to_step(marks::cache_ahead);
}

ExploredStrategy explore_strategy(const Scenario& scenario, const StrategyChoice& strategy,
                                  const ExploreOptions& options) {
  Untimed subject(scenario, strategy);
  sim::Explorer explorer(subject);
  ExploredStrategy result{.strategy = strategy};
  result.complete = explorer.explore({.states = options.states_max, .stop = options.stop});
  result.states = explorer.graph().states();
  result.outcomes = subject.outcomes();
  for (std::size_t i = 0; i < property_names.size(); ++i) {
    const auto way = way_to(explorer.graph(), static_cast<Property>(i), result.complete);
    if (!way) continue;
    const auto steps = explorer.choices_along(*way);
    result.witnesses[i] = Witness{Teller(steps, subject.simulation()).tell(), schedule_text(steps)};
  }
  return result;
}

std::uint64_t writes_of(const Scenario& scenario) {
  std::uint64_t writes = 0;
  for (const auto& group : scenario.setup.clients) {
    const auto in_plan = static_cast<std::uint64_t>(
        std::ranges::count(group.plan, models::OperationKind::write, &models::PlannedOperation::kind));
    if (in_plan > 0 && group.repeat >= values_max) return values_max;
    writes += in_plan * group.repeat * group.count;
  }
  return writes;
}

}  // namespace

std::optional<std::string> why_not_explorable(const Scenario& scenario) {
  for (const auto& group : scenario.setup.clients) {
    if (group.plan.empty()) {
      return fmt::format(
          "client {} has a \"mix\"; exploring every order needs the operations one by one: "
          "write \"do\": [\"read\", …], or give --clients 2w3r",
          scenarios::quoted(group.name));
    }
  }
  for (const auto& fault : scenario.setup.faults) {
    if (!fault.client || *fault.client == models::consumer_name) continue;
    const bool exists = std::ranges::any_of(scenario.setup.clients,
                                            [&](const auto& group) { return group.name == *fault.client; });
    if (!exists) {
      return fmt::format("a fault names the client {}, which is not among the clients that replace it",
                         scenarios::quoted(*fault.client));
    }
  }
  if (writes_of(scenario) >= values_max) {
    return fmt::format("more than {} writes; exploring every order is for few operations", values_max - 1);
  }
  return std::nullopt;
}

void replace_clients(Scenario& scenario, std::uint32_t writers, std::uint32_t readers) {
  scenario.setup.clients.clear();
  const auto add = [&](const char* name, std::uint32_t count, models::OperationKind kind) {
    if (count > 0) scenario.setup.clients.push_back({.name = name, .count = count, .plan = {{kind, {}}}});
  };
  add("writer", writers, models::OperationKind::write);
  add("reader", readers, models::OperationKind::read);
}

Scenario untimed(const Scenario& scenario) {
  Scenario changed = scenario;
  models::Setup& setup = changed.setup;
  setup.redis.legs = {};
  setup.redis.ttl.reset();
  setup.mysql.legs = {};
  setup.mysql.replication_lag = {};
  setup.queue.latency = {};
  setup.service = {};
  for (auto& group : setup.clients) group.start = group.think = {};
  setup.limits = {sim::Duration(INT64_MAX), UINT64_MAX};
  return changed;
}

ExploreResult explore(const Scenario& scenario, const ExploreOptions& options) {
  const Scenario changed = untimed(scenario);
  ExploreResult result{.scenario = scenario.name};
  for (const StrategyChoice& strategy : scenario.strategies) {
    result.strategies.push_back(explore_strategy(changed, strategy, options));
    result.complete = result.complete && result.strategies.back().complete;
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::exploration
