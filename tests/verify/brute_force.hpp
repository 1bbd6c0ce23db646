// Linearizability by its definition: is there an order of the operations that keeps every precedence and in
// which each read returns the value of the latest write? Every order is tried; (operations taken, value) seen
// before is not tried again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify::testing {

class BruteForce {
 public:
  explicit BruteForce(std::vector<Operation> operations) : operations_(std::move(operations)) {}

  bool linearizable() {
    seen_.clear();
    return extend(0, initial_value);
  }

  // Only an ok operation returns; a client's operations are in program order.
  static bool precedes(const Operation& a, const Operation& b, bool a_stands_first) {
    if (a.outcome != Outcome::ok) return false;
    return a.end < b.start || (a.client == b.client && a_stands_first);
  }

 private:
  bool extend(std::uint32_t taken, Value value) {
    if (!seen_.insert({taken, value}).second) return false;
    bool complete = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& next = operations_[i];
      if ((taken >> i & 1U) != 0) continue;
      if (next.outcome == Outcome::ok) complete = false;
      if (next.outcome == Outcome::fail) continue;
      const bool is_read = next.kind == OperationKind::read;
      if (is_read && (next.outcome != Outcome::ok || next.value != value)) continue;
      if (!may_follow(taken, i)) continue;
      if (extend(taken | 1U << i, is_read ? value : next.value)) return true;
    }
    return complete;
  }

  bool may_follow(std::uint32_t taken, std::size_t i) const {
    for (std::size_t j = 0; j < operations_.size(); ++j) {
      if (j == i || (taken >> j & 1U) != 0) continue;
      if (precedes(operations_[j], operations_[i], j < i)) return false;
    }
    return true;
  }

  std::vector<Operation> operations_;
  std::set<std::pair<std::uint32_t, Value>> seen_;
};

}  // namespace cacherace::verify::testing
