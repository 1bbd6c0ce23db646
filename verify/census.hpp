// What a first pass over the operations of one key counts, so that no other pass need do so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

struct Census {
  std::uint64_t reads = 0;  // those that tell
  std::uint64_t writes = 0;
  std::uint64_t returned_writes = 0;
  ClientIndex greatest_client = 0;        // the greatest number of a client
  bool has_reads_and_writes_only = true;  // but for what is as if it had not happened
  // Whether a client began an operation at the very instant at which its certain one before it ended; good
  // only where clients have numbers less than there are operations.
  bool seams = false;
};

// `view` must have no limit of returns. `last_end` is a buffer.
[[nodiscard]] inline Census take_census(const OperationsView& view, std::vector<Nanos>& last_end) {
  Census census;
  bool other = false;
  last_end.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& one = view.operation(i);
    census.reads += static_cast<std::uint64_t>(view.tells_at_all(one));
    census.writes += static_cast<std::uint64_t>(one.kind == OperationKind::write);
    census.returned_writes += static_cast<std::uint64_t>(is_ok_write(one));
    const bool certain = view.certain(i);
    if (one.kind == OperationKind::cas || one.kind == OperationKind::append) {
      other = other || one.outcome != Outcome::fail || certain;
    }
    census.greatest_client = std::max(census.greatest_client, one.client);
    if (one.client >= last_end.size()) {
      if (one.client >= view.operation_count()) continue;
      last_end.resize(one.client + std::size_t{1}, std::numeric_limits<Nanos>::min());
    }
    Nanos& last = last_end[one.client];
    census.seams = census.seams || last == view.start(i);
    if (certain) last = view.end(i);
  }
  census.has_reads_and_writes_only = !other;
  return census;
}

}  // namespace cacherace::verify
