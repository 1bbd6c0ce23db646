// Zones against the sets of whole instants that they stand for, one by one.
#include "sim/zone.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/random.hpp"

namespace cacherace::sim {
namespace {

// Instants of the events by slot, from now on: as many as slots.
using Instants = std::vector<std::int64_t>;
using Moments = std::set<Instants>;

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t number) : stream_(seed, number, Purpose(0, 0)) {}
  std::size_t roll(std::size_t sides) { return stream_.next_pair().first % sides; }

 private:
  Stream stream_;
};

struct Origins {
  std::vector<zone::Origin> origins;

  // All instants of new events, together with the old ones of `old`.
  [[nodiscard]] Moments with(const Moments& old) const {
    Moments moments;
    for (const Instants& before : old) add(before, {}, moments);
    return moments;
  }

 private:
  void add(const Instants& before, Instants so_far, Moments& moments) const {
    if (so_far.size() == origins.size()) {
      moments.insert(so_far);
      return;
    }
    const zone::Origin& origin = origins[so_far.size()];
    const bool fresh = origin.from == zone::Origin::fresh;
    const std::int64_t least = fresh ? nanos(origin.delay.least) : before[origin.from];
    const std::int64_t most = fresh ? nanos(origin.delay.most) : least;
    for (std::int64_t at = least; at <= most; ++at) {
      so_far.push_back(at);
      add(before, so_far, moments);
      so_far.pop_back();
    }
  }
};

// What is left when the event in `slot` was the next: instants from then on.
Moments after(const Moments& moments, std::size_t slot, zone::Ranks ranks) {
  Moments left;
  for (Instants instants : moments) {
    const std::int64_t now = instants[slot];
    bool is_next = true;
    for (std::size_t other = 0; other < instants.size(); ++other) {
      const bool first = ranks[other] < ranks[slot] ? now < instants[other] : now <= instants[other];
      is_next = is_next && (other == slot || first);
    }
    if (!is_next) continue;
    for (std::int64_t& at : instants) at -= now;
    left.insert(instants);
  }
  return left;
}

// Bounds in their tightest form, read off the instants.
std::vector<zone::Bound> bounds_of(const Moments& moments, std::size_t slots) {
  const std::size_t width = slots + 1;
  std::vector<zone::Bound> bounds(width * width, INT64_MIN);
  for (const Instants& instants : moments) {
    const auto at = [&](std::size_t i) { return i == 0 ? 0 : instants[i - 1]; };
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = 0; j < width; ++j) {
        bounds[i * width + j] = std::max(bounds[i * width + j], at(i) - at(j));
      }
    }
  }
  return bounds;
}

zone::Origin fresh_origin(Dice& dice) {
  const auto least = static_cast<std::int64_t>(dice.roll(4));
  return {.delay = {Duration{least}, Duration{least + static_cast<std::int64_t>(dice.roll(3))}}};
}

std::vector<Rank> random_ranks(Dice& dice, std::size_t slots) {
  std::vector<Rank> ranks(slots);
  for (Rank& rank : ranks) rank = static_cast<Rank>(dice.roll(2) == 0 ? 2 : dice.roll(3));
  return ranks;
}

// The slots that stay, in any order, and up to two new ones.
std::vector<zone::Origin> random_origins(Dice& dice, std::size_t slots, std::size_t gone) {
  std::vector<zone::Origin> origins;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if (slot == gone || dice.roll(8) == 0) continue;
    origins.insert(origins.begin() + static_cast<std::ptrdiff_t>(dice.roll(origins.size() + 1)),
                   {.from = slot});
  }
  for (std::size_t more = dice.roll(3); more > 0 && origins.size() < 4; --more) {
    origins.insert(origins.begin() + static_cast<std::ptrdiff_t>(dice.roll(origins.size() + 1)),
                   fresh_origin(dice));
  }
  return origins;
}

// A zone with the instants that it stands for.
struct Both {
  std::vector<zone::Bound> bounds;
  Moments moments;
  std::vector<Rank> ranks;
};

Both beginning(Dice& dice) {
  Origins first;
  for (std::size_t i = 1 + dice.roll(4); i > 0; --i) first.origins.push_back(fresh_origin(dice));
  Both both{.bounds = std::vector<zone::Bound>(zone::size_of(first.origins.size())),
            .moments = first.with({Instants{}}),
            .ranks = random_ranks(dice, first.origins.size())};
  zone::begin(first.origins, both.bounds);
  return both;
}

// One step: what can be next is told right, and what comes of it; false: nothing is left.
bool step(Dice& dice, Both& both) {
  const std::size_t slots = both.ranks.size();
  std::vector<std::size_t> possible;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    const bool can_be = !after(both.moments, slot, both.ranks).empty();
    EXPECT_EQ(zone::can_happen(both.bounds, slot, both.ranks), can_be);
    if (can_be) possible.push_back(slot);
  }
  if (possible.empty()) return false;
  const std::size_t slot = possible[dice.roll(possible.size())];
  const Origins next{random_origins(dice, slots, slot)};
  std::vector<zone::Bound> bounds(zone::size_of(next.origins.size()));
  zone::happen(both.bounds, slot, both.ranks, next.origins, bounds);
  both = {std::move(bounds), next.with(after(both.moments, slot, both.ranks)),
          random_ranks(dice, next.origins.size())};
  return !next.origins.empty() && both.moments.size() < 3000;
}

TEST(Zone, stands_for_the_instants_that_are_possible) {
  std::uint64_t steps = 0;
  for (std::uint64_t number = 0; number < 2000 && !testing::Test::HasFailure(); ++number) {
    SCOPED_TRACE(number);
    Dice dice(1, number);
    Both both = beginning(dice);
    for (int i = 0; i < 6; ++i) {
      EXPECT_EQ(both.bounds, bounds_of(both.moments, both.ranks.size()));
      if (!step(dice, both)) break;
      ++steps;
    }
  }
  EXPECT_GT(steps, 3000U);
}

TEST(Zone, lies_in_another_iff_all_its_instants_do) {
  std::uint64_t in = 0;
  for (std::uint64_t number = 0; number < 3000; ++number) {
    Dice dice(2, number);
    Both a = beginning(dice), b = beginning(dice);
    for (Both* both : {&a, &b}) {
      if (dice.roll(2) == 0) step(dice, *both);
    }
    if (a.ranks.size() != b.ranks.size() || a.ranks.empty()) continue;
    const bool is_in = std::ranges::includes(a.moments, b.moments);
    EXPECT_EQ(zone::includes(a.bounds, b.bounds), is_in) << number;
    in += is_in ? 1 : 0;
  }
  EXPECT_GT(in, 20U);
}

TEST(Zone, is_put_in_another_order_with_its_instants) {
  for (std::uint64_t number = 0; number < 500; ++number) {
    Dice dice(3, number);
    Both both = beginning(dice);
    step(dice, both);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < both.ranks.size(); ++i) {
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(dice.roll(i + 1)), i);
    }
    std::vector<zone::Bound> bounds(both.bounds.size());
    zone::reorder(both.bounds, order, bounds);
    Moments moments;
    for (const Instants& instants : both.moments) {
      Instants moved;
      for (const std::size_t slot : order) moved.push_back(instants[slot]);
      moments.insert(moved);
    }
    EXPECT_EQ(bounds, bounds_of(moments, order.size())) << number;
  }
}

}  // namespace
}  // namespace cacherace::sim
