// What a first pass over the operations of one key counts, so that no other pass need do so.
#pragma once

#include <algorithm>
#include <cstdint>

#include "verify/key_view.hpp"

namespace cacherace::verify {

struct Census {
  std::uint64_t reads = 0;  // those that tell
  std::uint64_t returned_writes = 0;
  ClientIndex greatest_client = 0;        // the greatest number of a client
  bool has_reads_and_writes_only = true;  // but for what is as if it had not happened
};

// `view` must have no limit of returns.
[[nodiscard]] inline Census take_census(const OperationsView& view) {
  Census census;
  bool other = false;
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& one = view.operation(i);
    census.reads += static_cast<std::uint64_t>(view.tells_at_all(one));
    census.returned_writes += static_cast<std::uint64_t>(is_ok_write(one));
    census.greatest_client = std::max(census.greatest_client, one.client);
    if (one.kind == OperationKind::cas || one.kind == OperationKind::append) {
      other = other || one.outcome != Outcome::fail || view.certain(i);
    }
  }
  census.has_reads_and_writes_only = !other;
  return census;
}

}  // namespace cacherace::verify
