// A way through state classes, walked with real fibers: which event caused which, and in which order they
// happened.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/class_explorer.hpp"

namespace cacherace::sim {

struct PassageEvent {
  static constexpr std::size_t none = SIZE_MAX;
  Tag tag = 0;
  Part part = Part::step;
  Delay delay;
  std::size_t cause = none;  // the step that made it, as an index of Passage::steps; none: the beginning
};

struct PassageStep {
  std::size_t event;                 // in Passage::events
  Choices picks;                     // what chance decided
  std::vector<std::size_t> pending;  // the other events that waited
};

struct Passage {
  std::vector<PassageEvent> events;  // happened or still pending
  std::vector<PassageStep> steps;    // in order
};

// Walks `way` from the beginning; `first_order` as ClassExplorer has it. Runs the subject once.
Passage walk(TimedSubject& subject, const Grain& grain, const std::vector<std::size_t>& first_order,
             const std::vector<ClassExplorer::WayStep>& way);

}  // namespace cacherace::sim
