// Latencies as a scenario uses them: rounding, precision, truncation against redrawing, mixtures, faults.
#include "sim/latency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/laws.hpp"
#include "sim/random.hpp"
#include "tests/sim/sample_laws.hpp"

namespace cacherace::sim {
namespace {

using testing::HasSubstr;

std::string fault_of(const LawPtr& law, Support range) {
  auto result = Latency::of(law, range);
  return std::holds_alternative<std::string>(result) ? std::get<std::string>(result) : "none";
}

TEST(Latency, ConstantsAreConstant) {
  EXPECT_EQ(Latency().at(0.7), 0ns);
  EXPECT_TRUE(Latency().is_constant());
  EXPECT_EQ(Latency().support(), (Support{0ns, 0ns}));
  const Latency constant = Latency::constant(5ms);
  EXPECT_EQ(constant.at(0.0), 5ms);
  EXPECT_EQ(constant.at(last_fraction), 5ms);
  EXPECT_EQ(constant.support(), (Support{5ms, 5ms}));
  for (const LawPtr& law : {point(5ms), uniform(5ms, 5ms), normal(5ms, 0ms), lognormal(5ms, 5ms),
                            quantiles({{0.0, 5ms}, {1.0, 5ms}}),
                            mixture({{1.0, Latency::constant(5ms)}, {2.0, draw_from(uniform(5ms, 5ms))}})}) {
    const Latency latency = draw_from(law, {1ms, 5ms});
    EXPECT_TRUE(latency.is_constant());
    EXPECT_EQ(latency.at(0.3), 5ms);
  }
  EXPECT_EQ(draw_from(histogram({{0ms, 4}, {5ms, 0}})).support(), (Support{0ns, 0ns}));
}

TEST(Latency, RoundsToTheNearestNanosecond) {
  const Latency two = draw_from(uniform(3ns, 5ns));
  EXPECT_EQ(two.at(0.0), 3ns);
  EXPECT_EQ(two.at(0.25 - 0x1p-53), 3ns);
  EXPECT_EQ(two.at(0.25), 4ns);
  EXPECT_EQ(two.at(0.75 - 0x1p-53), 4ns);
  EXPECT_EQ(two.at(last_fraction), 5ns);
  // A mixture is searched for, and rounds the same.
  const Latency searched = draw_from(mixture({{1.0, two}, {1.0, Latency::constant(9ns)}}));
  EXPECT_EQ(searched.at(0.125 - 0x1p-53), 3ns);
  EXPECT_EQ(searched.at(0.125), 4ns);
  EXPECT_EQ(searched.at(0.5 - 0x1p-53), 5ns);
  EXPECT_EQ(searched.at(0.5), 9ns);
}

TEST(Latency, KeepsThePrecisionOfUpperTails) {
  // One grid step below 1 is the 2^-53 tail.
  EXPECT_NEAR(in_ms(draw_from(exponential(1s)).at(last_fraction)), 53e3 * std::log(2.0), 1e-3);
  const double z = in_ms(draw_from(normal(10s, 1s)).at(last_fraction)) / 1e3 - 10.0;
  EXPECT_NEAR(bell(-z) / 0x1p-53, 1.0, 1e-6);
  // Twenty standard deviations out, the median of what is left halves the tail.
  const double far = in_ms(draw_from(normal(10s, 1s), {30s, std::nullopt}).at(0.5)) / 1e3 - 10.0;
  EXPECT_NEAR(bell(-far) / bell(-20.0), 0.5, 1e-6);
  // Laws whose tails look alike at every distance can be cut where no double holds the probability.
  EXPECT_EQ(draw_from(exponential(1ms), {1h, std::nullopt}).at(0.5),
            1h + draw_from(exponential(1ms)).at(0.5));
  EXPECT_EQ(draw_from(pareto(1ms, 200.0), {1s, std::nullopt}).at(0.5), draw_from(pareto(1s, 200.0)).at(0.5));
}

TEST(Latency, NeverOverflows) {
  const std::vector<Latency> wide = {draw_from(exponential(Duration::max())), draw_from(pareto(1h, 0.01)),
                                     draw_from(lognormal(1ns, 1000000h)),
                                     draw_from(normal(1ns, Duration::max()))};
  for (const Latency& latency : wide) {
    EXPECT_EQ(latency.at(last_fraction), longest_draw);
    EXPECT_EQ(latency.support().max, std::nullopt);
    EXPECT_GE(latency.at(0.0), 0ns);
  }
  const Latency bounded = draw_from(uniform(0ns, Duration::max()));
  EXPECT_LE(bounded.at(last_fraction), Duration::max());
  EXPECT_GT(bounded.at(last_fraction), longest_draw);
  EXPECT_EQ(draw_from(normal(1ns, 1h)).at(0.0), 0ns);
}

// Two samples of one law differ by less than this in 999 of 1000 cases (Smirnov).
double smirnov_bound(std::size_t n) {
  return 1.95 * std::sqrt(2.0 / static_cast<double>(n));
}

double greatest_difference(std::vector<Duration> a, std::vector<Duration> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  double worst = 0.0;
  for (const Duration x : a) {
    const auto in_a = std::ranges::upper_bound(a, x) - a.begin();
    const auto in_b = std::ranges::upper_bound(b, x) - b.begin();
    worst = std::max(worst, std::abs(static_cast<double>(in_a - in_b)) / static_cast<double>(a.size()));
  }
  return worst;
}

TEST(Latency, TruncationIsLikeRedrawing) {
  const std::vector<LawPtr> laws = {uniform(1ms, 9ms),      exponential(3ms),   normal(4ms, 2ms),
                                    lognormal(3ms, 12ms),   pareto(1ms, 1.2),   quantiles(some_quantiles()),
                                    histogram(some_bins()), mixture_with_atom()};
  const Support range{2ms, 8ms};  // both ends inside, an atom on the lower one
  constexpr std::size_t n = 20'000;
  std::uint32_t number = 0;
  for (const LawPtr& law : laws) {
    const Latency whole = draw_from(law);
    const Latency part = draw_from(law, range);
    Stream stream(3, number, Purpose(0, 0));
    Stream other(3, number++, Purpose(0, 1));
    std::vector<Duration> redrawn;
    std::vector<Duration> direct;
    while (redrawn.size() < n) {
      const Duration draw = whole.at(stream.next_fraction());
      if (range.min <= draw && draw <= *range.max) {
        redrawn.push_back(draw);
        direct.push_back(part.at(other.next_fraction()));
      }
    }
    EXPECT_LT(greatest_difference(redrawn, direct), smirnov_bound(n)) << "law " << number;
  }
}

TEST(Latency, TruncationsNest) {
  const auto twice = [](const LawPtr& law) {
    return draw_from(draw_from(law, {1500us, 12ms}).law(), {1ms, 6ms});
  };
  for (const LawPtr& law : {exponential(3ms), normal(4ms, 2ms), lognormal(3ms, 12ms), pareto(1ms, 1.2),
                            uniform(1ms, 9ms), quantiles(some_quantiles()), mixture_with_atom()}) {
    const Latency once = draw_from(law, {1500us, 6ms});
    EXPECT_EQ(twice(law).support(), once.support());
    for (const double fraction : {0.0, 0.1, 0.45, 0.8, last_fraction}) {
      EXPECT_NEAR(in_ms(twice(law).at(fraction)), in_ms(once.at(fraction)), 1e-5);
    }
  }
}

TEST(Latency, MixturesWeighTheMassWithinTheRange) {
  // 0.75 * 1/2 of the uniform law and 0.25 of the constant are left: 0.6 to 0.4.
  const Latency left =
      draw_from(mixture({{3.0, draw_from(uniform(0ms, 4ms))}, {1.0, Latency::constant(4ms)}}), {2ms, 9ms});
  EXPECT_EQ(left.support(), (Support{2ms, 4ms}));
  EXPECT_EQ(left.at(0.3), 3ms);
  EXPECT_EQ(left.at(0.6 + 1e-9), 4ms);
  EXPECT_LT(left.at(0.6 - 1e-6), 4ms);
  // A single part that is left is drawn as such; weight 0 is nothing.
  const LawPtr apart = mixture({{1.0, draw_from(uniform(0ms, 1ms))},
                                {1.0, draw_from(uniform(3ms, 5ms))},
                                {0.0, Latency::constant(9ms)}});
  EXPECT_EQ(draw_from(apart).support(), (Support{0ms, 5ms}));
  EXPECT_EQ(draw_from(apart, {2ms, 9ms}).at(0.5), 4ms);
  EXPECT_EQ(draw_from(apart, {1500us, 4ms}).support(), (Support{3ms, 4ms}));
  // Nested, and with one upper end missing.
  const Latency nested = draw_from(
      mixture({{1.0, left}, {1.0, draw_from(mixture({{1.0, left}, {1.0, draw_from(exponential(1ms))}}))}}));
  EXPECT_EQ(nested.support(), (Support{0ms, std::nullopt}));
}

TEST(Latency, MixturesCompareTailsThatUnderflow) {
  const Latency slow = draw_from(exponential(2ms));
  const LawPtr untruncated = mixture({{0.5, draw_from(exponential(1ms))}, {0.5, slow}});
  EXPECT_EQ(draw_from(untruncated, {2s, std::nullopt}).at(0.5), 2s + slow.at(0.5));
  // A part's own truncation comes first: here the fast part is all that is left.
  const Latency fast = draw_from(exponential(1ms), {2s, std::nullopt});
  EXPECT_EQ(draw_from(mixture({{0.5, fast}, {0.5, slow}}), {2s, std::nullopt}).at(0.5), fast.at(0.5));
}

TEST(Latency, ARangeWithoutMassIsAFault) {
  const std::string fault = fault_of(uniform(1ms, 3ms), {4ms, 5500us});
  EXPECT_THAT(fault, HasSubstr("no mass in the range [4ms, 5500us]"));
  EXPECT_THAT(fault, HasSubstr("the distribution lies within [1ms, 3ms]"));
  EXPECT_THAT(fault_of(pareto(2s, 1.0), {0ns, 1500ms}), HasSubstr("within [2s, no upper end)"));
  EXPECT_THAT(fault_of(exponential(1ms), {5ms, 4ms}), HasSubstr("the range [5ms, 4ms] is empty"));
  EXPECT_THAT(fault_of(point(5ms), {6ms, std::nullopt}),
              HasSubstr("no mass in the range [6ms, no upper end)"));
  // A continuous law has no mass on a single point, not even on its end.
  EXPECT_THAT(fault_of(uniform(1ms, 3ms), {3ms, 5ms}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(exponential(1ms), {5ms, 5ms}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(normal(10ms, 1ms), {1h, std::nullopt}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(lognormal(1ms, 2ms), {0ns, 0ns}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(quantiles(some_quantiles()), {50ms, 60ms}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(histogram(some_bins()), {5ms, 8ms}), HasSubstr("no mass"));
  EXPECT_THAT(fault_of(mixture_with_atom(), {6ms, 9ms}), HasSubstr("no mass"));
  EXPECT_EQ(fault_of(point(5ms), {5ms, 5ms}), "none");
  EXPECT_EQ(fault_of(quantiles(some_quantiles()), {2ms, 2ms}), "none");
}

// The same in every build type: optimised, with assertions, with sanitizers.
TEST(Latency, DrawsArePinned) {
  const auto draws = [](const LawPtr& law) {
    const Latency latency = draw_from(law);
    return std::vector<std::int64_t>{latency.at(0.1).count(), latency.at(0.5).count(),
                                     latency.at(0.999).count()};
  };
  using Draws = std::vector<std::int64_t>;
  EXPECT_EQ(draws(uniform(1ms, 3ms)), (Draws{1'200'000, 2'000'000, 2'998'000}));
  EXPECT_EQ(draws(exponential(5ms)), (Draws{526'803, 3'465'736, 34'538'776}));
  EXPECT_EQ(draws(normal(10ms, 1ms)), (Draws{8'718'448, 10'000'000, 13'090'232}));
  EXPECT_EQ(draws(lognormal(5ms, 20ms)), (Draws{2'329'720, 5'000'000, 31'529'978}));
  EXPECT_EQ(draws(pareto(2ms, 2.5)), (Draws{2'086'090, 2'639'016, 31'697'864}));
  EXPECT_EQ(draws(histogram(some_bins())), (Draws{1'333'333, 3'000'000, 19'880'000}));
  EXPECT_EQ(draws(mixture_with_atom()), (Draws{2'000'000, 2'000'000, 28'420'681}));
}

}  // namespace
}  // namespace cacherace::sim
