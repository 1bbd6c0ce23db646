#include "exploration/resampling.hpp"

namespace cacherace::exploration {

void copy_by_weight(std::span<const Particle> from, std::vector<Particle>& to, sim::Stream& chance) {
  double sum = 0.0;
  for (const Particle& particle : from) sum += particle.weight;
  const double start = chance.next_fraction(), count = static_cast<double>(to.size());
  std::size_t place = 0;
  double passed = from[0].weight;
  for (std::size_t next = 0; next < to.size(); ++next) {
    const double at = (static_cast<double>(next) + start) * sum / count;
    while (at >= passed && place + 1 < from.size()) passed += from[++place].weight;
    to[next] = from[place];
  }
}

}  // namespace cacherace::exploration
