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
// Values that are alone in their blocks (tangle.hpp) stand where their blocks do, between what was laid for
// the others: so LBT lays the others only. (Where operations of one client meet, it lays all, as the order is
// then measured for what it does not look at.)
//
// Deviations: a write is taken to end at f, the first return over it and its reads, where it has certainly
// taken effect; that also makes reads of w that returned stand before what was invoked later. The work is
// limited: beyond 64 steps a write and 2^20 more, 2 is left open.
//
// Above 2, bounds: 1 + the greatest certain lag from below; from above the best of a few orders (by
// invocation, by f, by their sum). Where these agree there is nothing left to decide.
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
