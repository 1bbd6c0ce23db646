// How long something takes in this world: a draw in a run by time, the whole support where orders are chosen.
#pragma once

#include "sim/latency.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

inline sim::Delay support_of(const sim::Latency& latency) {
  const sim::Support support = latency.support();
  return {support.min, support.max.value_or(sim::longest_draw)};
}

// The draw at a fraction that is known.
inline sim::Delay delay_at(const sim::World& world, const sim::Latency& latency, double fraction) {
  if (world.is_chosen()) return support_of(latency);
  return latency.at(fraction);
}

// The next draw of a stream; `use`: see sim::draw_pair.
inline sim::Delay delay_of(const sim::World& world, const sim::Latency& latency, sim::Stream& stream,
                           std::uint32_t use = 0) {
  if (world.is_chosen()) return support_of(latency);
  return latency.at(latency.is_constant() ? 0.0 : stream.next_fraction(use));
}

}  // namespace cacherace::models
