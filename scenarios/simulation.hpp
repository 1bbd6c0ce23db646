// One scenario under one strategy, run after run on one thread. Everything is kept between runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/record.hpp"
#include "scenarios/scenario.hpp"
#include "sim/world.hpp"
#include "verify/execution.hpp"

namespace cacherace::scenarios {

// How many operations each client of the group does.
std::uint64_t operations_of(const models::ClientGroup& group);

class Simulation {
 public:
  // `scenario` must outlive it.
  Simulation(const Scenario& scenario, const StrategyChoice& strategy);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation();

  // Run number `run` from beginning to end. `detailed`: records also what only a reader wants to know.
  sim::RunEnd run(std::uint64_t run, bool detailed = false);

  // The most SELECTs of one key that were under way at the same time in the last run.
  [[nodiscard]] std::uint32_t concurrent_loads() const;

  // Decides who moves next from the next run on; null (as at first): by time. Not owned.
  void choose_by(sim::Chooser* chooser);

  // The facts of the last run (or of the present one, so far), in the order in which they took effect; valid
  // until the next.
  [[nodiscard]] const std::vector<models::Record>& records() const;

  // "writer", "reader#2", "consumer": the name of the client with that number in records.
  [[nodiscard]] std::string client_name(std::uint32_t number) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cacherace::scenarios
