// Concrete instants for a passage through state classes: the proof that its order is possible.
#pragma once

#include "exploration/observed_run.hpp"
#include "exploration/schedule.hpp"
#include "models/setup.hpp"
#include "sim/instants.hpp"
#include "sim/passage.hpp"

namespace cacherace::exploration {

// One leg of a passage: a part of it that takes time.
struct Leg {
  sim::Tag tag;
  sim::Part part;
  std::optional<models::Command> command;  // of an effect or a reply
  sim::Delay delay;
  std::size_t cause;  // the leg after which it began; SIZE_MAX: the beginning
  sim::Choices picks;
};

// A bound of a leg that decides how long an unknown duration may be.
struct LegBound {
  Leg leg;
  bool is_most = false;  // its upper bound; else the lower one
};

// What the order of a passage asks of the instants of its events: variable i + 1 is event i. Durations may be
// unknown (sim/unknown.hpp).
sim::Instants instants_of(const sim::Passage& passage);

// A passage taken apart into its legs.
class Timetable {
 public:
  // Runs the passage once. `run` must be of the scenario and parameters that the passage was found with.
  Timetable(ObservedRun& run, const sim::Passage& passage, bool faults);

  // All legs at instants that are feasible and as round as possible, if the unknown duration is `unknown`.
  // Nothing where the order is not feasible.
  [[nodiscard]] std::optional<Schedule> at(sim::Duration unknown) const;

  // Which bounds of which legs contradict each other if the unknown duration is `unknown`; empty: none.
  [[nodiscard]] std::vector<LegBound> why_not(sim::Duration unknown) const;

 private:
  std::vector<Leg> legs_;
  sim::Instants instants_;
  sim::Instants::Variable first_ = 0;  // of the legs
  bool whole_ = false;                 // the passage could be walked in all its legs
};

}  // namespace cacherace::exploration
