#include "exploration/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exploration/observed_run.hpp"
#include "exploration/timed.hpp"
#include "scenarios/simulation.hpp"
#include "scenarios/suggest.hpp"
#include "sim/explorer.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;
using scenarios::Simulation;

// A scenario under a strategy, as the explorer sees it.
class Untimed final : public sim::Subject {
 public:
  Untimed(const Scenario& scenario, const StrategyChoice& strategy)
      : run_(scenario, strategy, Returns::at_once) {}

  void run(sim::Chooser& chooser) override {
    crashes_ = 0;
    run_.run(chooser);
  }

  void pass() override {
    run_.take();
    crashes_ = run_.ledger().crashes();
  }

  sim::Sight look(std::span<const sim::Pending> pending) override {
    sim::Sight sight;
    Ledger& ledger = run_.ledger();
    sight.marks = run_.take();
    sight.counted = ledger.crashes() - crashes_;
    crashes_ = ledger.crashes();
    const auto is_step = [](const sim::Pending& event) {
      return event.who->part() != sim::Part::opening && event.who->part() != sim::Part::delivery;
    };
    sight.state = ledger.digest(static_cast<std::size_t>(std::ranges::count_if(pending, is_step)));
    if (pending.empty()) sight.marks |= ledger.marks_of_final_state();
    return sight;
  }

  void see_final() override { run_.ledger().add_outcomes(outcomes_); }

  [[nodiscard]] std::uint64_t outcomes() const { return outcomes_.size(); }
  [[nodiscard]] Simulation& simulation() { return run_.simulation(); }

 private:
  ObservedRun run_;
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

  bool between(std::span<const sim::Pending>) override {
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
        crashes.push_back({simulation_.client_name(record.client), {record}});
      } else {
        step.records.push_back(record);
      }
    }
    step.who = who(step.records);
    told_.push_back(std::move(step));
    for (auto& crash : crashes) told_.push_back(std::move(crash));
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
  if (property == Property::stuck) return graph.to_final(marks::stuck, marks::stores);
  auto way = graph.to_step(marks_of(property));
  if (!way && property == Property::deadlock && complete) way = graph.to_dead_end();
  return way;
}

ExploredStrategy explore_untimed(const Scenario& scenario, const StrategyChoice& strategy,
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
  if (!scenario.setup.faults.empty()) {
    return "exploration knows no faults: explore the scenario without \"faults\", or sample it with `run`";
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
    result.strategies.push_back(options.timed ? explore_timed(scenario, strategy, options)
                                              : explore_untimed(changed, strategy, options));
    result.complete = result.complete && result.strategies.back().complete;
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::exploration
