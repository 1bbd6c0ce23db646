// A scenario as the rest of the house sees it: complete, checked, defaults filled in.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/setup.hpp"
#include "strategies/registry.hpp"

namespace cacherace::scenarios {

// A strategy with the values of its parameters. Results call it by its name alone.
struct StrategyChoice {
  const strategies::StrategyInfo* info = nullptr;
  strategies::Parameters parameters;
  std::shared_ptr<const strategies::StrategyInfo> own = nullptr;  // keeps `info` where a scenario defines it
};

// Strategies that a scenario defines.
using OwnStrategies = std::vector<std::shared_ptr<const strategies::StrategyInfo>>;

enum class Comparison : std::uint8_t { at_most, at_least, equals };

// One `expect`: a figure of a strategy's result against a bound. Flags and counts are numbers (true = 1),
// durations nanoseconds.
struct Expectation {
  std::string strategy;  // a name, or "*"
  std::string command = "run";
  std::string mode;    // of explore: "timed" or "untimed" (empty: either); of tune: "risk", else exact
  std::string figure;  // a path into the strategy's result: "stuck.probability"
  Comparison comparison = Comparison::at_most;
  double bound = 0.0;
  bool bound_is_flag = false;
};

struct Scenario {
  std::string name;
  std::string description;
  models::Setup setup;
  std::vector<StrategyChoice> strategies;
  OwnStrategies own_strategies;  // each also stands in `strategies`, unless another choice replaced the list
  std::uint64_t runs = 10'000;
  std::uint64_t seed = 1;
  std::vector<Expectation> expectations;

  std::string text;                          // the file as read
  std::map<std::string, std::string> files;  // files that it names (histograms), by the name used there
};

}  // namespace cacherace::scenarios
