#include "sim/pct_chooser.hpp"

#include <algorithm>
#include <cassert>

#include "sim/random_chooser.hpp"
#include "sim/world.hpp"

namespace cacherace::sim {
namespace {

// Above all that change points give.
constexpr std::uint64_t drawn = std::uint64_t{1} << 63U;

}  // namespace

PctChooser::PctChooser(const PctPlan& plan, Stream priorities, Stream others, const Grain& grain)
    : ScriptChooser({}, grain), owner_bits_(plan.owner_bits), priorities_(priorities), others_(others) {
  assert(plan.depth > 0 && plan.steps > 0);
  for (std::uint32_t i = 1; i < plan.depth; ++i) {
    const double fraction = priorities_.next_fraction();
    changes_.push_back(1 + static_cast<std::uint64_t>(fraction * static_cast<double>(plan.steps)));
  }
}

Tag PctChooser::owner_of(const Pending& event) const {
  return event.who->tag() & owner_bits_;
}

PctChooser::Priority& PctChooser::priority_of(Tag owner) {
  const auto known = std::ranges::find(owners_, owner, &std::pair<Tag, Priority>::first);
  if (known != owners_.end()) return known->second;
  return owners_.emplace_back(owner, drawn | priorities_.next_pair().first).second;
}

// Among the possible places.
Tag PctChooser::highest(std::span<const Pending> pending) {
  Tag highest = owner_of(pending[possible_.front()]);
  for (const std::size_t place : possible_) {
    const Tag owner = owner_of(pending[place]);
    if (priority_of(owner) > priority_of(highest)) highest = owner;
  }
  return highest;
}

bool PctChooser::between(std::span<const Pending> pending) {
  possible_places(pending, possible_);
  ++steps_;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (changes_[i] == steps_) priority_of(highest(pending)) = i;
  }
  const Tag owner = highest(pending);
  const auto is_its = [&](std::size_t place) { return owner_of(pending[place]) == owner; };
  const auto its = static_cast<std::size_t>(std::ranges::count_if(possible_, is_its));
  std::size_t nth = its > 1 ? draw_below(others_, its) : 0;
  const auto chosen =
      std::ranges::find_if(possible_, [&](std::size_t place) { return is_its(place) && nth-- == 0; });
  go_on({static_cast<std::uint16_t>(chosen - possible_.begin())});
  return true;
}

std::size_t PctChooser::pick(std::size_t count) {
  go_on({draw_below(others_, count)});
  return ScriptChooser::pick(count);
}

}  // namespace cacherace::sim
