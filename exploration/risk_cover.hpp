// What a sleep has to cover, as runs show it: in a run that ends with an old value in the cache, the time
// from the commit of a newer one to the fill that leaves the old one there, less what the writer takes for
// itself before and after its sleep. In that run, so long a sleep would just not have been enough.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "exploration/scenario_runs.hpp"

namespace cacherace::exploration {

enum class CoverPart : std::uint8_t {
  outdated_replica,  // from the commit to the SELECT, which a replica answered with an old row
  early_select,      // from the SELECT to the commit: taken off
  select_reply,      // from there to the departure of the fill
  fill_request,      // from there to its effect
  before_sleep,      // the writer, from its commit to its sleep: taken off
  after_sleep,       // the writer, from its sleep to its last change of the entry: taken off
};
inline constexpr std::size_t cover_part_count = 6;
constexpr bool is_taken_off(CoverPart part) {
  return part == CoverPart::early_select || part >= CoverPart::before_sleep;
}

struct Cover {
  std::size_t runs = 0;                  // that were looked at
  std::uint32_t writer = 0, reader = 0;  // clients of the first of them
  // Medians of each part, never negative, and of their sum.
  std::array<sim::Duration, cover_part_count> parts{};
  sim::Duration sum{0};
};

// Of those of the runs (of `seed`) that are bad at `value`; at most `most` of them. No runs where it is not
// about a late fill against a writer that sleeps.
Cover cover_of(const RunQuestion& question, std::uint64_t seed, const std::vector<Particle>& runs,
               sim::Duration value, std::size_t most);

}  // namespace cacherace::exploration
