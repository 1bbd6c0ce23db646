// Why a read that returned what nobody had written is wrong.
#pragma once

#include <utility>
#include <vector>

#include "verify/check.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

// `write`: of that value, later or failed; `nowhere` where there is none.
struct FaultyRead {
  ViolationKind kind = ViolationKind::unwritten;
  Position write = nowhere;
};

class FaultyReads {
 public:
  // Collects the failed writes. O(n log n) in them.
  void list(const OperationsView& view);

  // `later`: the write of `value` that was invoked after the read had returned, or `nowhere`.
  [[nodiscard]] FaultyRead of(Value value, Position later) const;

 private:
  std::vector<std::pair<Value, Position>> failed_;
};

}  // namespace cacherace::verify
