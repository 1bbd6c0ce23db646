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
#include <algorithm>
#include <vector>

#include "verify/client_chains.hpp"
#include "verify/judge.hpp"
#include "verify/register.hpp"

namespace cacherace::verify {
namespace {

class Reducer {
 public:
  Reducer(const Execution& execution, KeyIndex key) : execution_(execution), key_(key) {}

  // Shrinks `kept` to the conflict in it; false where there is none.
  bool take_conflict(std::vector<OperationIndex>& kept) {
    if (linearizable(kept)) return false;
    std::vector<Position> positions;
    check_.conflict(view(kept), positions);
    std::vector<OperationIndex> conflict;
    conflict.reserve(positions.size());
    for (const Position position : positions) conflict.push_back(kept[position]);
    kept.swap(conflict);
    return true;
  }

  void leave_out(std::vector<OperationIndex>& kept, OperationKind kind) {
    for (std::size_t i = kept.size(); i-- > 0;) {
      if (operation(kept[i]).kind != kind || is_read_in(kept, kept[i])) continue;
      std::vector<OperationIndex> fewer = kept;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!linearizable(fewer)) kept.swap(fewer);
    }
  }

 private:
  const Operation& operation(OperationIndex index) const { return execution_.operations[index]; }
  KeyView view(const std::vector<OperationIndex>& kept) const { return {&execution_, key_, kept, {}}; }

  bool linearizable(const std::vector<OperationIndex>& kept) {
    chains_.build(view(kept));
    return check_.linearizable(view(kept), chains_);
  }

  bool is_read_in(const std::vector<OperationIndex>& kept, OperationIndex write) const {
    return operation(write).kind == OperationKind::write &&
           std::any_of(kept.begin(), kept.end(), [&](OperationIndex other) {
             return is_ok_read(operation(other)) && operation(other).value == operation(write).value;
           });
  }

  const Execution& execution_;
  KeyIndex key_;
  ClientChains chains_;
  RegisterCheck check_;
};

}  // namespace

std::vector<OperationIndex> minimal_witness(const Execution& execution, KeyIndex key) {
  std::vector<OperationIndex> kept;
  for (std::size_t i = 0; i < execution.operations.size(); ++i) {
    if (execution.operations[i].key == key) kept.push_back(static_cast<OperationIndex>(i));
  }
  Reducer reducer(execution, key);
  if (!reducer.take_conflict(kept)) return {};
  reducer.leave_out(kept, OperationKind::read);
  reducer.leave_out(kept, OperationKind::write);
  return kept;
}

}  // namespace cacherace::verify
