// One execution, played again to be told: its facts in detail, and what was wrong with it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "exploration/schedule.hpp"
#include "exploration/violations.hpp"
#include "scenarios/scenario.hpp"
#include "sim/world.hpp"
#include "verify/execution.hpp"
#include "verify/verdict.hpp"

namespace cacherace::reports {

struct Played {
  scenarios::Scenario scenario;  // as it was played: of an untimed schedule nothing takes time
  scenarios::StrategyChoice strategy;
  bool timed = true;  // else the instants of the records are steps
  std::string title;  // "late fill: run 93 of seed 1 under write-then-delete"
  std::vector<models::Record> records;
  sim::RunEnd end;
  std::map<std::uint32_t, std::string> names;  // of the clients that do something; anything may stand in one
  // Of a run: it came to its end. Of a schedule always: what it leads to is judged as it stands, as an
  // operation that waits for ever is what some show.
  bool is_judged = true;
  std::string trouble;  // why it could not be played; the rest then means nothing

  // The name as a terminal may show it.
  [[nodiscard]] std::string name(std::uint32_t client) const;
  // What it looked like and what is found out about it; where it is not judged, nothing.
  verify::Execution execution;
  verify::Verdict verdict;
  exploration::Violations violations{};

  // "NOT COMPLETE  the run met …", where it is not. The line ends.
  [[nodiscard]] std::string limit_text() const;
};

Played play_run(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                std::uint64_t run);
// To the end, or for a long while.
Played play_schedule(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                     const exploration::Schedule& schedule);

}  // namespace cacherace::reports
