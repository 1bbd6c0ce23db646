// Short hand for writing executions down in tests.
#pragma once

#include <utility>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify::testing {

inline Operation operation(OperationKind kind, ClientIndex client, Value value, Nanos start, Nanos end,
                           KeyIndex key = 0) {
  Operation made;
  made.start = start;
  made.end = end;
  made.value = value;
  made.key = key;
  made.client = client;
  made.kind = kind;
  return made;
}

inline Operation write(ClientIndex client, Value value, Nanos start, Nanos end, KeyIndex key = 0) {
  return operation(OperationKind::write, client, value, start, end, key);
}

inline Operation read(ClientIndex client, Value value, Nanos start, Nanos end, KeyIndex key = 0) {
  return operation(OperationKind::read, client, value, start, end, key);
}

inline Operation append(ClientIndex client, Value value, Nanos start, Nanos end, KeyIndex key = 0) {
  return operation(OperationKind::append, client, value, start, end, key);
}

inline Operation cas(ClientIndex client, Value from, Value to, Nanos start, Nanos end, KeyIndex key = 0) {
  Operation made = operation(OperationKind::cas, client, to, start, end, key);
  made.from = from;
  return made;
}

inline Operation failed(Operation operation) {
  operation.outcome = Outcome::fail;
  return operation;
}

inline Operation unknown(Operation operation) {
  operation.outcome = Outcome::unknown;
  operation.end = never;
  return operation;
}

inline Event commit(Nanos at, Value value, KeyIndex key = 0) {
  Event event;
  event.kind = EventKind::commit;
  event.at = at;
  event.value = value;
  event.key = key;
  return event;
}

inline Event fill(Nanos at, Value value, bool source_outdated = false) {
  Event event;
  event.kind = EventKind::cache_set;
  event.at = at;
  event.value = value;
  event.source_outdated = source_outdated;
  return event;
}

inline Event own_set(Nanos at, Value value, Origin origin = Origin::write) {
  Event event = fill(at, value);
  event.for_write = value;
  event.origin = origin;
  return event;
}

inline Event own_del(Nanos at, Value for_write, Origin origin = Origin::write) {
  Event event = own_set(at, initial_value, origin);
  event.kind = EventKind::cache_del;
  event.for_write = for_write;
  return event;
}

inline Event own_failure(Nanos at, Value for_write, Origin origin = Origin::write) {
  Event event = own_del(at, for_write, origin);
  event.kind = EventKind::command_failed;
  return event;
}

inline Event until(Event event, Nanos expires) {
  event.expires = expires;
  return event;
}

inline Event hit(Nanos at, OperationIndex operation, Value value) {
  Event event = fill(at, value);
  event.kind = EventKind::cache_hit;
  event.operation = operation;
  return event;
}

inline Event crash(Nanos at, OperationIndex operation) {
  Event event;
  event.kind = EventKind::crash;
  event.at = at;
  event.operation = operation;
  return event;
}

inline Event lost_message(Nanos at, Value value) {
  Event event = commit(at, value);
  event.kind = EventKind::message_lost;
  return event;
}

inline Execution execution(std::vector<Operation> operations, std::vector<Event> events = {},
                           Nanos quiescence = 1000) {
  Execution result;
  result.operations = std::move(operations);
  result.events = std::move(events);
  result.quiescence = quiescence;
  return result;
}

}  // namespace cacherace::verify::testing
