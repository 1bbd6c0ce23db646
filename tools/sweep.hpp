// `cacherace run --sweep`: the same scenario with other values of one or more of its fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/commands.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/settings.hpp"
#include "tools/exit_status.hpp"
#include "tools/options.hpp"

namespace cacherace::tools {

struct SweepJob {
  scenarios::Scenario scenario;                       // its strategies, runs and seed hold at every point
  std::vector<scenarios::StrategyChoice> strategies;  // empty: those of the scenario with its settings
  std::vector<scenarios::Axis> axes;
  std::string figure;  // of heat maps
  OptionText folder;   // finished points are kept there, and not run again
  scenarios::ExperimentOptions options;
  reports::Source source;
  OptionText output, report;
  enum class Format : std::uint8_t { table, json, markdown } format = Format::table;
  bool show_progress = false;
};

inline constexpr std::size_t points_max = 10'000;

ExitStatus run_sweep(SweepJob& job);

}  // namespace cacherace::tools
