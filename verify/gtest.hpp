// For tests with GoogleTest: EXPECT_LINEARIZABLE(history) fails with the operations that contradict each
// other. An undecided history (see verify/check.hpp) fails, too: it is not known to be linearizable.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "verify/check.hpp"

namespace cacherace::verify {

// "client 2: read k0 -> 3 [5, 9]"; without an end: "[5, …)".
inline std::string operation_text(const History& history, OperationIndex index) {
  constexpr std::string_view kinds[] = {"read ", "write ", "cas ", "append "};
  const Operation& operation = history.operations[index];
  const auto value = [&history](Value v) {
    if (v == History::nothing) return std::string("nothing");
    return v < History::first_text ? std::to_string(v)
                                   : '"' + history.texts.at(v - History::first_text) + '"';
  };
  // Histories that were made by hand may have left out the names.
  const auto name = [](const std::vector<std::string>& names, std::uint32_t number, const char* prefix) {
    return number < names.size() ? names[number] : prefix + std::to_string(number);
  };
  std::string text = "client " + name(history.clients, operation.client, "") + ": ";
  text += kinds[static_cast<std::size_t>(operation.kind)];
  text += name(history.keys, operation.key, "k");
  if (operation.kind == OperationKind::cas) text += " " + value(operation.from);
  const bool not_read = operation.kind == OperationKind::read && operation.outcome != Outcome::ok;
  if (!not_read) {
    text += operation.kind == OperationKind::write ? " = " : " -> ";
    text += value(operation.value);
  }
  if (operation.outcome == Outcome::fail) text += " (failed)";
  if (operation.outcome == Outcome::unknown) text += " (unknown)";
  text += " [" + std::to_string(operation.start) + ", ";
  return text + (operation.end == never ? "…)" : std::to_string(operation.end) + "]");
}

inline ::testing::AssertionResult is_linearizable(const History& history, const CheckOptions& options = {}) {
  const HistoryVerdict verdict = Checker().check(history, options);
  if (verdict.linearizable.value_or(false)) return ::testing::AssertionSuccess();
  auto failure = ::testing::AssertionFailure();
  if (!verdict.linearizable) return failure << "undecided: a limit of CheckOptions came before the answer";
  const KeyVerdict& key = verdict.keys[verdict.worst];
  failure << "not linearizable; these operations contradict each other:";
  for (const OperationIndex operation : key.witness) failure << "\n  " << operation_text(history, operation);
  if (key.witness.empty() && key.first_bad != no_operation) {
    failure << "\n  " << operation_text(history, key.first_bad) << " and those before it";
  }
  return failure;
}

}  // namespace cacherace::verify

#define EXPECT_LINEARIZABLE(history) EXPECT_TRUE(::cacherace::verify::is_linearizable(history))
#define ASSERT_LINEARIZABLE(history) ASSERT_TRUE(::cacherace::verify::is_linearizable(history))
