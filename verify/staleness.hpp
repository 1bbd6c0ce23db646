// What each read of one key returned, held against the key's commit order and against what its client and
// others had seen before. Definitions, where "before" is: returned before invoked (strictly), or earlier in
// the same client's program order, also at a shared instant:
//
// - dirty: the version did not commit at or before the read's return. Such a read has no other finding.
// - stale: a version with a greater rank was written by an ok write before the read. Age: the read's
//   invocation minus the return of the *oldest* such write in commit order (which need not be the first to
//   return).
// - outdated: the next version in commit order committed strictly before the invocation. Age: from that
//   commit. Lag: how many did.
// - inversion: an ok read of the key before this one returned a version with a greater rank. A version that
//   never commits is greater than all; one that commits later has its final rank.
// - breaks read-your-writes: the same client's ok write before the read has a greater rank.
// - breaks monotonic reads: the same client's ok read before it, not dirty, returned a greater rank.
//
// A version that a failover of the database lost is no dirty read where it had committed before; without a
// rank in the survivor's order it counts as newer than all, so later reads of older ones are inversions.
//
// An ok write without a commit event is lost. It has no rank, so no read is stale or breaks read-your-writes
// by it.
//
// O(n log n): ranks of returned writes in a tree of minima, returned reads as running maxima by return,
// clients as running maxima along their chains. Up to `small` operations: every pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/client_chains.hpp"
#include "verify/commit_order.hpp"
#include "verify/first_below.hpp"
#include "verify/key_view.hpp"
#include "verify/verdict.hpp"

namespace cacherace::verify {

class Staleness {
 public:
  explicit Staleness(std::size_t small = small_size) : small_(small) {}

  // Appends to `verdict`: findings in order of invocation, post-ack windows by time; adds the lost writes.
  void judge(const KeyView& view, const ClientChains& chains, const CommitOrder& commits, Verdict& verdict);

 private:
  // What is before a read: the oldest newer write (rank and return), and the greatest rank of each sort.
  struct Before {
    Rank newer_write = uncommitted;
    Nanos newer_write_end = never;
    Rank any_read = 0;
    Rank own_write = 0;
    Rank own_read = 0;
  };
  // The greatest ranks along a client's chain, up to and including an operation.
  struct Own {
    Rank any_read = 0;
    Rank clean_read = 0;
    Rank write = 0;
  };
  struct Returned {
    Nanos end;
    Rank rank;
  };

  void rank_operations(const KeyView& view, const CommitOrder& commits, Verdict& verdict);
  void judge_read(const KeyView& view, Position at, const Before& before, const CommitOrder& commits,
                  Verdict& verdict);
  Before scan(const KeyView& view, Position at) const;
  void index(const KeyView& view, const ClientChains& chains, const CommitOrder& commits);
  void index_reads(const KeyView& view);
  Before look_up(const KeyView& view, const ClientChains& chains, Position at) const;
  void join_post_ack(KeyIndex key, Verdict& verdict);

  std::size_t small_;
  std::vector<Rank> rank_;           // by position: of what an ok operation wrote or returned
  std::vector<std::uint8_t> dirty_;  // by position: whether it is a dirty read
  std::vector<Own> own_;             // by position, ok operations only
  std::vector<Nanos> write_end_;     // by rank - 1: the return of the ok write, or `never`
  FirstBelow newer_returned_;
  std::vector<Returned> returned_;  // ok reads by return; rank is the greatest so far
  std::vector<PostAckWindow> spans_;
};

}  // namespace cacherace::verify
