#include "sim/script_chooser.hpp"

#include <algorithm>
#include <cassert>

#include "sim/world.hpp"

namespace cacherace::sim {

namespace {

bool is_counted(Part part) {
  return part == Part::issue || part == Part::sleep || part == Part::step;
}

}  // namespace

void possible_places(std::span<const Pending> pending, std::vector<std::size_t>& places) {
  places.clear();
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const auto same = [&](std::size_t place) { return pending[place].who == pending[i].who; };
    if (std::ranges::none_of(places, same)) places.push_back(i);
  }
}

std::size_t ScriptChooser::next(std::span<const Pending> pending) {
  const auto at_once =
      std::ranges::find_if(pending, [&](const Pending& event) { return !grain_.holds(event.who->part()); });
  if (at_once != pending.end()) return static_cast<std::size_t>(at_once - pending.begin());
  if (!between(pending)) return none;
  step_.clear();
  counted_ = 0;
  opened_ = false;
  ++steps_;
  possible_places(pending, possible_);
  const std::size_t place = possible_[choose(possible_.size())];
  const Part part = pending[place].who->part();
  opened_ = (part == Part::opening || part == Part::delivery) && grain_.openings_join;
  if (is_counted(part)) ++counted_;
  return place;
}

bool ScriptChooser::holds(Part part) {
  if (!opened_ || !is_counted(part) || !grain_.holds(part)) return grain_.holds(part);
  opened_ = false;
  ++counted_;
  return false;
}

std::size_t ScriptChooser::choose(std::size_t count) {
  std::size_t chosen = 0;
  if (used_ < script_.size()) {
    chosen = script_[used_++];
  } else if (count > 1) {
    free_choice(count);
  }
  assert(chosen < count);
  step_.push_back(static_cast<std::uint16_t>(chosen));
  return chosen;
}

}  // namespace cacherace::sim
