// Small programs to explore: W writers and R readers of one operation each on one key.
#pragma once

#include <fmt/format.h>

#include <string>

#include "reading.hpp"
#include "scenarios/exploration.hpp"

namespace cacherace::scenarios {

struct Program {
  const char* strategy;
  std::uint32_t writers = 1;
  std::uint32_t readers = 1;
  bool cached = false;
  bool replica = false;
  const char* more = "";  // of the scenario: R"(, "faults": […])"
};

inline std::string name_of(const Program& program) {
  return fmt::format("{} {} {}w{}r{}{}", program.strategy, program.cached ? "cached" : "cold",
                     program.writers, program.readers, program.replica ? " replica" : "", program.more);
}

inline Scenario scenario_of(const Program& program) {
  Scenario scenario = must_read(fmt::format(
      R"({{"name": "small", "redis": {{"latency": "1ms"}}, "keys": {{"cached": {}}},
           "mysql": {{"latency": "1ms"{}}},
           "clients": [{{"name": "writer", "do": ["write"]}}, {{"name": "reader", "do": ["read"]}}],
           "strategies": ["ttl-only"]{}}})",
      program.cached, program.replica ? R"(, "replicas": 1, "read_from": "replica")" : "", program.more));
  scenario.strategies = {must_choose(program.strategy)};
  replace_clients(scenario, program.writers, program.readers);
  return scenario;
}

inline ExploredStrategy explored(const Program& program) {
  return explore(scenario_of(program), {}).strategies.at(0);
}

}  // namespace cacherace::scenarios
