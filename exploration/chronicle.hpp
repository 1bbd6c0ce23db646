// The records of a way, to be looked through: what came last before a place, what first after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/record.hpp"

namespace cacherace::exploration {

using Place = std::size_t;  // among all records
inline constexpr Place nowhere = SIZE_MAX;

inline std::uint32_t value_of(const models::Record& record) {
  return models::number_of(record.row.value);
}

class Chronicle {
 protected:
  using Record = models::Record;
  using Fact = models::Fact;

  [[nodiscard]] Place commit_of(std::uint32_t value) const {
    if (value == 0) return nowhere;
    return first_after(nowhere, records_.size(), [&](const Record& record) {
      return record.fact == Fact::committed && value_of(record) == value;
    });
  }

  // Whether a failover of MySQL took its commit back before `end`.
  [[nodiscard]] bool is_lost(std::uint32_t value, Place end) const {
    const Place commit = commit_of(value);
    if (commit == nowhere) return false;
    return first_after(commit, end, [&](const Record& record) {
             return record.fact == Fact::rolled_back && record.key == records_[commit].key &&
                    record.row.version < records_[commit].row.version;
           }) != nowhere;
  }

  template <class Predicate>
  [[nodiscard]] Place last_before(Place end, const Predicate& predicate) const {
    for (Place at = end; at > 0; --at) {
      if (predicate(records_[at - 1])) return at - 1;
    }
    return nowhere;
  }

  // `nowhere`: from the first record on.
  template <class Predicate>
  [[nodiscard]] Place first_after(Place after, Place end, const Predicate& predicate) const {
    for (Place at = after == nowhere ? 0 : after + 1; at < end; ++at) {
      if (predicate(records_[at])) return at;
    }
    return nowhere;
  }

  [[nodiscard]] Place place_of(const Record& record) const {
    return static_cast<Place>(&record - records_.data());
  }

  std::vector<Record> records_;  // of the steps, then of what follows them
};

}  // namespace cacherace::exploration
