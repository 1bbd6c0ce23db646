#include "sim/zone.hpp"

#include <algorithm>
#include <array>

namespace cacherace::sim::zone {
namespace {

// How long before `other` the event in `slot` must happen if it is to be the next.
Bound lead(Ranks ranks, std::size_t slot, std::size_t other) {
  return ranks[other] < ranks[slot] ? 1 : 0;
}

// Rows and columns of new slots, once those of the others are in place.
void add_fresh(std::span<const Origin> slots, std::span<Bound> zone) {
  const std::size_t width = slots.size() + 1;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].from != Origin::fresh) continue;
    zone[(i + 1) * width] = nanos(slots[i].delay.most);
    zone[i + 1] = -nanos(slots[i].delay.least);
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    for (std::size_t j = 0; j < slots.size(); ++j) {
      if (slots[i].from != Origin::fresh && slots[j].from != Origin::fresh) continue;
      zone[(i + 1) * width + j + 1] = i == j ? 0 : zone[(i + 1) * width] + zone[j + 1];
    }
  }
}

}  // namespace

void begin(std::span<const Origin> slots, std::span<Bound> zone) {
  zone[0] = 0;
  add_fresh(slots, zone);
}

bool can_happen(std::span<const Bound> zone, std::size_t slot, Ranks ranks) {
  const std::size_t width = ranks.size() + 1;
  for (std::size_t other = 0; other < ranks.size(); ++other) {
    if (zone[(other + 1) * width + slot + 1] < lead(ranks, slot, other)) return false;
  }
  return true;
}

// All new bounds begin at the event e: t(e) - t(k) <= -lead(k). So the tightest bound from e to anything is
// one of them followed by an old bound, and any other goes through e at most once.
void happen(std::span<const Bound> zone, std::size_t slot, Ranks ranks, std::span<const Origin> origins,
            std::span<Bound> after) {
  const std::size_t width = ranks.size() + 1;
  const std::size_t e = slot + 1;
  std::array<Bound, slots_max + 1> from_e;  // t(e) - t(j)
  for (std::size_t j = 0; j < width; ++j) {
    from_e[j] = zone[e * width + j];
    for (std::size_t k = 1; k < width; ++k) {
      if (k != e) from_e[j] = std::min(from_e[j], zone[k * width + j] - lead(ranks, slot, k - 1));
    }
  }
  const std::size_t new_width = origins.size() + 1;
  after[0] = 0;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins[i].from == Origin::fresh) continue;
    const std::size_t a = origins[i].from + 1;
    after[(i + 1) * new_width] = zone[a * width + e];
    after[i + 1] = from_e[a];
    for (std::size_t j = 0; j < origins.size(); ++j) {
      if (origins[j].from == Origin::fresh) continue;
      const std::size_t b = origins[j].from + 1;
      after[(i + 1) * new_width + j + 1] =
          i == j ? 0 : std::min(zone[a * width + b], zone[a * width + e] + from_e[b]);
    }
  }
  add_fresh(origins, after);
}

bool includes(std::span<const Bound> large, std::span<const Bound> small) {
  return std::ranges::equal(large, small, std::greater_equal<>());
}

void reorder(std::span<const Bound> from, std::span<const std::size_t> order, std::span<Bound> to) {
  const std::size_t width = order.size() + 1;
  const auto old = [&](std::size_t place) { return place == 0 ? 0 : order[place - 1] + 1; };
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t j = 0; j < width; ++j) to[i * width + j] = from[old(i) * width + old(j)];
  }
}

}  // namespace cacherace::sim::zone
