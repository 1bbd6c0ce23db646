// Where a property that holds for a first part of a sequence ends, looked for from a place near it: O(log of
// how far it is). Bentley and Yao, "An almost optimal algorithm for unbounded searching" (Information
// Processing Letters 5(3), 1976).
#pragma once

#include <algorithm>
#include <cstddef>

namespace cacherace::verify {

// The number of places of [0, size) for which `holds`; it holds for none behind one for which it does not.
template <typename Holds>
[[nodiscard]] std::size_t count_near(std::size_t size, std::size_t guess, Holds holds) {
  std::size_t low = 0;      // holds for all before it …
  std::size_t high = size;  // … and for none from here on
  if (guess < size && holds(guess)) {
    low = guess + 1;
    for (std::size_t step = 1; step <= size - low; step *= 2) {
      if (!holds(low + step - 1)) {
        high = low + step - 1;
        break;
      }
      low += step;
    }
  } else {
    high = std::min(guess, size);
    for (std::size_t step = 1; step <= high; step *= 2) {
      if (holds(high - step)) {
        low = high - step + 1;
        break;
      }
      high -= step;
    }
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace cacherace::verify
