// A short explanation of why a key is not linearizable.
//
// RegisterCheck names a conflict of at most six operations: two values, each with its write, what returned
// first and what was invoked last. (Only a ring of three or more clients whose operations meet at one instant
// can need more: up to three operations a value.) Then whatever is not needed is left out, one at a time.
// "Needed" is over sets of operations that keep the write of every value read, because without it a read
// would be wrong for a reason that the history does not hold. Leaving out keeps a linearizable set
// linearizable, so one pass is enough: reads first, then writes that nobody reads any more.
//
// A read of a value that nobody wrote is a witness on its own.
#include "verify/witness.hpp"

#include <algorithm>

namespace cacherace::verify {

void WitnessFinder::reduce(OperationsView whole, std::vector<OperationIndex>& kept) {
  view_ = whole;
  view_.until = never;
  leave_out(kept, OperationKind::read);
  leave_out(kept, OperationKind::write);
}

void WitnessFinder::leave_out(std::vector<OperationIndex>& kept, OperationKind kind) {
  for (std::size_t i = kept.size(); i-- > 0;) {
    if (view_.operations[kept[i]].kind != kind || is_read_in(kept, kept[i])) continue;
    std::vector<OperationIndex> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!linearizable(fewer)) kept.swap(fewer);
  }
}

bool WitnessFinder::linearizable(const std::vector<OperationIndex>& kept) {
  view_.operation_indices = kept;
  chains_.build(view_);
  return check_.linearizable(view_, chains_);
}

bool WitnessFinder::is_read_in(const std::vector<OperationIndex>& kept, OperationIndex write) {
  view_.operation_indices = kept;
  const Operation& wanted = view_.operations[write];
  if (wanted.kind != OperationKind::write) return false;
  for (Position i = 0; i < view_.operation_count(); ++i) {
    if (view_.tells(i) && view_.read_value(i) == wanted.value) return true;
  }
  return false;
}

std::vector<OperationIndex> minimal_witness(const Execution& execution, KeyIndex key) {
  std::vector<OperationIndex> all;
  for (std::size_t i = 0; i < execution.operations.size(); ++i) {
    if (execution.operations[i].key == key) all.push_back(static_cast<OperationIndex>(i));
  }
  const KeyView view(execution, key, all, {});
  ClientChains chains;
  RegisterCheck check;
  chains.build(view);
  if (check.linearizable(view, chains)) return {};
  std::vector<Position> positions;
  check.conflict(view, positions);
  std::vector<OperationIndex> kept;
  kept.reserve(positions.size());
  for (const Position position : positions) kept.push_back(all[position]);
  WitnessFinder().reduce(view, kept);
  return kept;
}

}  // namespace cacherace::verify
