// What one execution looked like: the operations that clients saw, and, where it is known (the simulator
// knows it), what happened at the stores. The only input of every verdict in this room.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace cacherace::verify {

// Virtual nanoseconds from the start of the execution.
using Nanos = std::int64_t;
inline constexpr Nanos never = std::numeric_limits<Nanos>::max();

// A version's identity: the id of the write that made it, 1, 2, 3 …; 0 is the initial value of every key.
using Value = std::uint32_t;
inline constexpr Value initial_value = 0;

using KeyIndex = std::uint32_t;
using ClientIndex = std::uint32_t;
using OperationIndex = std::uint32_t;

// cas and append are of histories only: the simulator's clients read and write.
enum class OperationKind : std::uint8_t { read, write, cas, append };
enum class Outcome : std::uint8_t { ok, fail, unknown };

// An operation of a client. `value`: what a write writes, what an ok read returned (anything otherwise).
// `end` is the return, not before `start`; `never` where there is none (unknown, crashed). Only ok operations
// order anything. Times lie below 2^62. Written values are unique within a key and not 0. A client's
// operations do not overlap, though one may start where the one before it ends (and after one that is not ok,
// at any time).
struct Operation {
  Nanos start = 0;
  Nanos end = never;
  Value value = initial_value;
  Value from = initial_value;  // of a cas: what must be there for it to write `value`
  KeyIndex key = 0;
  ClientIndex client = 0;
  OperationKind kind = OperationKind::read;
  Outcome outcome = Outcome::ok;
};

enum class EventKind : std::uint8_t {
  commit,          // write `value` became the newest version of `key` on the primary
  cache_set,       // the cache now holds `value` of `key`, until `expires`
  cache_del,       // the cache no longer holds `key`
  cache_hit,       // a GET of operation `operation` found `value`
  command_failed,  // a SET or DEL that did not take effect, or an UPDATE whose outcome its client never
                   // learnt; `at` is when it learnt that (or gave up)
  crash,           // the client of `operation` crashed inside it (`key` says nothing: the operation has one)
  message_lost,    // the queue lost the message about write `value`
  rolled_back,     // `value` is the newest version of `key` on the primary again: the database failed over,
                   // and what was committed after it is lost
};

// Who changed the cache: a read that fills, the write itself, a consumer of the binlog; or nobody: the store
// came back with what it held before.
enum class Origin : std::uint8_t { fill, write, consumer, failover };

// One fact at the stores. Events stand in the order in which they took effect; equal instants are ordered
// by their place in the list.
struct Event {
  Nanos at = 0;
  Nanos expires = never;  // cache_set: first instant at which the entry is missing
  KeyIndex key = 0;
  Value value = initial_value;  // the version committed, stored, found or lost
  Value for_write = 0;  // a cache command of origin write or consumer, failed or not: the write served
  OperationIndex operation = 0;  // the operation that did it, where an operation did (not a consumer's)
  EventKind kind = EventKind::commit;
  Origin origin = Origin::fill;
  bool source_outdated = false;  // cache_set by a fill: it was not the newest when it was SELECTed
};

// `operations` stand in the order of invocation (equal instants: the order in which they were created; a
// client's in its program order). Each version commits at most once, and no event lies after quiescence.
// After a failover of the database the survivor's commit order counts: what was lost is not in it.
struct Execution {
  std::vector<Operation> operations;
  std::vector<Event> events;
  std::uint32_t keys = 1;
  bool initially_cached = false;  // the cache holds version 0 of every key at time 0 …
  Nanos initial_expiry = never;   // … until here
  // … or each key until a time of its own, 0 for one that is not cached; empty: all until `initial_expiry`.
  std::vector<Nanos> initial_expiries;
  Nanos quiescence = 0;  // nothing was left to do from this instant on
};

}  // namespace cacherace::verify
