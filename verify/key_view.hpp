// The part of an execution that concerns one key: what every per-key judgement reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "verify/execution.hpp"

namespace cacherace::verify {

// A place in a KeyView's operations or events, both in the order of the execution.
using Position = std::uint32_t;
inline constexpr Position nowhere = std::numeric_limits<Position>::max();

// Up to this many elements a quadratic loop beats sorting and indexing. Judgements take it as a parameter so
// that tests can send tiny executions through the general path (0).
inline constexpr std::size_t small_size = 32;

// Borrowed from an execution and from the index lists of whoever made it; both must outlive it.
struct KeyView {
  const Execution* execution = nullptr;
  KeyIndex key = 0;
  std::span<const OperationIndex> operation_indices;
  std::span<const std::uint32_t> event_indices;

  [[nodiscard]] Position operation_count() const { return static_cast<Position>(operation_indices.size()); }
  [[nodiscard]] Position event_count() const { return static_cast<Position>(event_indices.size()); }
  [[nodiscard]] const Operation& operation(Position at) const {
    return execution->operations[operation_indices[at]];
  }
  [[nodiscard]] const Event& event(Position at) const { return execution->events[event_indices[at]]; }
};

// A crash names its operation only; every other event names its key itself.
[[nodiscard]] inline KeyIndex key_of(const Execution& execution, const Event& event) {
  return event.kind == EventKind::crash ? execution.operations[event.operation].key : event.key;
}

[[nodiscard]] inline bool is_ok_read(const Operation& operation) {
  return operation.kind == OperationKind::read && operation.outcome == Outcome::ok;
}

[[nodiscard]] inline bool is_ok_write(const Operation& operation) {
  return operation.kind == OperationKind::write && operation.outcome == Outcome::ok;
}

}  // namespace cacherace::verify
