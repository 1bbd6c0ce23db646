#include "exploration/landing.hpp"

#include <algorithm>

#include "sim/laws.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

// So much of what could land is left as it is.
constexpr double left_alone = 0.2;

std::uint64_t draw_of(double fraction) {
  return static_cast<std::uint64_t>(std::min(fraction, 1.0 - 0x1p-53) * 0x1p53) << 11U;
}

}  // namespace

std::optional<Landing> Landing::of(std::span<const Particle> bad, double slack) {
  constexpr double tail = 0.02, all_came = 0.9;
  std::vector<std::pair<double, double>> came;  // when, and the weight
  double sum = 0.0, sum_came = 0.0;
  for (const Particle& particle : bad) {
    sum += particle.weight;
    if (!particle.anchor || !particle.anchor->came) continue;
    came.emplace_back(sim::in_ns(*particle.anchor->came), particle.weight);
    sum_came += particle.weight;
  }
  if (came.empty() || sum_came < all_came * sum) return std::nullopt;
  std::ranges::sort(came);
  const auto quantile = [&](double share) {
    double passed = 0.0;
    for (const auto& [when, weight] : came) {
      passed += weight;
      if (passed >= share * sum_came) return when;
    }
    return came.back().first;
  };
  const double from = quantile(tail), to = quantile(1.0 - tail), wider = slack * (to - from);
  return Landing(from - wider, to + wider);
}

Landing::Target Landing::target(const Thought& thought) const {
  constexpr double narrow = 0.5;
  const double now = sim::in_ns(thought.since);
  if (thought.law == nullptr || now >= from_) return {};
  const double low = thought.law->below(from_ - now), high = thought.law->below(to_ - now);
  if (high <= low || high - low > narrow * (1.0 - low)) return {};
  return {(1.0 - left_alone) * (1.0 - low), low, high};
}

std::uint64_t Landing::bent(const Thought& thought, const BentLaw* other, std::uint64_t draw) const {
  const Target target = this->target(thought);
  const double fraction = sim::fraction(draw);
  if (fraction < target.share) {
    return draw_of(target.low + fraction / target.share * (target.high - target.low));
  }
  if (target.share > 0.0) draw = draw_of((fraction - target.share) / (1.0 - target.share));
  return other == nullptr ? draw : other->bent(draw);
}

double Landing::density(const Thought& thought, const BentLaw* other, std::uint64_t draw) const {
  const Target target = this->target(thought);
  const double rest = (1.0 - target.share) * (other == nullptr ? 1.0 : other->density(draw));
  const double fraction = sim::fraction(draw);
  const bool lands = fraction >= target.low && fraction < target.high;
  return rest + (lands ? target.share / (target.high - target.low) : 0.0);
}

}  // namespace cacherace::exploration
