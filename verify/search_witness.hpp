// A short explanation of why a key of any object is not linearizable.
//
// An operation that is left out may still have been needed by others. So one that changes the state is not
// removed but made unknown: whatever is explained with it is still explained, and what remains contradicts
// itself whenever those may have taken effect, or never. The witness is what had to keep its return.
//
// First ever smaller runs of operations are left out as long as what remains contradicts itself: Zeller and
// Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE TSE 28(2), 2002), without its tests
// of parts alone. Then the smallest witness is looked for (smallest_core.hpp). Each judgement is a search, so
// the work is limited: where the first part is too much the answer is empty, where the second is, none of it
// can be left out, but it may not be the smallest.
//
// There is no bound on how many operations it takes. Where a value is written often, each of its writes that
// may still be under way explains a late read of it, so that all of them must have returned.
#pragma once

#include <vector>

#include "verify/check.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

std::vector<OperationIndex> search_witness(const History& history, const OperationsView& view,
                                           Position first_bad, const CheckOptions& options);

}  // namespace cacherace::verify
