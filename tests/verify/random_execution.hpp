// Random well-formed executions over few instants, so that returns, invocations, commits and expiries often
// meet.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify::testing {

struct Shape {
  std::uint32_t clients = 3;
  std::uint32_t keys = 1;
  std::size_t operations = 7;
  std::uint32_t longest = 4;  // ns of an operation
  std::uint32_t pause = 2;    // ns between operations
  std::size_t cache_events = 0;
  bool failovers = false;  // of the database
};

class RandomExecution {
 public:
  explicit RandomExecution(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }

  Execution draw(const Shape& shape) {
    Execution execution;
    execution.keys = shape.keys;
    draw_operations(shape, execution);
    draw_values(execution);
    draw_events(shape, execution);
    return execution;
  }

 private:
  // Each client's operations follow each other; one that never returns lets the next start whenever it likes.
  void draw_operations(const Shape& shape, Execution& execution) {
    std::vector<std::vector<Operation>> lines(shape.clients);
    std::vector<Nanos> clock(shape.clients, 0);
    for (std::size_t i = 0; i < shape.operations; ++i) {
      Operation operation;
      operation.client = below(shape.clients);
      operation.key = below(shape.keys);
      operation.kind = chance(45) ? OperationKind::write : OperationKind::read;
      operation.start = clock[operation.client] + below(shape.pause + 1);
      operation.outcome = chance(80) ? Outcome::ok : chance(50) ? Outcome::fail : Outcome::unknown;
      const Nanos end = operation.start + below(shape.longest + 1);
      // What an operation that is not ok says of its return must not matter.
      operation.end = operation.outcome == Outcome::unknown && chance(80) ? never : end;
      clock[operation.client] = chance(50) ? end : end + below(shape.pause + 1);
      lines[operation.client].push_back(operation);
    }
    merge(lines, execution.operations);
  }

  // By invocation; a random client first at equal instants.
  void merge(const std::vector<std::vector<Operation>>& lines, std::vector<Operation>& merged) {
    std::vector<std::size_t> next(lines.size(), 0);
    while (true) {
      std::vector<std::size_t> heads;
      for (std::size_t c = 0; c < lines.size(); ++c) {
        if (next[c] == lines[c].size()) continue;
        const Nanos start = lines[c][next[c]].start;
        if (!heads.empty()) {
          const std::size_t other = heads.front();
          if (start > lines[other][next[other]].start) continue;
          if (start < lines[other][next[other]].start) heads.clear();
        }
        heads.push_back(c);
      }
      if (heads.empty()) return;
      const std::size_t client = heads[below(static_cast<std::uint32_t>(heads.size()))];
      merged.push_back(lines[client][next[client]++]);
    }
  }

  void draw_values(Execution& execution) {
    writes_ = 0;
    for (Operation& operation : execution.operations) {
      if (operation.kind == OperationKind::write) operation.value = ++writes_;
    }
    for (Operation& read : execution.operations) {
      if (read.kind == OperationKind::read) read.value = draw_read(execution, read);
    }
  }

  // Mostly something plausible: a write of the key that was invoked before the read returned.
  Value draw_read(const Execution& execution, const Operation& read) {
    if (chance(3)) return below(writes_ + 2);
    std::vector<Value> plausible;
    if (chance(40)) plausible.push_back(initial_value);
    for (const Operation& write : execution.operations) {
      if (write.kind == OperationKind::read || write.key != read.key || write.start > read.end) continue;
      if (write.outcome == Outcome::fail && !chance(10)) continue;
      plausible.push_back(write.value);
      if (write.end >= read.start || chance(40)) plausible.push_back(write.value);
    }
    if (plausible.empty()) return initial_value;
    return plausible[below(static_cast<std::uint32_t>(plausible.size()))];
  }

  void draw_events(const Shape& shape, Execution& execution) {
    Nanos last = 0;
    for (std::size_t i = 0; i < execution.operations.size(); ++i) {
      const Operation& operation = execution.operations[i];
      const Nanos end = operation.end == never ? operation.start + below(8) : operation.end;
      last = std::max(last, end);
      if (operation.kind == OperationKind::write) draw_commit(operation, end, execution);
    }
    for (std::size_t i = 0; i < shape.cache_events; ++i) draw_cache_event(last, execution);
    order(execution.events);
    if (shape.failovers && chance(60)) fail_over(last, execution);
    execution.initially_cached = chance(50);
    if (chance(30)) execution.initial_expiry = 1 + below(10);
    for (const Event& event : execution.events) last = std::max(last, event.at);
    execution.quiescence = last + below(4);
  }

  // The database goes back to one of the versions that a key had before, at some instant.
  void fail_over(Nanos last, Execution& execution) {
    Event failover;
    failover.kind = EventKind::rolled_back;
    failover.at = below(static_cast<std::uint32_t>(last) + 2);
    failover.key = below(execution.keys);
    const auto place = std::upper_bound(execution.events.begin(), execution.events.end(), failover.at,
                                        [](Nanos at, const Event& event) { return at < event.at; });
    std::vector<Value> had = {initial_value};
    for (auto event = execution.events.begin(); event != place; ++event) {
      if (event->kind == EventKind::commit && event->key == failover.key) had.push_back(event->value);
    }
    failover.value = had[below(static_cast<std::uint32_t>(had.size()))];
    execution.events.insert(place, failover);
  }

  void draw_commit(const Operation& write, Nanos end, Execution& execution) {
    if (write.outcome == Outcome::fail || chance(write.outcome == Outcome::ok ? 4 : 40)) return;
    Event commit;
    commit.kind = EventKind::commit;
    commit.key = write.key;
    commit.value = write.value;
    commit.at = write.start + below(static_cast<std::uint32_t>(end - write.start) + 1);
    execution.events.push_back(commit);
  }

  void draw_cache_event(Nanos last, Execution& execution) {
    constexpr EventKind kinds[] = {EventKind::cache_set,      EventKind::cache_set, EventKind::cache_set,
                                   EventKind::cache_del,      EventKind::cache_hit, EventKind::cache_hit,
                                   EventKind::command_failed, EventKind::crash,     EventKind::message_lost};
    Event event;
    event.kind = kinds[below(9)];
    event.at = below(static_cast<std::uint32_t>(last) + 3);
    event.operation = below(static_cast<std::uint32_t>(execution.operations.size()));
    const Operation& operation = execution.operations[event.operation];
    const Operation& other =
        execution.operations[below(static_cast<std::uint32_t>(execution.operations.size()))];
    event.key = other.key;
    event.value = chance(10) ? initial_value : other.value;
    if (event.kind == EventKind::cache_hit) {
      event.key = operation.key;
      if (chance(80)) event.value = operation.value;
    }
    if (event.kind == EventKind::crash) event.key = 0;  // says nothing: the operation names the key
    event.origin = chance(35) ? Origin::fill : chance(70) ? Origin::write : Origin::consumer;
    event.for_write = chance(85) ? event.value : below(writes_ + 1);
    event.source_outdated = event.origin == Origin::fill && chance(40);
    if (chance(40)) event.expires = event.at + 1 + below(6);
    execution.events.push_back(event);
  }

  // By instant, in random order where they share one.
  void order(std::vector<Event>& events) {
    for (std::size_t i = events.size(); i > 1; --i) {
      std::swap(events[i - 1], events[below(static_cast<std::uint32_t>(i))]);
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.at < b.at; });
  }

  std::mt19937 random_;
  Value writes_ = 0;
};

}  // namespace cacherace::verify::testing
