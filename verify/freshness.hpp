// How soon after a write reads are right, and how old they were: Bailis, Venkataraman, Franklin, Hellerstein
// and Stoica, "Probabilistically bounded staleness for practical partial quorums" (PVLDB 5(8), 2012), counted
// rather than modelled. Only what is certainly overwritten counts as stale.
#pragma once

#include <cstdint>
#include <vector>

#include "verify/check.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

// Adds the reads of `view` that were invoked after some write had returned (strictly), by the time since the
// latest such return, in classes of 1, 2, 5, 10 … (the first from 0; all are listed). `old`: those that are
// stale, in the order of `view`. O(n) where returns are nearly in order.
void count_after_writes(const OperationsView& view, std::size_t returned_writes,
                        const std::vector<CertainlyOld>& old, std::vector<StaleAfter>& counts);

// Sorts `values`.
[[nodiscard]] Quantiles quantiles(std::vector<Nanos>& values);

}  // namespace cacherace::verify
