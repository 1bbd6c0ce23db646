// Moves about in the draws of a run: what a Markov chain does between two looks at it.
//
// A move takes one or two of the coordinates, chosen without regard to the draws, and moves each: x becomes
// cos(a) x + sin(a) z, where x is the draw as a standard normal number, z a fresh one, and the step `a` is
// fixed beforehand for each coordinate. With a = pi/2 the draw is simply drawn anew. So the law of all
// draws, independent and uniform, stays what it is, and the chain is reversible: with moves out of a set
// undone, so does that law within the set.
// Source: Papaioannou, Betz, Zwirglmaier, Straub, "MCMC algorithms for subset simulation" (Probabilistic
// Engineering Mechanics 2015), section 4: conditional sampling, component by component.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/draw_table.hpp"

namespace cacherace::exploration {

// One half of a pair of draws.
struct DrawCoordinate {
  sim::DrawAddress address = 0;
  bool second = false;
  friend auto operator<=>(const DrawCoordinate&, const DrawCoordinate&) = default;
};

inline std::uint64_t& draw_at(sim::DrawTable& table, const DrawCoordinate& coordinate) {
  sim::DrawPair& draws = table.at(coordinate.address);
  return coordinate.second ? draws.second : draws.first;
}

// The coordinates that moves choose from, how often they choose each, and how far it goes.
struct MovePlan {
  std::vector<DrawCoordinate> coordinates;
  std::vector<double> cumulative;  // weights, added up
  std::vector<double> sines;       // of the steps: 1 draws anew
};

// A draw moved by a step of that sine, with a fresh one.
std::uint64_t moved_draw(std::uint64_t draw, std::uint64_t fresh, double sine);

class DrawMover {
 public:
  // `plan` must outlive it, and have a coordinate.
  explicit DrawMover(const MovePlan& plan) : plan_(plan) {}

  // Moves the table's draws; what it decides comes from `chance`.
  void move(sim::DrawTable& table, sim::Stream& chance);
  // The last move did not happen.
  void undo(sim::DrawTable& table);

 private:
  [[nodiscard]] std::uint32_t choose(double fraction) const;

  const MovePlan& plan_;
  std::vector<std::uint32_t> moved_;
  std::vector<std::uint64_t> before_;
};

}  // namespace cacherace::exploration
