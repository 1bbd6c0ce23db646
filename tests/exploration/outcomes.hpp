// What an execution came to, as the contract counts outcomes; written apart from exploration/ledger.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::exploration {

// What the stores hold of a key in the end.
struct Held {
  bool any = false;
  std::uint32_t cached = 0, newest = 0;
  friend bool operator==(const Held&, const Held&) = default;
};

// Versions by client and place in its program; operations in client order.
inline std::vector<std::int64_t> outcome_of(const verify::Execution& execution,
                                            const std::vector<Held>& keys) {
  std::map<std::uint32_t, std::int64_t> place, name;
  std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<std::int64_t>> results;
  for (const auto& operation : execution.operations) {
    const std::int64_t at = place[operation.client]++;
    if (operation.kind == verify::OperationKind::write)
      name[operation.value] = 100 * operation.client + at + 1;
  }
  place.clear();
  for (const auto& operation : execution.operations) {
    const std::int64_t at = place[operation.client]++;
    const bool value =
        operation.kind == verify::OperationKind::read && operation.outcome == verify::Outcome::ok;
    results[{operation.client, at}] = {operation.key, static_cast<std::int64_t>(operation.outcome),
                                       value ? name[operation.value] : -1};
  }
  std::vector<std::int64_t> outcome;
  for (const Held& held : keys) {
    outcome.push_back(held.any ? name[held.cached] : -1);
    outcome.push_back(name[held.newest]);
  }
  for (const auto& [operation, result] : results) outcome.insert(outcome.end(), result.begin(), result.end());
  return outcome;
}

}  // namespace cacherace::exploration
