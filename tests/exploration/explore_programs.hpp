// Small programs to explore: W writers and R readers of one operation each on one key, or clients of their
// own.
#pragma once

#include <fmt/format.h>

#include <string>

#include "exploration/explorable.hpp"
#include "exploration/exploration.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {

using scenarios::must_choose;
using scenarios::must_read;

struct Program {
  std::string strategy;  // as the command line writes it, or a definition in JSON
  std::uint32_t writers = 1;
  std::uint32_t readers = 1;
  bool cached = false;
  bool replica = false;      // read from
  std::string more = "";     // of the scenario: R"(, "faults": […])"
  std::string clients = "";  // instead of writers and readers: R"([{"name": …}])"
  std::uint32_t keys = 1;
  std::uint32_t replicas = 1;  // where there are any
  bool session = false;        // a client keeps its replica
  std::string mysql = "";      // more of that section: R"(, "gtid_wait": "1ms")"
  std::string redis = "";
};

inline std::string name_of(const Program& program) {
  const auto clients =
      program.clients.empty() ? fmt::format("{}w{}r", program.writers, program.readers) : program.clients;
  return fmt::format("{} {} {}{}{}{}{}", program.strategy, program.cached ? "cached" : "cold", clients,
                     program.replica ? fmt::format(" {} replicas", program.replicas) : "", program.mysql,
                     program.redis, program.more) +
         (program.replica && program.session ? " by session" : "");
}

inline Scenario scenario_of(const Program& program) {
  const std::string two = R"([{"name": "writer", "do": ["write"]}, {"name": "reader", "do": ["read"]}])";
  const auto replicas = fmt::format(R"(, "replicas": {}, "read_from": "replica", "replica_choice": "{}")",
                                    program.replicas, program.session ? "session" : "read");
  const bool is_own = program.strategy.starts_with('{');
  // The strategies are those that make every fault possible.
  Scenario scenario = must_read(fmt::format(
      R"({{"name": "small", "redis": {{"latency": "1ms", "ttl": "5ms"{}}},
           "keys": {{"count": {}, "cached": {}}}, "mysql": {{"latency": "1ms"{}{}}}, "clients": {},
           "strategies": ["binlog-delete", "write-then-delete"{}]{}}})",
      program.redis, program.keys, program.cached, program.replica ? replicas : "", program.mysql,
      program.clients.empty() ? two : program.clients, is_own ? ", " + program.strategy : "", program.more));
  scenario.strategies = {is_own ? scenario.strategies.back() : must_choose(program.strategy)};
  if (program.clients.empty()) replace_clients(scenario, {program.writers, program.readers});
  return scenario;
}

inline ExploredStrategy explored(const Program& program) {
  return explore(scenario_of(program), {}).strategies.at(0);
}

}  // namespace cacherace::exploration
