// Program order on one key: for each operation the latest earlier ok operation of the same client.
//
// A client's operations are in program order also where one returns at the very instant at which the next is
// invoked; such a pair is called a seam. Time alone does not order it, because "returned before invoked" is
// strict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/census.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

class ClientChains {
 public:
  explicit ClientChains(std::size_t small = small_size) : small_(small) {}

  // O(n), or O(n log n) where clients have great numbers. A client's operations must not overlap (one that is
  // not ok has no return and orders nothing).
  void build(const OperationsView& view);

  // The same, but links nothing where no two operations meet; then only any_seam() may be asked.
  void build_if_seams(const OperationsView& view, const Census& census);

  // The latest ok operation on the key by the same client before the one at `at`, or `nowhere`.
  [[nodiscard]] Position previous(Position at) const { return previous_[at]; }
  [[nodiscard]] bool any_seam() const { return any_seam_; }

 private:
  void build_by_pairs(const OperationsView& view);
  void build_by_number(const OperationsView& view, std::size_t clients);
  void build_by_sorting(const OperationsView& view);
  void link(const OperationsView& view, Position at, Position previous);

  std::size_t small_;
  bool any_seam_ = false;
  std::vector<Position> previous_;
  std::vector<Position> last_;            // by client, where their numbers are small …
  std::vector<std::uint64_t> by_client_;  // … else client in the upper half, position in the lower
};

}  // namespace cacherace::verify
