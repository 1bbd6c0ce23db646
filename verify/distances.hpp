// How far a history is from linearizable, in time.
//
// Gamma (Golab, Rahman, AuYoung, Keeton and Gupta, "Client-centric benchmarking of eventual consistency for
// cloud storage systems", ICDCS 2014): the least g such that the history is linearizable if every operation
// is taken to last longer by g / 2 at either end. Two values u and v then disagree iff f(u) + g < s(v) and
// f(v) + g < s(u). Sorted by f + s, the one that stands first gives the smaller of the two distances, so
// Gamma is the greatest S - f with S the greatest s before. A read that returned before the write of its
// value was invoked asks for the time between.
//
// Delta (Golab, Li and Shah, "Analyzing consistency properties for fun and profit", PODC 2011): the least d
// such that the history is linearizable if every read is taken to begin earlier by d. Two values disagree
// through two reads, which is the distance above (where s is the write's, nothing is gained by it), or
// through a write and a read: f(u) < invoked(v) and f(v) < s(u) - d, so d >= s(u) - t*(u). A read before its
// write is not mended by any d.
//
// Program order at a shared instant is not looked at: where only it is broken, both are 0. A value that
// nobody wrote is mended by nothing.
#pragma once

#include <optional>

#include "verify/overwritten.hpp"

namespace cacherace::verify {

struct Distances {
  std::optional<Nanos> gamma;
  std::optional<Nanos> delta;
};

// `zones` of `view`, by times, early reads left out, and what was made of them. O(n), or O(n log n) where
// sums are not nearly sorted.
Distances distances(const OperationsView& view, const Zones& zones, const Overwritten& overwritten);

}  // namespace cacherace::verify
