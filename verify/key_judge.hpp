// Everything that is found out about one key of a history, in buffers that are kept from key to key.
#pragma once

#include <vector>

#include "verify/check.hpp"
#include "verify/client_chains.hpp"
#include "verify/first_bad.hpp"
#include "verify/register.hpp"
#include "verify/search.hpp"
#include "verify/witness.hpp"

namespace cacherace::verify {

// What is found about one key, to be put together by key.
struct KeyFindings {
  KeyVerdict verdict;
  bool measured = false;
  std::uint64_t reads = 0;
  std::vector<ReadViolation> violations;
  std::vector<CertainlyOld> old_reads;
  std::vector<ValueWindow> windows;
  std::vector<StaleAfter> stale_after;
};

class KeyJudge {
 public:
  explicit KeyJudge(std::size_t small) : chains_(small), register_(small) {}

  KeyFindings judge(const History& history, const OperationsView& view, const CheckOptions& options);

 private:
  void judge_register(const OperationsView& view, bool linearizable, KeyFindings& found);
  void explain(const OperationsView& view, KeyFindings& found);
  void judge_by_search(const History& history, const OperationsView& view, const CheckOptions& options,
                       KeyFindings& found);

  ClientChains chains_;
  RegisterCheck register_;
  FirstBad first_bad_;
  WitnessFinder witness_;
  std::vector<Position> positions_;
};

// How the operations of one key of `history` are to be read; `indices` must outlive the view.
OperationsView view_of(const History& history, KeyIndex key, std::span<const OperationIndex> indices);

}  // namespace cacherace::verify
