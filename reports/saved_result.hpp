// Results of `run` as files: the JSON document, or a baseline, which also holds the scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/commands.hpp"
#include "reports/json_parts.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

struct SavedStrategy {
  std::string name;
  Json parameters;  // as the document has them
  std::uint64_t runs = 0;
  std::uint64_t incomplete_runs = 0;
  std::vector<scenarios::FigureValue> figures;  // in the order of scenarios::run_figures()
};

struct SavedResult {
  std::string file;
  std::string version;  // of the cacherace that made it
  std::string scenario_name;
  std::uint64_t seed = 0;
  bool complete = true;
  std::vector<SavedStrategy> strategies;
  std::optional<scenarios::Scenario> scenario;  // of a baseline
};

// Of the figure of that path; null where there is none.
const scenarios::FigureValue& figure_of(const SavedStrategy& strategy, std::string_view path);

// The strategy with these parameters; nothing where neither the house nor `own` has one of that name that
// takes them.
std::optional<scenarios::StrategyChoice> choice_of(const SavedStrategy& strategy,
                                                   const scenarios::OwnStrategies& own);

// Everything that `compare` needs to run the same again: the scenario with its files, and the result.
std::string baseline_document(const scenarios::Scenario& scenario, const scenarios::RunResult& result,
                              const Source& source);

// Reads either. `file` names it in faults.
std::variant<SavedResult, std::vector<scenarios::Fault>> read_saved_result(std::string_view text,
                                                                           const std::string& file);

}  // namespace cacherace::reports
