// Who draws which random numbers. Every purpose has a stream of its own (sim/random.hpp), so that strategies
// share latencies: the n-th Redis command of a client has the same legs under every strategy.
#pragma once

#include <cstdint>

#include "models/setup.hpp"
#include "sim/chooser.hpp"
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
  semi_sync,             // who: 0
  relay,                 // who: 0
  store_fault,           // who: the fault's place in the list
  snapshot,              // who: the fault's place in the list
  swarm,                 // who: the fault's place in the list
  redis_lag,             // who: 0
  order,                 // who: which of the streams from which a drawn order comes
  ttl_jitter,            // who: the key; the draws are those of its entries, the initial one first
  eviction,              // who: 0
  outage,                // who: the fault's place in the list
  invalidation,          // who: the client
  client_fault = 64,     // plus the fault's place in the list; who: the client
  splitting = 1000,      // what moves a run's draws about; who: the stage
};

// What a command's legs and service are called by.
constexpr std::uint32_t draw_use(Command command) {
  return 1 + static_cast<std::uint32_t>(command);
}

constexpr sim::Purpose purpose(std::uint32_t who, Role role, std::uint32_t offset = 0) {
  return {who, static_cast<std::uint32_t>(role) + offset};
}

// Whose an event is, for those who put events in order (sim/chooser.hpp). Of a client: what it does itself,
// work in the background, commands that outlive their client's waiting, and returns still to be seen by
// others; `number` counts these in the client's program order.
enum class Actor : std::uint8_t {
  client,
  background,
  late_command,
  announcement,
  patience,      // the end of a wait
  invalidation,  // Redis tells the client that a key has changed
  pin,           // a key that the client's session remembers
  replica,
  partition,
  copy,
  entry,
  store_fault,
  redis_replica
};

struct TagParts {
  Actor actor;
  std::uint32_t who;  // the client, replica, partition, key or fault
  std::uint32_t number;
};

constexpr sim::Tag tag_of(Actor actor, std::uint32_t who, std::uint32_t number = 0) {
  return (std::uint64_t{who} << 32U) | (std::uint64_t{static_cast<std::uint8_t>(actor)} << 24U) | number;
}
constexpr TagParts parts_of(sim::Tag tag) {
  return {static_cast<Actor>((tag >> 24U) & 0xffU), static_cast<std::uint32_t>(tag >> 32U),
          static_cast<std::uint32_t>(tag & 0xffffffU)};
}
// Of a tag: all but the number.
inline constexpr sim::Tag owner_bits = ~sim::Tag{0xffffff};
constexpr bool is_of_client(Actor actor) {
  return actor <= Actor::pin;
}

// Faults that a scenario may list; their streams must fit behind Role::client_fault in ten bits.
inline constexpr std::size_t faults_max = 900;

}  // namespace cacherace::models
