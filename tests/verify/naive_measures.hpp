// The measures of a register's history written down from their sentences: every value against every other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/verify/exhaustive.hpp"
#include "verify/check.hpp"

namespace cacherace::verify::testing {

class NaiveMeasures {
 public:
  explicit NaiveMeasures(const History& history) : history_(history), operations_(history.operations) {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (is_write(i) || is_read(i)) values_.insert(value(i));
    }
    values_.insert(history.initial);
  }

  // The least leniency of a sort under which there is an order; none up to 100 there is none at all.
  template <typename Number>
  std::optional<Number> least(Number Leniency::*sort, Number from, bool by_time_alone) const {
    for (Number most = from; most < 100; ++most) {
      Leniency leniency;
      leniency.by_time_alone = by_time_alone;
      leniency.*sort = most;
      if (Exhaustive(history_, leniency).linearizable()) return most;
    }
    return std::nullopt;
  }

  // A read that is of no value, or returned before the write of its value was invoked.
  bool faulty(std::size_t read) const {
    if (value(read) == history_.initial) return false;
    const std::size_t write = write_of(value(read));
    return write == operations_.size() || operations_[read].end < operations_[write].start;
  }

  // Values that were certainly there before the read, and certainly newer than what it returned.
  std::uint32_t lag(std::size_t read) const { return static_cast<std::uint32_t>(overwriting(read).size()); }

  Nanos age(std::size_t read) const {
    Nanos oldest = operations_[read].start;
    for (const Value newer : overwriting(read)) oldest = std::min(oldest, there(newer));
    return operations_[read].start - oldest;
  }

  // A newer value was there by its write, or by a read of it.
  bool stale(std::size_t read) const { return overwritten_by(read, OperationKind::write); }
  bool inverted(std::size_t read) const { return overwritten_by(read, OperationKind::read); }

  std::vector<std::tuple<Value, Nanos, Nanos>> windows() const {
    std::vector<std::tuple<Value, Nanos, Nanos>> all;
    for (const Value value_read : values_) {
      Nanos from = never;
      Nanos to = -1;
      for (std::size_t i = 0; i < operations_.size(); ++i) {
        if (!is_read(i) || value(i) != value_read || faulty(i) || lag(i) == 0) continue;
        from = std::min(from, operations_[i].start - age(i));
        to = std::max(to, operations_[i].start);
      }
      if (to >= 0) all.emplace_back(value_read, from, to);
    }
    return all;
  }

  // Whether what one client did first (in program order) must not be newer than what it did then.
  bool session_holds(OperationKind first, OperationKind then, bool seen) const {
    std::set<std::pair<Value, Value>> asked = client_steps(first, then);
    std::set<std::pair<Value, Value>> all = asked;
    if (seen) {
      all.merge(client_steps(OperationKind::read, OperationKind::read));
      for (const Value v : values_) {
        if (v != history_.initial) all.emplace(history_.initial, v);
      }
    } else {
      for (const Value u : values_) {
        for (const Value v : values_) {
          if (u != v && certainly_newer(v, u)) all.emplace(u, v);
        }
      }
    }
    close(all);
    return std::none_of(asked.begin(), asked.end(),
                        [&](const auto& step) { return all.contains(std::pair(step.second, step.first)); });
  }

  bool is_read(std::size_t i) const {
    const Operation& one = operations_[i];
    if (one.kind != OperationKind::read || one.outcome != Outcome::ok) return false;
    return one.value != History::nothing || history_.nil_reads != NilRead::wildcard;
  }

 private:
  bool is_write(std::size_t i) const {
    return operations_[i].kind == OperationKind::write && operations_[i].outcome != Outcome::fail;
  }

  Value value(std::size_t i) const {
    const Operation& one = operations_[i];
    const bool nil = one.kind == OperationKind::read && one.value == History::nothing;
    return nil && history_.nil_reads == NilRead::initial ? history_.initial : one.value;
  }

  std::size_t write_of(Value wanted) const {
    std::size_t i = 0;
    while (i < operations_.size() && !(is_write(i) && operations_[i].value == wanted)) ++i;
    return i;
  }

  // The first instant at which the value is certainly there.
  Nanos there(Value wanted) const {
    if (wanted == history_.initial) return std::numeric_limits<Nanos>::min();
    Nanos first = never;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const bool shows = is_write(i) ? operations_[i].outcome == Outcome::ok : is_read(i) && !faulty(i);
      if (shows && value(i) == wanted) first = std::min(first, operations_[i].end);
    }
    return first;
  }

  bool certainly_newer(Value newer, Value older) const {
    const std::size_t write = write_of(newer);
    if (write == operations_.size() || there(newer) == never) return false;
    return newer != history_.initial && there(older) < operations_[write].start;
  }

  std::vector<Value> overwriting(std::size_t read) const {
    std::vector<Value> newer;
    for (const Value v : values_) {
      if (certainly_newer(v, value(read)) && there(v) < operations_[read].start) newer.push_back(v);
    }
    return newer;
  }

  bool overwritten_by(std::size_t read, OperationKind kind) const {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (operations_[i].kind != kind || operations_[i].outcome != Outcome::ok) continue;
      if (kind == OperationKind::read && (!is_read(i) || faulty(i))) continue;
      if (certainly_newer(value(i), value(read)) && operations_[i].end < operations_[read].start) return true;
    }
    return false;
  }

  std::set<std::pair<Value, Value>> client_steps(OperationKind first, OperationKind then) const {
    std::set<std::pair<Value, Value>> steps;
    const auto counts = [this](std::size_t i) { return is_write(i) || (is_read(i) && !faulty(i)); };
    for (std::size_t b = 0; b < operations_.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        if (operations_[a].kind != first || operations_[b].kind != then || !counts(a) || !counts(b)) continue;
        if (operations_[a].client != operations_[b].client || operations_[a].outcome != Outcome::ok) continue;
        if (value(a) != value(b)) steps.emplace(value(a), value(b));
      }
    }
    return steps;
  }

  void close(std::set<std::pair<Value, Value>>& before) const {
    for (const Value middle : values_) {
      for (const Value u : values_) {
        for (const Value v : values_) {
          if (before.contains({u, middle}) && before.contains({middle, v})) before.emplace(u, v);
        }
      }
    }
  }

  const History& history_;
  const std::vector<Operation>& operations_;
  std::set<Value> values_;
};

}  // namespace cacherace::verify::testing
