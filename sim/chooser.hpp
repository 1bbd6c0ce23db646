// Who moves next, where it is not simply the earliest event: exploration, random schedules, recorded ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/delay.hpp"

namespace cacherace::sim {

class Wakeable;

// What an event is to those who put events in an order of their own. Time does not ask.
enum class Part : std::uint8_t {
  opening,    // an operation is invoked
  delivery,   // a message is delivered
  issue,      // a command leaves its client
  effect,     // a command takes effect
  reply,      // its reply arrives
  sleep,      // a sleep is over
  step,       // something happens by itself: an apply, a late effect
  uncounted,  // the same, but nobody counts it
  returning,  // all that a fiber waited for is over, and something new begins: see World::settle
  closing,    // an operation's return is seen: from the next instant on
  expiry,     // an entry is gone: before whatever looks at it at that instant
  ending,     // a fiber comes to its end, with nothing to see but that it took so long
  rest,       // follows at once
};

// At one instant the parts of a lower rank come first, those of one rank in any order. A return is seen
// before an entry is gone: it was there an instant earlier, and all may have been over then.
using Rank = std::uint8_t;
constexpr Rank rank_of(Part part) {
  if (part == Part::closing) return 0;
  return part == Part::expiry ? 1 : 2;
}

// What an owner of events recognises them by: see tag_of() of whoever makes them. Of events that can be
// pending together, no two have the same, unless they belong to one Wakeable.
using Tag = std::uint64_t;

// An event that waits to happen. Of several of one Wakeable only the first can happen.
struct Pending {
  Wakeable* who;
  std::uint64_t order;  // counts events as they are created
  Delay delay;          // from its creation on
};

class Chooser {
 public:
  // Instead of a place: the run is to end here.
  static constexpr std::size_t none = SIZE_MAX;

  Chooser() = default;
  Chooser(const Chooser&) = delete;
  Chooser& operator=(const Chooser&) = delete;
  virtual ~Chooser() = default;

  // The place in `pending` of the event that happens next, or `none`. `pending` is not empty and stands in
  // the order of creation.
  virtual std::size_t next(std::span<const Pending> pending) = 0;

  // When the chosen event happens, not before `now`.
  virtual Time instant(const Pending&, Time now) { return now; }

  // Whether a fiber that comes to such a part waits to be chosen. Otherwise it goes on at once, and what the
  // part would have taken is added to the delay of the next one that waits.
  virtual bool holds(Part) { return true; }

  // One of the numbers below `count`, where chance decides in a run by time.
  virtual std::size_t pick(std::size_t) { return 0; }
};

}  // namespace cacherace::sim
