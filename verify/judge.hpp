// Judges one execution after another, in buffers that are kept: no allocation once they have grown.
#pragma once

#include <cstddef>
#include <vector>

#include "verify/client_chains.hpp"
#include "verify/commit_order.hpp"
#include "verify/key_groups.hpp"
#include "verify/register.hpp"
#include "verify/staleness.hpp"
#include "verify/verdict.hpp"
#include "verify/windows.hpp"

namespace cacherace::verify {

class Judge {
 public:
  // Keys with up to `small` operations or events are judged by comparing every pair, others by sorting and
  // indexing. The verdict is the same; tests pass 0.
  explicit Judge(std::size_t small = small_size)
      : chains_(small), register_(small), commits_(small), staleness_(small), windows_(small) {}

  // The verdict of `execution`; valid until the next call. O(n log n) in operations plus events.
  const Verdict& judge(const Execution& execution);
  // Only what the cache was: windows, and what stays wrong; of the reads nothing is known.
  const Verdict& judge_cache(const Execution& execution);

 private:
  void begin(const Execution& execution);
  void judge_key(const KeyView& view);

  Verdict verdict_;
  KeyGroups groups_;
  ClientChains chains_;
  RegisterCheck register_;
  CommitOrder commits_;
  Staleness staleness_;
  Windows windows_;
};

}  // namespace cacherace::verify
