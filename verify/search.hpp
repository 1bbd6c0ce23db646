// Linearizability of one key of any object: registers with repeated values and compare-and-set, texts to
// which can be appended.
//
// Source: Lowe, "Testing for linearizability" (Concurrency and Computation 29(4), 2017): just-in-time
// linearization. At each return every configuration (state, open operations that have taken effect) is
// extended by open operations until the one that returns has taken effect; where none can be, the history has
// no explanation up to this return. Nothing is kept of operations that have returned, so where none is open a
// configuration is a state.
//
// Deviations:
// - Operations that never returned stay open for ever. Identical ones are counted, not named: a configuration
//   holds how many of each kind it has used. One is used only where something open asks for what it makes.
// - Of two configurations with the same state and open set, one that has used no more of any such kind is
//   enough.
// - A read (or a cas that saw another value) that is legal takes effect at once: that changes nothing.
// - One client's operations are in program order also at a shared instant: an operation takes no effect after
//   one that its client began at the instant of its return.
// - Returns of one instant are taken in the order of positions, after the invocations of that instant.
//
// Exponential in the number of operations open at once; linear in the rest.
#pragma once

#include <cstddef>
#include <vector>

#include "verify/check.hpp"
#include "verify/client_chains.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

struct SearchResult {
  std::optional<bool> linearizable;
  Undecided undecided = Undecided::no;
  Position first_bad = nowhere;
  // Where asked for and not linearizable: the longest order found of operations up to the return of
  // `first_bad` that explain each other.
  std::vector<Position> partial;
};

// `history` says what the object is; the operations are the view's. `chains` must have been built for it.
SearchResult search(const History& history, const OperationsView& view, const ClientChains& chains,
                    const CheckOptions& options, bool want_partial = false);

}  // namespace cacherace::verify
