// What must hold of any bytes that are read as a history: a fault with its place, or operations that keep
// what verify/history.hpp promises and that can be judged.
#pragma once

#include <string_view>

#include "verify/check.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::verify::formats {

// Empty where it holds.
inline std::string_view broken_promise(const History& history) {
  if (!history.clock.empty() && history.clock.size() != history.operations.size()) return "clock";
  const auto is_value = [&history](Value value) {
    return value < History::first_text || value == History::nothing ||
           value - History::first_text < history.texts.size();
  };
  if (!is_value(history.initial)) return "initial";
  Nanos last_start = 0;
  for (const Operation& operation : history.operations) {
    if (operation.start < last_start) return "order";
    if (operation.end < operation.start) return "end before start";
    if (operation.outcome == Outcome::ok && operation.end == never) return "ok without an end";
    if (operation.outcome == Outcome::unknown && operation.end != never) return "unknown with an end";
    if (operation.key >= history.keys.size()) return "key";
    if (operation.client >= history.clients.size()) return "client";
    if (!is_value(operation.value) || !is_value(operation.from)) return "value";
    last_start = operation.start;
  }
  return "";
}

inline std::string_view broken_promise(std::string_view text, const ReadOptions& options) {
  const Reading reading = read_histories_of(text, options);
  for (const auto& fault : reading.faults.first()) {
    if (fault.line == 0 || fault.column == 0 || fault.message.empty()) return "a fault without its place";
  }
  if (!reading.sound()) return "";
  for (const auto& history : reading.histories) {
    if (const auto broken = broken_promise(history); !broken.empty()) return broken;
    constexpr std::size_t small = 200;
    if (history.operations.size() > small) continue;
    CheckOptions limits;
    limits.steps_max = 10'000;
    limits.memory_bytes_max = std::size_t{1} << 24U;
    const auto verdict = Checker().check(history, limits);
    if (verdict.operations != history.operations.size()) return "operations";
  }
  return "";
}

}  // namespace cacherace::verify::formats
