// Session guarantees of one key, from what clients saw: Terry, Demers, Petersen, Spreitzer, Theimer and
// Welch, "Session guarantees for weakly consistent replicated data" (PDIS 1994), in the form of Viotti and
// Vukolic, "Consistency in non-transactional distributed storage systems" (ACM Computing Surveys 49(1),
// 2016).
//
// A guarantee asks for an order of the versions. It holds iff what it asks for has no cycle, together with
// what is known without it:
//   read your writes      a client's write before other values that it reads later      and time
//   monotonic reads       a value that a client read before others that it reads later  and time
//   monotonic writes      a client's write before its later writes                      and what was seen
//   writes follow reads   a value that a client read before its later writes            and what was seen
// Time: u before v if v's write was invoked after f(u), when u was certainly there; the initial value before
// all.
// What was seen: the order in which each client read values, and the initial value before all. (Time would
// say nothing there: it orders a client's own writes as the guarantee does. So where a client saw two writes
// of another in the wrong order, the guarantee is said not to hold, though the reader may be to blame.) The
// cycle must hold a step that the guarantee asks for.
//
// Only ok operations of the client come before something.
//
// Time raises f, the first return. So a cycle holds steps that do not (client steps onto a value that was
// there before), and lies within what they span. Only versions whose f lies there are looked at, which are
// few where little is wrong. Steps of time run along a line of nodes, so that there are O(n) edges; cycles
// are looked for in strongly connected components (Tarjan, "Depth-first search and linear graph algorithms",
// SIAM J. Comput. 1(2), 1972). The cycle shown is the shortest through the first 64 asked steps that lie on
// cycles.
#pragma once

#include <cstdint>
#include <vector>

#include "verify/check.hpp"
#include "verify/client_chains.hpp"
#include "verify/overwritten.hpp"

namespace cacherace::verify {

// For a key that is not linearizable (one that is keeps all four). `zones` and `overwritten` of `view`, by
// times. Where some reads are faulty, a guarantee that the others keep is unknown.
Sessions judge_sessions(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                        const Overwritten& overwritten);

}  // namespace cacherace::verify
