// Who moves next, where it is not simply the earliest event: exploration, random schedules, recorded ones.
#pragma once

#include <cstddef>
#include <span>

#include "sim/event_queue.hpp"

namespace cacherace::sim {

class Chooser {
 public:
  Chooser() = default;
  Chooser(const Chooser&) = delete;
  Chooser& operator=(const Chooser&) = delete;
  virtual ~Chooser() = default;

  // The place in `pending` of the event that happens next. `pending` is not empty and stands in the order of
  // time, then of creation; place 0 is what happens by time. An event chosen before its time moves no clock
  // backwards.
  virtual std::size_t next(std::span<const Event> pending) = 0;
};

}  // namespace cacherace::sim
