// Everything that is found out about one key of a history, in buffers that are kept from key to key.
#pragma once

#include <vector>

#include "verify/check.hpp"
#include "verify/client_chains.hpp"
#include "verify/first_bad.hpp"
#include "verify/measures.hpp"
#include "verify/register.hpp"
#include "verify/search.hpp"
#include "verify/tangle.hpp"
#include "verify/witness.hpp"

namespace cacherace::verify {

class KeyJudge {
 public:
  explicit KeyJudge(std::size_t small)
      : chains_(small),
        register_(small),
        tangle_(small),
        part_chains_(small),
        part_register_(small),
        measures_(small) {}

  KeyFindings judge(const History& history, const OperationsView& view, const CheckOptions& options);

 private:
  bool judge_register(const OperationsView& view, KeyFindings& found);
  Part tangled_part(const Part& whole);
  void explain(const Part& whole, const Part& part, KeyVerdict& verdict);
  void explain_faulty_read(const OperationsView& view, Position read, KeyVerdict& verdict);
  void judge_by_search(const History& history, const OperationsView& view, const CheckOptions& options,
                       KeyFindings& found);

  std::vector<Nanos> last_end_;  // of take_census()
  ClientChains chains_;
  RegisterCheck register_;
  // Of the operations of a register that may contradict each other.
  Tangle tangle_;
  ClientChains part_chains_;
  RegisterCheck part_register_;
  FirstBad first_bad_;
  WitnessFinder witness_;
  FaultyReads faulty_reads_;
  Measures measures_;
};

// How the operations of one key of `history` are to be read; `indices` must outlive the view.
OperationsView view_of(const History& history, KeyIndex key, std::span<const OperationIndex> indices);

}  // namespace cacherace::verify
