// A way through the untimed search, run once more to be told.
#pragma once

#include <vector>

#include "exploration/exploration.hpp"
#include "exploration/schedule.hpp"
#include "scenarios/simulation.hpp"
#include "sim/script_chooser.hpp"

namespace cacherace::exploration {

struct Told {
  Witness witness;  // without its schedule
  std::vector<Move> moves;
};

// `steps`: the choices of each step. The first `told` of them are the witness; the others only lead to an
// end.
Told tell(scenarios::Simulation& simulation, const std::vector<sim::Choices>& steps, std::size_t told);

}  // namespace cacherace::exploration
