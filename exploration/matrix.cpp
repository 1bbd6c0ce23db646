#include "exploration/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "exploration/explorable.hpp"
#include "exploration/schedule.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/rewritten.hpp"
#include "scenarios/simulation.hpp"
#include "sim/laws.hpp"

namespace cacherace::exploration {
namespace {

using models::Command;
using models::Fault;
using models::FaultKind;

// What a strategy does in a few runs: the commands of each client, its messages, and what it keeps beside the
// values.
class Habits {
 public:
  Habits(const Scenario& scenario, const StrategyChoice& strategy)
      : has_ttl_(scenario.setup.redis.ttl.has_value()) {
    for (const bool cached : {false, true}) {
      Scenario changed = scenario;
      changed.setup.faults.clear();
      changed.setup.keys.cached = cached;
      scenarios::Simulation simulation(changed, strategy);
      constexpr std::uint64_t runs = 30;
      for (std::uint64_t run = 0; run < runs; ++run) {
        simulation.run(run, true);
        for (const models::Record& record : simulation.records()) note(changed, record);
      }
    }
  }

  [[nodiscard]] bool can_meet(const Fault& fault) const {
    switch (fault.kind) {
      case FaultKind::lose:
      case FaultKind::duplicate:
      case FaultKind::reorder:
        return messages_;
      case FaultKind::rebalance:
        if (fault.time || !messages_) return messages_;
        break;
      case FaultKind::clock_jump:
        if (fault.time || !has_ttl_) return has_ttl_;
        break;
      case FaultKind::failover:
      case FaultKind::restart:
      case FaultKind::database_failover:
        if (fault.time) return true;
        break;
      case FaultKind::stall:
        return true;
      case FaultKind::partition:
        return meets(fault);
      case FaultKind::evict:
      case FaultKind::expire:
        if (fault.time) return fault.thing == 0 || slots_[fault.thing - 1U];
        break;
      case FaultKind::kill:
        if (fault.time) return transactions_;
        break;
      default:
        break;
    }
    return std::ranges::any_of(sent_, [&](const auto& sent) {
      return sent.second == *fault.command && (!fault.client || sent.first == *fault.client);
    });
  }

 private:
  // Whether anything passes between the two parties.
  [[nodiscard]] bool meets(const Fault& partition) const {
    if (partition.link != models::Link::client_store) {
      const bool of_queue =
          partition.link == models::Link::mysql_queue || partition.link == models::Link::queue_consumer;
      return messages_ || !of_queue;
    }
    return std::ranges::any_of(sent_, [&](const auto& sent) {
      const bool to_redis = models::command_names[models::index_of(sent.second)].starts_with("redis");
      return sent.first == partition.client && to_redis == (partition.store == models::Store::redis);
    });
  }

  void note(const Scenario& scenario, const models::Record& record) {
    const bool is_kept = record.fact == models::Fact::slot_set || record.fact == models::Fact::cache_set;
    if (is_kept && record.until != sim::time_never) has_ttl_ = true;
    if (record.fact == models::Fact::slot_set) slots_[models::index_of(record.slot)] = true;
    if (record.fact == models::Fact::began) transactions_ = true;
    if (record.fact == models::Fact::published) messages_ = true;
    if (record.fact == models::Fact::issued)
      sent_.insert({group_of(scenario, record.client), record.command});
  }

  static std::string group_of(const Scenario& scenario, std::uint32_t client) {
    for (const auto& group : scenario.setup.clients) {
      if (client < group.count) return group.name;
      client -= group.count;
    }
    return std::string(models::consumer_name);
  }

  bool has_ttl_, messages_ = false, transactions_ = false;
  std::array<bool, models::slot_count> slots_{};
  std::set<std::pair<std::string, Command>> sent_;
};

struct Finding {
  CellVerdict verdict;
  Property property;
};

// From the worst to the least.
constexpr std::array findings = {Finding{CellVerdict::stuck, Property::stuck},
                                 Finding{CellVerdict::lost_write, Property::lost_write},
                                 Finding{CellVerdict::hangs, Property::deadlock},
                                 Finding{CellVerdict::transient, Property::stale_read},
                                 Finding{CellVerdict::transient, Property::inversion},
                                 Finding{CellVerdict::transient, Property::dirty_read},
                                 Finding{CellVerdict::transient, Property::nonlinearizable}};

std::size_t severity(Property property) {
  return static_cast<std::size_t>(std::ranges::find(findings, property, &Finding::property) -
                                  findings.begin());
}

class Maker {
 public:
  Maker(const Scenario& scenario, const std::vector<MatrixFault>& faults, const MatrixOptions& options)
      : scenario_(scenario), options_(options) {
    result_.scenario = scenario.name;
    result_.faults = faults;
    for (const StrategyChoice& strategy : scenario.strategies) {
      result_.rows.push_back({strategy, std::vector<MatrixCell>(faults.size())});
    }
    total_ = scenario.strategies.size() * faults.size();
  }

  MatrixResult make() {
    std::vector<std::thread> crew;
    const auto jobs = static_cast<unsigned>(std::min<std::uint64_t>(options_.jobs, total_));
    for (unsigned job = 1; job < jobs; ++job) crew.emplace_back([this] { work(false); });
    work(true);
    for (std::thread& thread : crew) thread.join();
    for (const MatrixRow& row : result_.rows) {
      // Nothing is worse than what is stuck, so that is an answer, whatever came first.
      for (const MatrixCell& cell : row.cells) {
        result_.complete = result_.complete && (cell.complete || cell.verdict == CellVerdict::stuck);
      }
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool stopping() const {
    return stop_.load(std::memory_order_relaxed) ||
           (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed));
  }

  // Cell after cell, whoever comes first.
  void work(bool tells) {
    for (std::uint64_t next = next_++; next < total_; next = next_++) {
      MatrixRow& row = result_.rows[next / result_.faults.size()];
      const std::size_t fault = next % result_.faults.size();
      fill(row.strategy, result_.faults[fault], row.cells[fault], tells);
      ++done_;
      if (tells) see();
    }
  }

  void see() {
    if (options_.see && options_.see(done_, total_)) stop_ = true;
  }

  // `tells`: whether this thread is the one that says how far all are.
  void fill(const StrategyChoice& strategy, const MatrixFault& fault, MatrixCell& cell, bool tells) {
    if (stopping()) {
      cell.complete = false;
      cell.verdict = CellVerdict::unknown;
      return;
    }
    const Habits habits(scenario_, strategy);
    for (const auto& form : fault.forms) {
      if (!std::ranges::all_of(form, [&](const Fault& part) { return habits.can_meet(part); })) continue;
      for (const bool cached : {false, true}) {
        if (fault.by_time) {
          run_one(strategy, fault, form, cached, cell);
        } else {
          explore_one(strategy, fault, form, cached, cell, tells);
        }
      }
    }
    if (fault.by_time && cell.sampled && !stopping()) {
      const bool cached = cell.sampled_scenario->setup.keys.cached;
      cell.without = sample(in_runs(with(strategy, fault, {}, cached)));
    }
    if (!cell.complete && cell.verdict == CellVerdict::safe) cell.verdict = CellVerdict::unknown;
  }

  [[nodiscard]] Scenario with(const StrategyChoice& strategy, const MatrixFault& fault,
                              const std::vector<Fault>& form, bool cached) const {
    Scenario scenario = scenario_;
    scenario.strategies = {strategy};
    scenario.expectations.clear();
    scenario.setup.keys.cached = cached;
    scenario.setup.faults = form;
    if (fault.replica_reads || fault.mysql_replica) {
      scenario.setup.mysql.replicas = std::max(scenario.setup.mysql.replicas, 1U);
    }
    if (fault.replica_reads) scenario.setup.mysql.read_from = models::ReadFrom::replica;
    scenario.setup.redis.replica = scenario.setup.redis.replica || fault.redis_replica;
    return scenario;
  }

  // The form and start in which it goes wrong most often.
  void run_one(const StrategyChoice& strategy, const MatrixFault& fault, const std::vector<Fault>& form,
               bool cached, MatrixCell& cell) const {
    const Scenario scenario = in_runs(with(strategy, fault, form, cached));
    scenarios::StrategyResult result = sample(scenario);
    if (stopping() || result.incomplete_runs > 0) cell.complete = false;
    const bool wrong = result.violating_runs > 0 || result.stale + result.inversions + result.dirty > 0;
    const CellVerdict verdict = result.stuck_runs > 0    ? CellVerdict::stuck
                                : result.writes_lost > 0 ? CellVerdict::lost_write
                                : wrong                  ? CellVerdict::transient
                                                         : CellVerdict::unmet;
    const auto how_often = [](const scenarios::StrategyResult& one) {
      return std::pair(one.stuck_runs, one.violating_runs);
    };
    const bool is_worse = verdict > cell.verdict || (verdict == cell.verdict && cell.sampled &&
                                                     how_often(result) > how_often(*cell.sampled));
    if (!is_worse) return;
    cell.verdict = verdict;
    cell.sampled = std::move(result);
    cell.sampled_scenario = scenario;
  }

  void explore_one(const StrategyChoice& strategy, const MatrixFault& fault, const std::vector<Fault>& form,
                   bool cached, MatrixCell& cell, bool tells) {
    const Scenario scenario = with(strategy, fault, form, cached);
    cell.verdict = std::max(cell.verdict, CellVerdict::safe);
    ExploreOptions options{.states_max = options_.states_max};
    // A single cell may take longer than anyone waits.
    options.watch = [this, tells](const StrategyChoice&, const sim::SearchProgress&) {
      if (tells) see();
      return stopping();
    };
    ExploreResult result = explore(scenario, options);
    ExploredStrategy& explored = result.strategies.front();
    cell.states += explored.states;
    if (!explored.complete) {
      cell.complete = false;
      if (!cell.sampled && !stopping()) {
        cell.sampled_scenario = in_runs(scenario);
        cell.sampled = sample(*cell.sampled_scenario);
      }
    }
    take_worst(explored, scenario, cell);
  }

  // The worst of what was found; of equals the shortest, then what was found first.
  static void take_worst(ExploredStrategy& explored, const Scenario& scenario, MatrixCell& cell) {
    for (const Finding& finding : findings) {
      auto& witness = explored.witnesses[index_of(finding.property)];
      if (!witness) continue;
      if (cell.witness) {
        const std::size_t before = severity(cell.witness->property), now = severity(finding.property);
        if (now > before || (now == before && witness->steps.size() >= cell.witness->witness.steps.size()))
          return;
      }
      cell.verdict = finding.verdict;
      cell.witness = CellWitness{finding.property, std::move(*witness), scenario};
      return;
    }
  }

  // By the scenario's own latencies.
  [[nodiscard]] Scenario in_runs(Scenario scenario) const {
    scenario.runs = options_.runs;
    for (auto& group : scenario.setup.clients) group.start = first_moments();
    return scenario;
  }

  [[nodiscard]] scenarios::StrategyResult sample(const Scenario& scenario) const {
    return scenarios::run_experiment(scenario, {.stop = options_.stop}).strategies.front();
  }

  const Scenario& scenario_;
  const MatrixOptions& options_;
  MatrixResult result_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> next_ = 0, done_ = 0;
  std::atomic<bool> stop_ = false;
};

}  // namespace

sim::Latency first_moments() {
  return std::get<sim::Latency>(
      sim::Latency::of(sim::uniform(sim::Duration{0}, std::chrono::milliseconds(50)), {}));
}

std::vector<MatrixFault> faults_of(const Scenario& scenario) {
  std::vector<MatrixFault> faults = {{"no fault", "latencies alone", {{}}}};
  for (std::size_t i = 0; i < scenario.setup.faults.size(); ++i) {
    const Fault& fault = scenario.setup.faults[i];
    std::string name(models::fault_names[static_cast<std::size_t>(fault.kind)]);
    if (fault.command) name += fmt::format(" {}", models::command_names[models::index_of(*fault.command)]);
    if (fault.kind == FaultKind::evict || fault.kind == FaultKind::expire) {
      name += fmt::format(" {}", models::thing_names[fault.thing]);
    }
    faults.push_back({name, fmt::format("the scenario's fault {}", i + 1), {{fault}}});
    faults.back().place = i;
    faults.back().by_time = models::lasts(fault.kind) || fault.kind == FaultKind::clock_jump;
  }
  return faults;
}

std::optional<scenarios::Recording> recording_of(const MatrixFault& fault, const MatrixRow& row,
                                                 const MatrixCell& cell) {
  if (cell.witness) {
    const Scenario& before = cell.witness->scenario;
    scenarios::Recording recording{scenarios::rewritten(before, fault.place), row.strategy, "", {}};
    const auto schedule = read_schedule(cell.witness->witness.schedule, fingerprint(before, row.strategy));
    const auto text =
        schedule_text(std::get<Schedule>(schedule), fingerprint(recording.scenario, row.strategy));
    const auto property = property_names[index_of(cell.witness->property)];
    recording.content = scenarios::RecordedOrder{std::string(property), text};
    return recording;
  }
  if (!cell.sampled || !cell.sampled->first_violation) return std::nullopt;
  const std::uint64_t run = cell.sampled->first_violation->run;
  scenarios::Recording recording{
      scenarios::rewritten(*cell.sampled_scenario, fault.place), row.strategy, "", {}};
  recording.content = scenarios::RecordedRun{run, digest_of_run(*cell.sampled_scenario, row.strategy, run)};
  return recording;
}

MatrixResult make_matrix(const Scenario& scenario, const std::vector<MatrixFault>& faults,
                         const MatrixOptions& options) {
  return Maker(scenario, faults, options).make();
}

}  // namespace cacherace::exploration
