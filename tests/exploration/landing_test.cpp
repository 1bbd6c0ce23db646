// Waits that end within a window.
#include "exploration/landing.hpp"

#include <gtest/gtest.h>

#include "sim/latency.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t draws = 200'000;

std::uint64_t usual(std::uint32_t number) {
  return sim::draw_pair(1, 2, sim::Purpose(3, 4), number).first;
}

std::vector<Particle> coming(std::initializer_list<std::optional<sim::Duration>> instants) {
  std::vector<Particle> all;
  for (const auto& instant : instants) {
    all.emplace_back();
    all.back().anchor = Anchor{.came = instant};
  }
  return all;
}

sim::Latency thinking() {
  return std::get<sim::Latency>(sim::Latency::of(sim::exponential(milliseconds(3)), {}));
}

TEST(Landing, is_of_those_who_came_after_a_milestone) {
  EXPECT_FALSE(Landing::of(coming({}), 0.0));
  EXPECT_FALSE(Landing::of(coming({std::nullopt, milliseconds(1)}), 0.0));
  EXPECT_TRUE(Landing::of(coming({milliseconds(1), milliseconds(2)}), 0.0));
}

// Where a wait would last beyond the beginning of the window it mostly ends within; the rest is as usual.
TEST(Landing, ends_waits_within_the_window) {
  const auto landing = Landing::of(coming({milliseconds(10), milliseconds(11)}), 0.0);
  const sim::Latency latency = thinking();
  const auto law = latency.law();
  for (const auto& [now, landing_share] : {std::pair(milliseconds(8), 0.8 * std::exp(-2.0 / 3.0)),
                                           {milliseconds(-20), 0.8 * std::exp(-10.0)},
                                           {milliseconds(10), 0.0},
                                           {milliseconds(15), 0.0}}) {
    const Thought thought{now, law.get()};
    const auto lands = [&](std::uint64_t draw) {
      const sim::Duration end = now + latency.at(sim::fraction(draw));
      return end >= milliseconds(10) && end < milliseconds(11);
    };
    double landed = 0.0, usually = 0.0;
    for (std::uint32_t i = 0; i < draws; ++i) {
      if (lands(usual(i))) usually += 1.0 / draws;
      if (lands(landing->bent(thought, nullptr, usual(i)))) landed += 1.0 / draws;
    }
    EXPECT_NEAR(landed, landing_share + (1.0 - landing_share) * usually, 0.005) << now.count();
  }
}

// Weighed by their density, bent draws are usual ones: of any law, landing or not.
TEST(Landing, says_what_its_draws_weigh) {
  const auto landing = Landing::of(coming({milliseconds(10), milliseconds(11)}), 0.25);
  const sim::Latency latency = thinking();
  const auto law = latency.law();
  BinCounts counts;
  for (std::uint32_t i = 0; i < 500; ++i) counts.add(usual(i) / 2 + (std::uint64_t{1} << 63U), 1.0);
  const auto other = BentLaw::of(counts);
  ASSERT_TRUE(other);
  for (const BentLaw* const with : {static_cast<const BentLaw*>(nullptr), &*other}) {
    for (const auto now : {milliseconds(8), milliseconds(4), milliseconds(12)}) {
      const Thought thought{now, law.get()};
      std::array<double, 10> tenths{};
      for (std::uint32_t i = 0; i < draws; ++i) {
        const std::uint64_t draw = landing->bent(thought, with, usual(i));
        const double density = landing->density(thought, with, draw);
        ASSERT_GT(density, 0.0);
        tenths[static_cast<std::size_t>(10.0 * sim::fraction(draw))] += 1.0 / density / draws;
      }
      for (const double tenth : tenths) EXPECT_NEAR(tenth, 0.1, 0.01) << now.count();
    }
  }
}

TEST(Landing, leaves_waits_alone_that_are_always_the_same) {
  const auto landing = Landing::of(coming({milliseconds(10), milliseconds(11)}), 0.0);
  const Thought thought{milliseconds(8), nullptr};
  EXPECT_EQ(landing->bent(thought, nullptr, 123456789), 123456789U);
  EXPECT_EQ(landing->density(thought, nullptr, 123456789), 1.0);
}

}  // namespace
}  // namespace cacherace::exploration
