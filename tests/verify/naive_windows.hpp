// State windows, their causes and stuck keys written down from their sentences: the state after each event is
// looked up from scratch, and so is everything that a cause asks for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "verify/execution.hpp"
#include "verify/verdict.hpp"

namespace cacherace::verify::testing {

class NaiveWindows {
 public:
  explicit NaiveWindows(const Execution& execution) : execution_(execution) {}

  std::vector<Window> windows() {
    std::vector<Window> all;
    for (key_ = 0; key_ < execution_.keys; ++key_) {
      take_events();
      for (std::size_t from = 0; from < events_.size(); ++from) {
        if (wrong_after(from) && !wrong_when_reached(from)) add_window(from, all);
      }
    }
    return all;
  }

  std::vector<StuckKey> stuck() {
    std::vector<StuckKey> all;
    for (key_ = 0; key_ < execution_.keys; ++key_) {
      take_events();
      const Entry entry = entry_after(events_.size());
      if (!entry.present || entry.expires <= execution_.quiescence) continue;
      const Value newest = newest_after(events_.size());
      if (entry.value != newest) all.push_back({key_, entry.value, newest, entry.expires});
    }
    return all;
  }

 private:
  struct Entry {
    bool present;
    Value value;
    Nanos expires;
  };
  static constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max();

  void take_events() {
    events_.clear();
    for (const Event& event : execution_.events) {
      const bool crash = event.kind == EventKind::crash;
      if ((crash ? execution_.operations[event.operation].key : event.key) == key_) events_.push_back(event);
    }
  }

  // What was stored last by the first `count` events, expired or not.
  Entry entry_after(std::size_t count) const {
    for (std::size_t i = count; i-- > 0;) {
      if (events_[i].kind == EventKind::cache_set) return {true, events_[i].value, events_[i].expires};
      if (events_[i].kind == EventKind::cache_del) return {false, 0, never};
    }
    const auto& expiries = execution_.initial_expiries;
    const Nanos expiry = expiries.empty() ? execution_.initial_expiry : expiries[key_];
    return {execution_.initially_cached, initial_value, expiry};
  }

  Value newest_after(std::size_t count) const {
    for (std::size_t i = count; i-- > 0;) {
      if (events_[i].kind == EventKind::commit) return events_[i].value;
      if (events_[i].kind == EventKind::rolled_back) return events_[i].value;
    }
    return initial_value;
  }

  bool wrong(std::size_t count, Nanos now) const {
    const Entry entry = entry_after(count);
    return entry.present && entry.expires > now && entry.value != newest_after(count);
  }
  bool wrong_after(std::size_t i) const { return wrong(i + 1, events_[i].at); }
  bool wrong_when_reached(std::size_t i) const { return wrong(i, events_[i].at); }

  void add_window(std::size_t from, std::vector<Window>& all) const {
    Window window;
    window.key = key_;
    window.from = events_[from].at;
    std::size_t after = from + 1;  // one past the last event in the window
    for (;; ++after) {
      const Nanos expires = entry_after(after).expires;
      const Nanos next = after < events_.size() ? events_[after].at : execution_.quiescence;
      if (expires <= next) {
        window.to = expires;
        break;
      }
      if (after == events_.size()) {
        window.to = next;
        window.open = true;
        break;
      }
      if (!wrong_after(after)) {
        window.to = next;
        break;
      }
    }
    if (window.to == window.from) return;
    for (std::size_t i = from; i < after; ++i) window.visible = window.visible || seen_by_read(events_[i]);
    window.cause = cause(from, window.to);
    all.push_back(window);
  }

  bool seen_by_read(const Event& event) const {
    if (event.kind != EventKind::cache_hit) return false;
    const Operation& read = execution_.operations[event.operation];
    return read.kind == OperationKind::read && read.outcome == Outcome::ok && read.value == event.value;
  }

  // As seen from an event: what a failover loses later still has one.
  std::int64_t rank(Value value, std::size_t seen_from) const {
    if (value == initial_value) return 0;
    const auto commit = commit_of(value);
    if (!commit || lost_at(*commit).value_or(seen_from) < seen_from) return infinity;
    return static_cast<std::int64_t>(*commit) + 1;
  }

  // The failover that lost the commit: one that goes back to something before it.
  std::optional<std::size_t> lost_at(std::size_t commit) const {
    for (std::size_t i = commit + 1; i < events_.size(); ++i) {
      if (events_[i].kind != EventKind::rolled_back) continue;
      const Value left = events_[i].value;
      if (left == initial_value || commit_of(left).value() < commit) return i;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> commit_of(Value value) const {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].kind == EventKind::commit && events_[i].value == value) return i;
    }
    return std::nullopt;
  }

  bool committed_at(Value value, std::size_t i) const {
    return value == initial_value || commit_of(value).value_or(i) < i;
  }

  Cause cause(std::size_t opened, Nanos to) const {
    const Event& event = events_[opened];
    if (event.kind == EventKind::commit) return fate(event.value, opened, to);
    if (event.kind == EventKind::rolled_back) return Cause::lost_by_failover;
    if (const auto commit = commit_of(event.value); commit && lost_at(*commit).value_or(opened) < opened) {
      return Cause::lost_by_failover;
    }
    if (!committed_at(event.value, opened)) return Cause::write_ahead;
    if (event.origin == Origin::fill || rank(event.for_write, opened) > rank(event.value, opened)) {
      return event.source_outdated ? Cause::replica_lag : Cause::late_fill;
    }
    for (std::size_t i = 0; i < opened; ++i) {
      const Event& earlier = events_[i];
      const bool took_effect = earlier.kind == EventKind::cache_set || earlier.kind == EventKind::cache_del;
      if (took_effect && earlier.origin != Origin::fill && rank(earlier.for_write, opened) != infinity &&
          rank(earlier.for_write, opened) > rank(event.value, opened)) {
        return Cause::reordered;
      }
    }
    return fate(newest_after(opened), opened, to);
  }

  bool is_own_command(std::size_t i, Value write) const {
    const Event& event = events_[i];
    return event.origin != Origin::fill && event.for_write == write &&
           (event.kind == EventKind::cache_set || event.kind == EventKind::cache_del ||
            event.kind == EventKind::command_failed);
  }

  Cause fate(Value write, std::size_t opened, Nanos to) const {
    const std::size_t commit = commit_of(write).value();
    for (const std::size_t after : {opened, commit}) {
      for (std::size_t i = after + 1; i < events_.size(); ++i) {
        if (i == opened || !is_own_command(i, write)) continue;
        if (events_[i].kind != EventKind::command_failed) return Cause::in_flight;
        return events_[i].at <= to ? Cause::failed_command : Cause::in_flight;
      }
    }
    for (const Event& event : events_) {
      if (event.kind != EventKind::crash) continue;
      const Operation& crashed = execution_.operations[event.operation];
      if (crashed.kind == OperationKind::write && crashed.value == write) {
        return event.at <= to ? Cause::crash : Cause::in_flight;
      }
    }
    for (const Event& event : events_) {
      if (event.kind != EventKind::message_lost || event.value != write) continue;
      return event.at <= to ? Cause::lost_message : Cause::in_flight;
    }
    return fate_before(write, commit);
  }

  Cause fate_before(Value write, std::size_t commit) const {
    std::size_t i = commit;
    while (i > 0 && !is_own_command(i - 1, write)) --i;
    if (i == 0) return Cause::no_invalidation;
    if (events_[i - 1].kind == EventKind::command_failed) return Cause::failed_command;
    while (i > 0 && !(is_own_command(i - 1, write) && events_[i - 1].kind == EventKind::cache_set &&
                      events_[i - 1].value == write)) {
      --i;
    }
    if (i == 0) return Cause::no_invalidation;
    for (std::size_t next = i; next < events_.size(); ++next) {
      if (!entry_after(next).present || entry_after(next).expires <= events_[next].at) break;
      if (events_[next].kind == EventKind::cache_del) break;
      if (events_[next].kind != EventKind::cache_set) continue;
      const bool by_another = events_[next].origin != Origin::fill && events_[next].for_write != write;
      return by_another ? Cause::reordered : Cause::no_invalidation;
    }
    return Cause::no_invalidation;
  }

  const Execution& execution_;
  KeyIndex key_ = 0;
  std::vector<Event> events_;
};

}  // namespace cacherace::verify::testing
