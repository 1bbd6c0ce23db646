#include "sim/script_chooser.hpp"

#include <algorithm>
#include <cassert>

#include "sim/world.hpp"

namespace cacherace::sim {

std::size_t ScriptChooser::next(std::span<const Event> pending) {
  const auto rest =
      std::ranges::find_if(pending, [](const Event& event) { return event.who->part() == Part::rest; });
  if (rest != pending.end()) return static_cast<std::size_t>(rest - pending.begin());
  if (!between(pending)) return none;
  step_.clear();
  counted_ = 0;
  opened_ = false;
  ++steps_;
  possible_.clear();
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const auto same = [&](std::size_t place) { return pending[place].who == pending[i].who; };
    if (std::ranges::none_of(possible_, same)) possible_.push_back(i);
  }
  const std::size_t place = possible_[choose(possible_.size())];
  const Part part = pending[place].who->part();
  opened_ = part == Part::opening;
  if (part == Part::step) ++counted_;
  return place;
}

bool ScriptChooser::holds(Part part) {
  if (part == Part::rest) return false;
  if (part != Part::step || !opened_) return true;
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
