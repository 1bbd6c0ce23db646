// Who moves next, where it is not simply the earliest event: exploration, random schedules, recorded ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/event_queue.hpp"

namespace cacherace::sim {

// What an event is to those who put events in an order of their own. Time does not ask.
enum class Part : std::uint8_t {
  opening,    // begins something; goes together with the step that it leads to
  step,       // one step of what is going on: a command, a sleep
  uncounted,  // the same, but nobody counts it
  rest,       // ends the step that it came from
};

class Chooser {
 public:
  // Instead of a place: the run is to end here.
  static constexpr std::size_t none = SIZE_MAX;

  Chooser() = default;
  Chooser(const Chooser&) = delete;
  Chooser& operator=(const Chooser&) = delete;
  virtual ~Chooser() = default;

  // The place in `pending` of the event that happens next, or `none`. `pending` is not empty and stands in
  // the order of time, then of creation; place 0 is what happens by time.
  virtual std::size_t next(std::span<const Event> pending) = 0;

  // When the chosen event happens, not before `now`. An event chosen before its time moves no clock
  // backwards.
  virtual Time instant(const Event& chosen, Time now) { return std::max(now, chosen.at); }

  // Whether a fiber that comes to such a part waits to be chosen; otherwise it goes on at once.
  virtual bool holds(Part) { return true; }

  // One of the numbers below `count`, where chance decides in a run by time.
  virtual std::size_t pick(std::size_t) { return 0; }
};

}  // namespace cacherace::sim
