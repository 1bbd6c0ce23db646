// Who draws which random numbers. Every purpose has a stream of its own (sim/random.hpp), so that strategies
// share latencies: the n-th Redis command of a client has the same legs under every strategy.
#pragma once

#include <cstdint>

#include "sim/random.hpp"

namespace cacherace::models {

// Below 16: of a client (`who` its number in the run; consumers come after the clients). Background work of a
// client has the same roles plus 16. From 32: others.
enum class Role : std::uint32_t {
  start,
  think,
  operation,
  key,
  redis_legs,
  redis_service,
  mysql_legs,
  mysql_service,
  replica_choice,
  background = 16,
  replication_lag = 32,  // who: the replica
  queue_latency,         // who: 0
  message_fault,         // who: the fault's place in the list
  client_fault = 64,     // plus the fault's place in the list; who: the client
};

constexpr sim::Purpose purpose(std::uint32_t who, Role role, std::uint32_t offset = 0) {
  return {who, static_cast<std::uint32_t>(role) + offset};
}

// Faults that a scenario may list; their streams must fit behind Role::client_fault in ten bits.
inline constexpr std::size_t faults_max = 900;

}  // namespace cacherace::models
