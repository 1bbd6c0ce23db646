#include "exploration/draw_mover.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cassert>
#include <cmath>

namespace cacherace::exploration {
namespace {

// A draw as a number in (0, 1): the middle of its cell of 2^-53.
double inner_fraction(std::uint64_t draw) {
  return sim::fraction(draw) + 0x1p-54;
}

double normal_of(std::uint64_t draw) {
  return -std::sqrt(2.0) * boost::math::erfc_inv(2.0 * inner_fraction(draw));
}

std::uint64_t draw_of(double normal) {
  const double fraction = 0.5 * boost::math::erfc(-normal / std::sqrt(2.0));
  return static_cast<std::uint64_t>(std::min(fraction, 1.0 - 0x1p-53) * 0x1p53) << 11U;
}

}  // namespace

std::uint64_t moved_draw(std::uint64_t draw, std::uint64_t fresh, double sine) {
  if (sine == 1.0) return fresh;
  return draw_of(std::sqrt(1.0 - sine * sine) * normal_of(draw) + sine * normal_of(fresh));
}

std::uint32_t DrawMover::choose(double fraction) const {
  const auto& sums = plan_.cumulative;
  const auto found = std::ranges::upper_bound(sums, fraction * sums.back());
  return static_cast<std::uint32_t>(
      std::min<std::ptrdiff_t>(found - sums.begin(), static_cast<std::ptrdiff_t>(sums.size()) - 1));
}

void DrawMover::move(sim::DrawTable& table, sim::Stream& chance) {
  assert(!plan_.coordinates.empty() && plan_.sines.size() == plan_.coordinates.size());
  moved_.clear();
  before_.clear();
  const int count = chance.next_fraction() < 0.75 ? 1 : 2;
  for (int i = 0; i < count; ++i) {
    const sim::DrawPair draws = chance.next_pair();
    const std::uint32_t chosen = choose(sim::fraction(draws.first));
    std::uint64_t& draw = draw_at(table, plan_.coordinates[chosen]);
    moved_.push_back(chosen);
    before_.push_back(draw);
    draw = moved_draw(draw, draws.second, plan_.sines[chosen]);
  }
}

void DrawMover::undo(sim::DrawTable& table) {
  for (std::size_t i = moved_.size(); i-- > 0;) {
    draw_at(table, plan_.coordinates[moved_[i]]) = before_[i];
  }
}

}  // namespace cacherace::exploration
