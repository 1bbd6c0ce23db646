// The part of an execution or a history that concerns one key: what every per-key judgement reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "verify/execution.hpp"
#include "verify/history.hpp"

namespace cacherace::verify {

// A place in a KeyView's operations or events, both in the order of the execution.
using Position = std::uint32_t;
inline constexpr Position nowhere = std::numeric_limits<Position>::max();

// Up to this many elements a quadratic loop beats sorting and indexing. Judgements take it as a parameter so
// that tests can send tiny executions through the general path (0).
inline constexpr std::size_t small_size = 32;

// a && b, asked both at once: what operations are is in no order that a processor could guess.
[[nodiscard]] inline bool both(bool a, bool b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

[[nodiscard]] inline bool is_ok_read(const Operation& operation) {
  return both(operation.kind == OperationKind::read, operation.outcome == Outcome::ok);
}

[[nodiscard]] inline bool is_ok_write(const Operation& operation) {
  return both(operation.kind == OperationKind::write, operation.outcome == Outcome::ok);
}

// The operations of one key, borrowed from an execution or a history and from the index list of whoever made
// it; both must outlive it. It says what the operations mean: what is there at first, what a read of nothing
// says, by which times they are taken, and up to which return they are looked at.
struct OperationsView {
  const Operation* operations = nullptr;  // of all keys
  KeyIndex key = 0;
  std::span<const OperationIndex> operation_indices;
  Value initial = initial_value;
  Value nil = History::nothing;      // what a read that returned nothing stands for …
  bool nil_is_wildcard = false;      // … unless it says nothing
  bool failed_cas_tells = false;     // a failed cas saw another value than it had expected
  const ClockSpan* clock = nullptr;  // the times, where not those of the operations; by OperationIndex
  // Operations that return at `until` or later are unfinished, but not those at it that stand before this.
  Nanos until = never;
  OperationIndex until_index = std::numeric_limits<OperationIndex>::max();

  [[nodiscard]] Position operation_count() const { return static_cast<Position>(operation_indices.size()); }
  [[nodiscard]] const Operation& operation(Position at) const { return operations[operation_indices[at]]; }
  [[nodiscard]] Nanos start(Position at) const {
    return clock == nullptr ? operation(at).start : clock[operation_indices[at]].start;
  }
  [[nodiscard]] Nanos end(Position at) const {
    return clock == nullptr ? operation(at).end : clock[operation_indices[at]].end;
  }
  // Whether it returned with a result, and so orders something …
  [[nodiscard]] bool certain(Position at) const {
    const Operation& one = operation(at);
    if (one.outcome == Outcome::ok) return true;
    return failed_cas_tells && one.kind == OperationKind::cas && one.outcome == Outcome::fail &&
           one.end != never;
  }
  // … before `until`.
  [[nodiscard]] bool returned(Position at) const {
    if (!certain(at)) return false;
    const Operation& one = operation(at);
    return one.end < until || (one.end == until && operation_indices[at] < until_index);
  }
  // A read that says what was there …
  [[nodiscard]] bool tells_at_all(const Operation& one) const {
    return both(is_ok_read(one), !both(nil_is_wildcard, one.value == History::nothing));
  }
  // … before `until`.
  [[nodiscard]] bool tells(Position at) const { return tells_at_all(operation(at)) && returned(at); }
  // What a read returned.
  [[nodiscard]] Value read_value(Position at) const {
    const Value value = operation(at).value;
    return value == History::nothing ? nil : value;
  }
};

// The part of an execution that concerns one key.
struct KeyView : OperationsView {
  KeyView(const Execution& whole, KeyIndex of, std::span<const OperationIndex> indices,
          std::span<const std::uint32_t> events)
      : OperationsView{.operations = whole.operations.data(), .key = of, .operation_indices = indices},
        execution(&whole),
        event_indices(events) {}

  const Execution* execution;
  std::span<const std::uint32_t> event_indices;

  [[nodiscard]] Position event_count() const { return static_cast<Position>(event_indices.size()); }
  [[nodiscard]] const Event& event(Position at) const { return execution->events[event_indices[at]]; }
};

// A crash names its operation only; every other event names its key itself.
[[nodiscard]] inline KeyIndex key_of(const Execution& execution, const Event& event) {
  return event.kind == EventKind::crash ? execution.operations[event.operation].key : event.key;
}

}  // namespace cacherace::verify
