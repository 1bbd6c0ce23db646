#include "verify/faulty_reads.hpp"

#include <algorithm>

namespace cacherace::verify {

void FaultyReads::list(const OperationsView& view) {
  failed_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& operation = view.operation(i);
    const bool failed = operation.kind == OperationKind::write && operation.outcome == Outcome::fail;
    if (failed) failed_.emplace_back(operation.value, i);
  }
  std::sort(failed_.begin(), failed_.end());
}

FaultyRead FaultyReads::of(Value value, Position later) const {
  if (later != nowhere) return {ViolationKind::early_read, later};
  const auto at = std::lower_bound(failed_.begin(), failed_.end(), std::pair(value, Position{0}));
  if (at == failed_.end() || at->first != value) return {};
  return {ViolationKind::dirty_read, at->second};
}

}  // namespace cacherace::verify
