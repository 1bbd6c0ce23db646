// A scenario's runs under one strategy, played at several values of one of its durations, and whether each is
// bad: shows the property that is asked about.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exploration/played_runs.hpp"
#include "exploration/property.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "verify/judge.hpp"

namespace cacherace::exploration {

// What is asked of runs.
struct RunQuestion {
  const scenarios::Scenario& scenario;
  scenarios::StrategyChoice strategy;  // the parameter's value in it does not matter
  std::string parameter;
  Property property = Property::stuck;

  [[nodiscard]] scenarios::StrategyChoice strategy_at(sim::Duration value) const;
};

// Why runs cannot be judged by it, with a remedy; nothing where they can.
std::optional<std::string> why_not_judged(Property property);

// Whether a run with that verdict shows it. Precondition: runs can be judged by it.
bool shows(const verify::Verdict& verdict, Property property);

// The last one so far of a run.
struct Milestone {
  std::optional<sim::Time> at;
  MilestoneKind kind = MilestoneKind::commit;
  std::uint32_t writer = models::no_client;

  void see(const models::Record& record);
};

class ScenarioRuns final : public PlayedRuns {
 public:
  // `question` must outlive it.
  ScenarioRuns(const RunQuestion& question, const std::vector<sim::Duration>& values);

  // A run that meets a limit is not known to be bad, nor to be good: it counts as not bad, and as incomplete.
  [[nodiscard]] bool bad_at(std::size_t value) override;
  // The last fill with a row that is not the newest.
  [[nodiscard]] std::optional<Anchor> anchor(std::size_t value) const override;
  [[nodiscard]] std::optional<Thought> thought(std::uint32_t who, std::uint32_t number) override;
  [[nodiscard]] std::uint64_t incomplete() const override { return incomplete_; }

  [[nodiscard]] scenarios::Simulation& simulation(std::size_t value) { return *simulations_[value]; }

 private:
  // How a client thinks; no law: always the same.
  struct Thinking {
    sim::LawPtr law;
    double mean = 0.0;
    std::uint32_t times = 0;
  };
  // As far as the records of the run under way were looked through.
  struct Seen {
    std::size_t records = 0;
    Milestone milestone;
  };

  [[nodiscard]] static Thinking thinking_of(const models::ClientGroup& group);
  // How the client of the anchor came with the operation that ends with that record.
  void note_coming(const std::vector<models::Record>& records, const models::Record& end,
                   Anchor& anchor) const;

  const RunQuestion& question_;
  std::vector<std::unique_ptr<scenarios::Simulation>> simulations_;
  std::vector<Thinking> thinking_;  // by client
  std::size_t under_way_ = 0;       // the value at which a run is
  Seen seen_;
  scenarios::Observer observer_;
  verify::Judge judge_;
  std::uint64_t incomplete_ = 0;
};

}  // namespace cacherace::exploration
