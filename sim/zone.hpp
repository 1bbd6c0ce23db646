// When pending events can happen: difference-bound matrices over their instants.
//
// A zone of n events is a matrix of (n + 1)^2 bounds in ns: bound(i, j) is the greatest possible difference
// t(i) - t(j), where event 0 is now and the others are slots 0 … n - 1, shifted by one. Matrices are kept in
// their canonical (tightest) form, so that one zone lies in another iff each of its bounds is at most the
// other's. All bounds are finite whole numbers; then instants in whole nanoseconds exist whenever any exist.
//
// Source: state classes of time Petri nets, Berthomieu and Diaz, "Modeling and verification of time dependent
// systems using time Petri nets" (1991); matrices: Dill (1989). Deviation: events have ranks (chooser.hpp).
// What happens before an event of a lower rank does so at least 1 ns before.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/chooser.hpp"
#include "sim/delay.hpp"

namespace cacherace::sim::zone {

using Bound = std::int64_t;
using Ranks = std::span<const Rank>;  // by slot
inline constexpr std::size_t slots_max = 63;

constexpr std::size_t size_of(std::size_t slots) {
  return (slots + 1) * (slots + 1);
}

// Where a slot of the zone after an event comes from: a slot of the zone before (`from`), or it is new.
struct Origin {
  static constexpr std::size_t fresh = SIZE_MAX;
  std::size_t from = fresh;
  Delay delay = {};  // of a new one
};

// The zone at the beginning: every event is new. O(n^2).
void begin(std::span<const Origin> slots, std::span<Bound> zone);

// Whether the event in `slot` can be the next. O(n).
bool can_happen(std::span<const Bound> zone, std::size_t slot, Ranks ranks);

// The zone `after` it happened, in slots as `origins` says. Precondition: it can be the next. O(n^2).
void happen(std::span<const Bound> zone, std::size_t slot, Ranks ranks, std::span<const Origin> origins,
            std::span<Bound> after);

// Whether every choice of instants in `small` is also in `large`.
bool includes(std::span<const Bound> large, std::span<const Bound> small);

// Slot i of `to` is slot order[i] of `from`.
void reorder(std::span<const Bound> from, std::span<const std::size_t> order, std::span<Bound> to);

}  // namespace cacherace::sim::zone
