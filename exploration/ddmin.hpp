// A part of a list that still has a property, of which nothing can go alone.
//
// Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE Transactions on
// Software Engineering 28, 2002): ddmin. Cost: at best a logarithm, at worst the square of the length in
// tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace cacherace::exploration {

// `holds(kept)`: whether the elements with these indices, ascending, have the property. All `count` have it;
// it is asked about fewer, and in the end about each that lacks one of the result (none is left: it holds
// without any).
template <class Holds>
std::vector<std::size_t> ddmin(std::size_t count, const Holds& holds) {
  std::vector<std::size_t> kept(count);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  std::size_t parts = 2;
  const auto without = [&](std::size_t from, std::size_t to) {
    std::vector<std::size_t> rest(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(from));
    rest.insert(rest.end(), kept.begin() + static_cast<std::ptrdiff_t>(to), kept.end());
    return rest;
  };
  while (!kept.empty()) {
    parts = std::min(parts, kept.size());
    const auto begin_of = [&, size = kept.size()](std::size_t part) { return part * size / parts; };
    std::vector<std::size_t> smaller;
    bool found = false;
    for (std::size_t part = 0; part < parts && parts > 2 && !found; ++part) {
      smaller.assign(kept.begin() + static_cast<std::ptrdiff_t>(begin_of(part)),
                     kept.begin() + static_cast<std::ptrdiff_t>(begin_of(part + 1)));
      found = holds(smaller);
      if (found) parts = 2;
    }
    for (std::size_t part = 0; part < parts && !found; ++part) {
      smaller = without(begin_of(part), begin_of(part + 1));
      found = holds(smaller);
      if (found) parts = std::max<std::size_t>(parts - 1, 2);
    }
    if (found) {
      kept = std::move(smaller);
    } else if (parts == kept.size()) {
      break;
    } else {
      parts *= 2;
    }
  }
  return kept;
}

}  // namespace cacherace::exploration
