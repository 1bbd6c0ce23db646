// The first element at or after an index that is below a bound, in O(log n): a segment tree of minima.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify {

class FirstBelow {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void build(const std::vector<Nanos>& values) {
    leaves_ = std::bit_ceil(values.size());
    nodes_.assign(2 * leaves_, never);
    std::copy(values.begin(), values.end(), nodes_.begin() + static_cast<std::ptrdiff_t>(leaves_));
    for (std::size_t node = leaves_ - 1; node > 0; --node) {
      nodes_[node] = std::min(nodes_[2 * node], nodes_[2 * node + 1]);
    }
  }

  [[nodiscard]] std::size_t find(std::size_t from, Nanos bound) const {
    if (from >= leaves_) return none;
    std::size_t node = from + leaves_;
    while (nodes_[node] >= bound) {
      while (node % 2 == 1) node /= 2;  // a right child: nothing else under its parent
      if (node == 0) return none;       // the root was left
      ++node;
    }
    while (node < leaves_) {
      node *= 2;
      if (nodes_[node] >= bound) ++node;
    }
    return node - leaves_;
  }

 private:
  std::size_t leaves_ = 0;
  std::vector<Nanos> nodes_;
};

}  // namespace cacherace::verify
