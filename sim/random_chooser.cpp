#include "sim/random_chooser.hpp"

#include <cassert>

namespace cacherace::sim {

std::uint16_t draw_below(Stream& draws, std::size_t count) {
  assert(count > 0 && count <= UINT16_MAX);
  return static_cast<std::uint16_t>(draws.next_fraction() * static_cast<double>(count));
}

bool RandomChooser::between(std::span<const Pending> pending) {
  possible_places(pending, possible_);
  go_on({draw_below(draws_, possible_.size())});
  return true;
}

std::size_t RandomChooser::pick(std::size_t count) {
  go_on({draw_below(draws_, count)});
  return ScriptChooser::pick(count);
}

}  // namespace cacherace::sim
