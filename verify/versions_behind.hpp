// How many versions behind reads must have been: the least k such that some order of the writes (of those
// that do not overlap: in time) gives every read one of the k latest values before it.
//
// 2 is decided by LBT, limited backtracking: Golab, Hurwitz and Li, "On the k-atomicity-verification problem"
// (ICDCS 2013). The order is laid from its end. Of the writes that are left, one can be last if it precedes
// no other: f(w) >= invoked(u) for all u. Then reads of older values that were invoked after f(w) must stand
// behind w, which at most one value may ask for, and that one must be next. Where nobody asks, the choice was
// as good as any (the paper's theorem), so that only the choices since then are ever taken back. Candidates
// are tried for 1, 2, 4 … steps in turn, so that a long failure costs no more than the shortest success.
//
// Deviations: a write is taken to end at f, the first return over it and its reads, where it has certainly
// taken effect; that also makes reads of w that returned stand before what was invoked later. The work is
// limited: beyond 64 steps a write and 2^20 more, 2 is left open.
//
// Above 2, bounds: 1 + the greatest certain lag from below; from above the best of a few orders (by
// invocation, by f, by their sum, each within blocks, which stand in their order). Where these agree there is
// nothing left to decide.
//
// Only the part that is tangled (tangle.hpp) is laid and measured, and what is found holds for the whole. Let
// an order of the part's writes be given. Lay all of them: block by block (blocks.hpp), within a block as in
// the given order. For u in front of a cut and v behind it s(u) <= f(v). So
// - v does not precede u (f(v) < invoked(u) <= s(u) is false): writes that do not overlap stay in order if
//   they did within blocks;
// - no read of u was invoked after f(v), so that v need not come before it. What must come before a read of u
//   is in u's own block, and no more of the block stand between than did in the given order.
// A block is in the part as a whole or it is one value, which has nothing of its block behind it. So no read
// is further behind in the whole than in the part. (Where operations of one client meet, all are laid and
// measured, as program order at that instant asks for more.)
#pragma once

#include "verify/check.hpp"
#include "verify/client_chains.hpp"
#include "verify/overwritten.hpp"

namespace cacherace::verify {

// For a key that is not linearizable and has no faulty reads. `zones` of `view`, by times; `tangled`: of the
// part of it that is (tangle.hpp). Program order at a shared instant is respected by the orders that give
// `high`, and not looked for otherwise.
VersionsBehind versions_behind(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                               const Zones& tangled, std::uint32_t greatest_lag);

}  // namespace cacherace::verify
