// Where the values of a register, in the order of f + s (register.hpp), fall apart into blocks: between two
// neighbours stands a cut where no value behind it has an f below an s in front of it, so that nothing behind
// is before anything in front. A step of one client at a shared instant says f <= s only, so where there are
// any, a cut asks for f above s.
//
// What forbids a cut is a pair with an f below an s, one on either side; there is no cut anywhere between
// such two, so they are of one block. So taking whole blocks away leaves the others what they are. O(n).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "verify/zones.hpp"

namespace cacherace::verify {

// Calls each(begin, end, with_initial) for every block, in order: it holds the places [begin, end) of
// `by_sum` and, where so said, the initial value, which returned before everything and stands first (and may
// be alone). `least` is a buffer.
template <typename Each>
void for_each_block(const Zones& zones, const std::vector<ZoneIndex>& by_sum, bool seams,
                    std::vector<Nanos>& least, Each each) {
  // f, of the values from a place on.
  least.resize(by_sum.size() + 1);
  least.back() = never;
  for (std::size_t place = by_sum.size(); place-- > 0;) {
    least[place] = std::min(least[place + 1], zones[by_sum[place]].first_return);
  }
  Nanos greatest = zones[0].last_invocation;
  std::size_t begin = 0;
  bool with_initial = true;
  for (std::size_t place = 0; place <= by_sum.size(); ++place) {
    const bool cut = seams ? greatest < least[place] : greatest <= least[place];
    if (cut) {
      each(begin, place, with_initial);
      begin = place;
      with_initial = false;
    }
    if (place < by_sum.size()) greatest = std::max(greatest, zones[by_sum[place]].last_invocation);
  }
}

}  // namespace cacherace::verify
