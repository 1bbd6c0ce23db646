// How far a search is, told while it goes on.
#pragma once

#include <cstdint>
#include <functional>

namespace cacherace::sim {

struct SearchProgress {
  std::uint64_t states = 0;
  std::uint64_t classes = 0;  // of a timed search
  std::uint32_t depth = 0;    // steps to the state that is expanded
};

// Told often; true: the search is to end here.
using SearchWatch = std::function<bool(const SearchProgress&)>;

}  // namespace cacherace::sim
