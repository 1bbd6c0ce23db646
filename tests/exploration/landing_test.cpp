// Clients that come within a window.
#include "exploration/landing.hpp"

#include <gtest/gtest.h>

#include <boost/math/special_functions/gamma.hpp>

#include "models/roles.hpp"
#include "sim/latency.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t draws = 200'000;

std::uint64_t usual(std::uint32_t number) {
  return sim::draw_pair(1, 2, sim::Purpose(3, 4), number).first;
}

// One of `draws`, equally far from each other.
std::uint64_t spread(std::uint32_t number) {
  return static_cast<std::uint64_t>((number + 0.5) / draws * 0x1p53) << 11U;
}

Particle came(sim::Duration since, MilestoneKind milestone = MilestoneKind::commit, std::uint32_t first = 0) {
  Particle particle;
  particle.anchor =
      Anchor{.who = first, .first = first, .came = Coming{.milestone = milestone, .since = since}};
  return particle;
}

std::vector<Particle> coming(std::initializer_list<sim::Duration> instants) {
  std::vector<Particle> all;
  for (const sim::Duration instant : instants) all.push_back(came(instant));
  return all;
}

// Waits of 3 ms in the mean.
class Thinking {
 public:
  [[nodiscard]] Thought thought(sim::Duration since, std::uint32_t left = 100) const {
    return {MilestoneKind::commit, since, left, law_.get(), 3e6};
  }
  [[nodiscard]] sim::Duration wait(std::uint64_t draw) const { return latency_.at(sim::fraction(draw)); }

 private:
  sim::Latency latency_ = std::get<sim::Latency>(sim::Latency::of(sim::exponential(milliseconds(3)), {}));
  sim::LawPtr law_ = latency_.law();
};

TEST(Landing, is_of_those_who_came_after_one_kind_of_milestone) {
  EXPECT_FALSE(Landing::of({}, 0.0));
  EXPECT_FALSE(Landing::of(std::vector<Particle>{{}, came(milliseconds(1))}, 0.0));
  EXPECT_FALSE(
      Landing::of(std::vector{came(milliseconds(1)), came(milliseconds(1), MilestoneKind::sleep_end)}, 0.0));
  EXPECT_FALSE(
      Landing::of(std::vector{came(milliseconds(1)), came(milliseconds(1), MilestoneKind::commit, 5)}, 0.0));
  EXPECT_TRUE(Landing::of(coming({milliseconds(1), milliseconds(2)}), 0.0));
}

// Where a wait would last beyond the beginning of the window it mostly ends within; the rest is as usual.
TEST(Landing, ends_waits_within_the_window) {
  const auto landing = Landing::of(coming({milliseconds(10), milliseconds(11)}), 0.0);
  const Thinking thinking;
  for (const auto now : {milliseconds(8), milliseconds(-20), milliseconds(10), milliseconds(15)}) {
    const Thought thought = thinking.thought(now);
    double before = 0.0, within = 0.0, before_usually = 0.0, within_usually = 0.0, landed = 0.0;
    for (std::uint32_t i = 0; i < draws; ++i) {
      const auto see = [&](std::uint64_t draw, double& early, double& timely) {
        const sim::Duration end = now + thinking.wait(draw);
        if (end < milliseconds(10)) early += 1.0 / draws;
        if (end >= milliseconds(10) && end < milliseconds(11)) timely += 1.0 / draws;
      };
      const std::uint64_t draw = landing->bent(thought, usual(i));
      see(draw, before, within);
      see(usual(i), before_usually, within_usually);
      if (landing->lands(thought, draw)) landed += 1.0 / draws;
    }
    const double share = now < milliseconds(10) ? 0.8 : 0.0;
    const double beyond = 1.0 - before_usually;
    EXPECT_NEAR(before, before_usually, 0.005) << now.count();
    EXPECT_NEAR(within, share * beyond + (1.0 - share) * within_usually, 0.005) << now.count();
    EXPECT_NEAR(landed, 1.0 - before, 1e-9) << now.count();
  }
}

// Weighed by their density, bent draws are usual ones: whether they land, must wait longer, or neither.
TEST(Landing, says_what_its_draws_weigh) {
  const Thinking thinking;
  std::vector<Particle> bad = coming({milliseconds(10), milliseconds(11)});
  constexpr auto think = sim::address_of(models::purpose(0, models::Role::think), 0);
  for (Particle& particle : bad) {  // which had thought for longer than usual
    particle.entries.push_back({.address = think, .draws = {std::uint64_t{15} << 60U, 0}, .name = think});
  }
  const auto landing = Landing::of(bad, 0.25);
  std::vector<Thought> thoughts;
  for (const auto now : {milliseconds(8), milliseconds(4), milliseconds(-60), milliseconds(12)}) {
    for (const std::uint32_t left : {1U, 2U, 15U, 500U}) thoughts.push_back(thinking.thought(now, left));
  }
  thoughts.push_back(thinking.thought(milliseconds(0)));
  thoughts.back().milestone.reset();
  thoughts.push_back(thinking.thought(milliseconds(0)));
  thoughts.back().milestone = MilestoneKind::sleep_end;
  for (const Thought& thought : thoughts) {
    std::array<double, 10> drawn{}, meant{};  // shares of tenths: of bent draws, and by the density
    const auto tenth_of = [](std::uint64_t draw) {
      return static_cast<std::size_t>(10.0 * sim::fraction(draw));
    };
    for (std::uint32_t i = 0; i < draws; ++i) {
      const std::uint64_t draw = landing->bent(thought, spread(i));
      ASSERT_GT(landing->density(thought, draw), 0.0);
      drawn[tenth_of(draw)] += 1.0 / draws;
      meant[tenth_of(spread(i))] += landing->density(thought, spread(i)) / draws;
    }
    for (std::size_t tenth = 0; tenth + 1 < drawn.size(); ++tenth) {
      EXPECT_NEAR(drawn[tenth], meant[tenth], 1e-4) << thought.left << " " << tenth;
    }
  }
}

// 20 waits of 3 ms are over long before 150 ms, usually.
TEST(Landing, makes_a_client_wait_that_would_be_done_too_early) {
  const auto landing = Landing::of(coming({milliseconds(150), milliseconds(151)}), 0.0);
  const Thinking thinking;
  constexpr std::uint32_t times = 20, runs = 20'000;
  double landed = 0.0, sum = 0.0, squares = 0.0;
  for (std::uint32_t run = 0; run < runs; ++run) {
    sim::Duration now{0};
    double density = 1.0;
    bool lands = false;
    for (std::uint32_t i = 0; i < times && !lands; ++i) {
      const Thought thought = thinking.thought(now, times - i);
      const std::uint64_t draw = landing->bent(thought, usual(run * times + i));
      density *= landing->density(thought, draw);
      lands = landing->lands(thought, draw);
      now += thinking.wait(draw);
    }
    if (!lands || now >= milliseconds(151)) continue;
    landed += 1.0 / runs;
    sum += 1.0 / density;
    squares += 1.0 / density / density;
  }
  EXPECT_GT(landed, 0.6);
  EXPECT_GT(sum * sum / squares, 0.4 * landed * runs);  // they weigh about the same
  const double truth = boost::math::gamma_q(times, 50.0) * -std::expm1(-1.0 / 3.0);
  EXPECT_NEAR(sum / runs, truth, 0.03 * truth);
}

// How fast a Poisson process goes of which no more than so many may come.
TEST(Landing, slows_down_as_what_must_not_come_too_often) {
  for (const double usual : {0.1, 1.0, 5.0, 20.0, 60.0, 500.0}) {
    for (const double most : {0.0, 1.0, 3.0, 12.0, 13.0, 39.0, 80.0, 400.0}) {
      const double all = boost::math::gamma_q(most + 1.0, usual);
      if (all < 1e-290) continue;
      const double rate = most == 0.0 ? 0.0 : boost::math::gamma_q(most, usual) / all;
      EXPECT_NEAR(hazard_to_last(usual, most), rate, 0.02) << usual << " " << most;
    }
  }
}

TEST(LandedNames, count_what_comes_after_landing) {
  LandedNames names;
  names.begin();
  constexpr auto get = sim::name_of(models::purpose(7, models::Role::redis_legs), 1, 12);
  constexpr auto select = sim::name_of(models::purpose(7, models::Role::mysql_legs), 4, 3);
  EXPECT_FALSE(names.next(get, 5));
  names.land();
  const auto first = names.next(get, 5), other = names.next(select, 5), second = names.next(get, 5);
  ASSERT_TRUE(first && other && second);
  EXPECT_EQ(*first, sim::renamed(get, 5, 0));
  EXPECT_EQ(*other, sim::renamed(select, 5, 0));
  EXPECT_EQ(*second, sim::renamed(get, 5, 1));
  EXPECT_FALSE(names.next(get, 5));
  names.begin();
  EXPECT_FALSE(names.next(get, 5));
}

}  // namespace
}  // namespace cacherace::exploration
