// Which parts of what happens are steps of their own in which search.
#pragma once

#include "sim/script_chooser.hpp"

namespace cacherace::exploration {

// Faults count commands in the order in which they are issued, and strike between the parts of a command:
// with them every part is a step.
constexpr sim::Grain with_faults(sim::Grain grain, bool faults) {
  using enum sim::Part;
  if (faults) grain.held |= sim::bits_of(issue, reply, sleep);
  return grain;
}

// Effects alone: what the stores and the queue see. A reply, thinking, a sleep and the next request are one
// interval, but where two things begin at its middle: the reply that both wait for takes one time.
constexpr sim::Grain stores_grain(bool faults) {
  using enum sim::Part;
  return with_faults({sim::bits_of(delivery, effect, returning, step, uncounted, expiry)}, faults);
}

// And what other clients can tell: invocations and returns.
constexpr sim::Grain operations_grain(bool faults) {
  using enum sim::Part;
  return with_faults({stores_grain(false).held | sim::bits_of(opening, closing)}, faults);
}

// Everything that takes time: to play what was found.
constexpr sim::Grain legs_grain(bool faults) {
  using enum sim::Part;
  sim::Grain grain{sim::bits_of(opening, delivery, effect, reply, sleep, step, uncounted, expiry)};
  if (faults) grain.held |= sim::bits_of(issue);
  return grain;
}

}  // namespace cacherace::exploration
