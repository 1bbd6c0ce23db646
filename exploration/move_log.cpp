#include "exploration/move_log.hpp"

#include "sim/world.hpp"

namespace cacherace::exploration {

// What is no step of its own goes first wherever there is any, so a step begins where one is chosen.
std::size_t MoveLog::next(std::span<const sim::Pending> pending) {
  const std::size_t place = chooser_.next(pending);
  if (place == none) return none;
  const sim::Wakeable& who = *pending[place].who;
  if (!grain_.holds(who.part())) return place;
  if (moves_.size() == moves_max_) return none;
  moves_.push_back({.tag = who.tag()});
  if (records_ != nullptr) records_then_.push_back(records_->size());
  return place;
}

std::size_t MoveLog::pick(std::size_t count) {
  const std::size_t picked = chooser_.pick(count);
  moves_.back().picks.push_back(static_cast<std::uint16_t>(picked));
  return picked;
}

}  // namespace cacherace::exploration
