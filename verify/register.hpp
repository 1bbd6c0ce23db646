// Linearizability of one key as a register whose written values are unique, from the client history alone.
//
// Source: Gibbons and Korach, "Testing shared memories" (SIAM J. Comput. 26(4), 1997); zones as in Golab, Li
// and Shah, "Analyzing consistency properties for fun and profit" (PODC 2011).
//
// A linearization is a sequence of blocks, one per value: its write, then its reads. So a history is
// linearizable iff no read precedes the write of its value and the graph over values, with an edge u -> v
// where an operation of u precedes one of v, has no cycle. With f(v) the least return and s(v) the greatest
// invocation over the write and the reads of v, time gives the edge u -> v iff f(u) < s(v), and any cycle of
// such edges contains a pair of values with f(u) < s(v) and f(v) < s(u). Sorted by f + s, such a pair exists
// iff some value's f is below the greatest s before it: if u stands before v and s(u) > f(v), then f(u) <=
// f(v) + s(v) - s(u) < s(v).
//
// Deviations:
// - Intervals are closed: "returned before invoked" needs return < invocation.
// - What is left out, and what the initial value is: see zones.hpp.
// - One client's operations are in program order also at a shared instant (a *seam*: return = next
//   invocation). Two clients with a seam at one instant t make the precedence no interval order (a < b and c
//   < d, but neither a < d nor c < b), so no choice of timestamps expresses it. Instead, seams are edges of
//   their own. An edge of a seam at t says f(u) <= t <= s(v), so it adds something only if f(u) = t = s(v):
//   call it tight. Theorem: a graph with tight edges has a cycle iff (a) time alone has one, (b) some tight
//   edge u -> v has f(v) < s(u), or (c) there is a cycle of tight edges u -> v with f(v) = s(u) each. Proof
//   of "only if": every edge of a cycle has f(u) <= s(v). Let S be the greatest s in the cycle and M the
//   values with s = S. A value with f < S has an edge by time to every other member of M.
//   1. Some p outside M has f(p) < S. Let v in M be the last before p in the cycle and a its successor,
//      which is outside M. If a = p, f(a) < S. Otherwise a's successor is outside M, so f(a) < S as well.
//      So a -> v by time, and v -> a is in the cycle: (a) or (b).
//   2. All values with f < S are in M. If there are two, they are a pair by time: (a). If there is one, p,
//      its predecessor z has f(z) = S, so z -> p is tight. p -> z by time if z is in M: (b). If z is outside
//      M, then z's predecessor must be p (all others have f = S and lead into M), and p -> z -> p is (b) or,
//      if f(p) = s(z), a cycle of two tight edges: (c). If there is none, every f is S, every edge is tight
//      and every s is S: (c).
//   "If" is plain, as all of them are cycles. Only seams between neighbours of a client's chain are needed:
//   the others are paths of them.
//
// Times must lie below 2^62 (the sort adds two of them). O(n log n); linear where sums come nearly sorted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/client_chains.hpp"
#include "verify/key_view.hpp"
#include "verify/zones.hpp"

namespace cacherace::verify {

// Why a history is not linearizable: a read of a value that nobody wrote, a read that returned before the
// write of its value was invoked, two values each before the other, the same by a seam, a ring of seams.
enum class Conflict : std::uint8_t { none, unwritten, early_read, pair, seam, ring };

class RegisterCheck {
 public:
  explicit RegisterCheck(std::size_t small = small_size) : small_(small), zones_(small) {}

  // There will be so many writes.
  void expect(std::size_t writes) { zones_.expect(writes); }

  // `chains` must have been built for `view`, or for the same operations without the limit of returns.
  bool linearizable(const OperationsView& view, const ClientChains& chains);

  // After linearizable() said no: values are repeated (written twice, or the initial one written), so that it
  // cannot be judged here at all.
  [[nodiscard]] bool repeated() const { return repeated_; }

  // After it said no for another reason: operations (positions, ascending) that are not linearizable even
  // alone.
  void conflict(const OperationsView& view, std::vector<Position>& operations);
  [[nodiscard]] Conflict conflict_kind() const { return conflict_; }
  // Whether a read is wrong by itself.
  [[nodiscard]] bool faulty() const {
    return conflict_ == Conflict::unwritten || conflict_ == Conflict::early_read;
  }

  // After it said no of more than few values, all of them and their order by f + s; where a read was faulty,
  // this builds them, with the reads that returned early.
  void complete(const OperationsView& view);
  [[nodiscard]] const std::vector<ZoneIndex>& by_sum() const { return by_sum_; }
  [[nodiscard]] const Zones& zones() const { return zones_; }
  // For whoever wants zones of another kind in the same buffers; linearizable() builds them anew.
  [[nodiscard]] Zones& lend_zones() { return zones_; }

 private:
  struct TightEdge {
    ZoneIndex from_zone, to_zone;
    Position from, to;  // the seam
  };

  static bool by_source(const TightEdge& a, const TightEdge& b);
  bool build(const OperationsView& view);
  bool zones_agree();
  bool every_pair_agrees();
  bool seams_agree(const OperationsView& view, const ClientChains& chains);
  [[nodiscard]] Position seam_before(const OperationsView& view, const ClientChains& chains,
                                     Position at) const;
  bool ring_of_tight_edges();
  bool disagree(Conflict conflict, std::uint32_t first, std::uint32_t second);

  void add_strict(const OperationsView& view, ZoneIndex from, ZoneIndex to, std::vector<Position>& out) const;
  void add_ring(std::vector<Position>& out);

  std::size_t small_;
  Zones zones_;
  std::vector<ZoneIndex> by_sum_;  // f + s
  std::vector<TightEdge> tight_;
  std::vector<std::uint32_t> incoming_;  // by zone: tight edges not yet peeled off
  std::vector<ZoneIndex> peeled_;

  // What was found: positions (unwritten, early_read, seam) or zones (pair).
  bool repeated_ = false;
  Conflict conflict_ = Conflict::none;
  std::uint32_t first_ = 0;
  std::uint32_t second_ = 0;
};

}  // namespace cacherace::verify
