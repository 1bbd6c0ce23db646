// The fewest operations that contradict each other.
#pragma once

#include <vector>

#include "verify/client_chains.hpp"
#include "verify/register.hpp"

namespace cacherace::verify {

class WitnessFinder {
 public:
  // Leaves out of `kept` (indices, ascending: a conflict that RegisterCheck named) what is not needed.
  void reduce(OperationsView whole, std::vector<OperationIndex>& kept);

 private:
  void leave_out(std::vector<OperationIndex>& kept, OperationKind kind);
  bool linearizable(const std::vector<OperationIndex>& kept);
  bool is_read_in(const std::vector<OperationIndex>& kept, OperationIndex write);

  OperationsView view_;
  ClientChains chains_;
  RegisterCheck check_;
};

// The operations (indices, at most 6, ascending) that contradict each other on `key`: not linearizable alone,
// and none can be left out. Empty where the key is linearizable. More than 6 only where the operations of
// three or more clients meet at one instant and contradict each other in a ring; see witness.cpp.
std::vector<OperationIndex> minimal_witness(const Execution& execution, KeyIndex key);

}  // namespace cacherace::verify
