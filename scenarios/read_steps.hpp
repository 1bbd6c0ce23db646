// Reading the lists of steps of a strategy that a scenario defines.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/reading.hpp"
#include "strategies/steps.hpp"

namespace cacherace::scenarios {

// The list in which a step stands, as a bit.
enum List : unsigned { in_write = 1, in_read = 2, in_consume = 4, anywhere = 7 };

// Durations and counts of steps: values, or "$parameter" of the strategy's own parameters.
class Settings {
 public:
  Settings(Reading& reading, const std::vector<strategies::OwnParameter>& parameters)
      : reading_(reading), parameters_(parameters), used_(parameters.size()) {}

  std::optional<strategies::Setting> read(JsonValue value, strategies::ParameterKind kind);
  // Whether a step refers to the parameter of that place.
  [[nodiscard]] bool uses(std::size_t parameter) const { return used_[parameter]; }

 private:
  std::optional<strategies::Setting> read_reference(JsonValue value, strategies::ParameterKind kind);

  Reading& reading_;
  const std::vector<strategies::OwnParameter>& parameters_;
  std::vector<bool> used_;
};

struct StepsRead {
  strategies::Steps steps;
  bool updates = false;  // one of them, at any depth, is an UPDATE
};

StepsRead read_steps(Reading& reading, Settings& settings, JsonValue value, List list);

}  // namespace cacherace::scenarios
