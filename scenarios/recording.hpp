// A recorded run: all that is needed to repeat one execution, in one JSON file.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/reader.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

struct Recording {
  Scenario scenario;  // whole, with the files that it names
  StrategyChoice strategy;
  std::uint64_t run = 0;
  std::uint64_t digest = 0;  // of the run's facts: a repeat must come to the same
};

// The digest of run `run`, by running it.
std::uint64_t digest_of_run(const Scenario& scenario, const StrategyChoice& strategy, std::uint64_t run);

std::string write_recording(const Recording& recording);
std::variant<Recording, std::vector<Fault>> read_recording(std::string_view text, const std::string& file);

}  // namespace cacherace::scenarios
