// The commit order of one key: which version is older and which is newer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

// A version's place in the commit order of its key, 1, 2, 3 …; 0 is the initial value.
using Rank = std::uint32_t;
// Of a version that never commits; above every rank, as it counts as newer than every committed version.
inline constexpr Rank uncommitted = std::numeric_limits<Rank>::max();

class CommitOrder {
 public:
  explicit CommitOrder(std::size_t small = small_size) : small_(small) {}

  // From the commit events of the view, each version at most once, without those that a failover lost.
  // O(n log n); O(n) where values ascend.
  void build(const KeyView& view);

  [[nodiscard]] Rank newest() const { return static_cast<Rank>(commits_.size()); }
  [[nodiscard]] Rank rank_of(Value value) const;
  // Where a version stands among all that commit, as seen from the view's event `at`, for comparisons alone:
  // one that a failover loses has a place until then. Linear in what was lost.
  [[nodiscard]] Rank standing(Value value, Position at) const;
  // When a version committed, lost since or not; `never` where it does not.
  [[nodiscard]] Nanos committed_at(Value value) const;
  // Whether it has committed before the view's event `at`, lost since or not.
  [[nodiscard]] bool committed_by(Value value, Position at) const;

  // The place of the commit's event among the view's; `nowhere` of the initial value. For ranks up to
  // newest().
  [[nodiscard]] Position place(Rank rank) const { return rank == 0 ? nowhere : commits_[rank - 1].place; }
  // The commit's instant; the initial value has committed before everything. For ranks up to newest().
  [[nodiscard]] Nanos instant(Rank rank) const {
    return rank == 0 ? std::numeric_limits<Nanos>::min() : commits_[rank - 1].at;
  }
  // How many versions committed before `at`, strictly. O(log n).
  [[nodiscard]] Rank committed_before(Nanos at) const;

 private:
  struct Commit {
    Value value;
    Nanos at;
    Position place;
  };
  struct Lost {
    Value value;
    Nanos at;
    Position commit, failover;
  };
  struct Entry {
    Value value;
    Rank rank;
  };

  std::size_t small_;
  [[nodiscard]] const Lost* lost(Value value) const;
  void roll_back(const KeyView& view, Position failover);

  std::vector<Commit> commits_;
  std::vector<Lost> lost_;
  std::vector<Entry> by_value_;  // only above small_
};

}  // namespace cacherace::verify
