// The part of a register's history that may contradict itself; the rest can be left out of any closer look.
//
// The values fall apart into blocks (blocks.hpp), and no cycle of "before" goes from one block to another. A
// value that is alone in its block contradicts nothing; and taking all operations of a value away makes no
// others right or wrong. So
// these stay what they are in the blocks of more than one value: which prefix is not linearizable first and
// why; t*, certain ages and lags (a newer value that was there before a read of the older one contradicts
// it), windows, Gamma and Delta (likewise), and the cycles of sessions (every step of theirs is "before").
//
// Reads that are wrong by themselves stay, with what was written of their values by then or later or in vain.
// So do the first few values, so that what is few (key_view.hpp) and what is not are judged in the same ways
// as without leaving out.
//
// O(n), given the order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/register.hpp"

namespace cacherace::verify {

// A part of a register's history: its operations, the chains of their clients, and the check that has said no
// to it and may be used for it again.
struct Part {
  OperationsView view;
  ClientChains* chains;
  RegisterCheck* check;
};

class Tangle {
 public:
  explicit Tangle(std::size_t small = small_size) : small_(small) {}

  // `check` has just said that `view` is not linearizable; `seams`: whether operations of one client meet.
  // What is returned is borrowed from here, or is `view` itself where leaving out is not worth it.
  OperationsView cut_out(const OperationsView& view, RegisterCheck& check, bool seams);

 private:
  void mark_blocks(const Zones& zones, const std::vector<ZoneIndex>& by_sum, bool seams);
  void mark_early(const Zones& zones);

  std::size_t small_;
  std::vector<std::uint8_t> tangled_;  // by zone
  std::vector<Nanos> least_;           // of for_each_block()
  std::vector<OperationIndex> kept_;
};

}  // namespace cacherace::verify
