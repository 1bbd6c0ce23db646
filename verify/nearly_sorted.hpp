// Sorts what is nearly sorted in linear time: by insertion, within a budget of moves that keeps the worst
// case at that of std::sort.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace cacherace::verify {

template <typename Element, typename Less>
void sort_nearly_sorted(std::span<Element> elements, Less less) {
  constexpr std::size_t moves_each = 48;
  std::size_t budget = moves_each * elements.size();
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const Element moving = elements[i];
    std::size_t j = i;
    const std::size_t least = i - std::min(i, budget);
    for (; j > least && less(moving, elements[j - 1]); --j) elements[j] = elements[j - 1];
    elements[j] = moving;
    if (j == least && j > 0 && less(moving, elements[j - 1])) {
      std::sort(elements.begin(), elements.end(), less);
      return;
    }
    budget -= i - j;
  }
}

template <typename Element, typename Less>
void sort_nearly_sorted(std::vector<Element>& elements, Less less) {
  sort_nearly_sorted(std::span(elements), less);
}

}  // namespace cacherace::verify
