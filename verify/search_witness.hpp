// A short explanation of why a key of any object is not linearizable.
//
// An operation that is left out may still have been needed by others. So one that changes the state is not
// removed but made unknown: whatever is explained with it is still explained, and what remains contradicts
// itself whenever those may have taken effect, or never. The witness is what had to keep its return.
//
// Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE TSE 28(2), 2002),
// without its tests of parts alone: ever smaller runs of operations are left out as long as what remains
// contradicts itself. Each judgement is a search, so the work is limited; the answer is empty when the limit
// is met.
#pragma once

#include <vector>

#include "verify/check.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

std::vector<OperationIndex> search_witness(const History& history, const OperationsView& view,
                                           Position first_bad, const CheckOptions& options);

}  // namespace cacherace::verify
