// Every law against facts computed here in another way: its distribution function, mean and support;
// truncation against redrawing. Fractions are mostly stratified, so that the bounds are far tighter than
// sampling allows.
#include "sim/latency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>

#include "sim/laws.hpp"
#include "sim/random.hpp"

namespace cacherace::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr double last_fraction = 1.0 - 0x1p-53;
constexpr double ms_ns = 1e6;

Latency draw_from(const LawPtr& law, Support range = {}) {
  auto result = Latency::of(law, range);
  EXPECT_TRUE(std::holds_alternative<Latency>(result)) << std::get<std::string>(result);
  return std::get<Latency>(result);
}

std::string fault_of(const LawPtr& law, Support range) {
  auto result = Latency::of(law, range);
  return std::holds_alternative<std::string>(result) ? std::get<std::string>(result) : "none";
}

using Cdf = std::function<double(double)>;  // of x in ms

double bell(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

Cdf uniform_cdf(double a, double b) {
  return [=](double x) { return std::clamp((x - a) / (b - a), 0.0, 1.0); };
}
Cdf exponential_cdf(double mean) {
  return [=](double x) { return x <= 0.0 ? 0.0 : 1.0 - std::exp(-x / mean); };
}
Cdf normal_cdf(double mean, double stddev) {
  return [=](double x) { return bell((x - mean) / stddev); };
}
Cdf lognormal_cdf(double median, double p99) {
  const double sigma = std::log(p99 / median) / 2.3263478740408408;
  return [=](double x) { return x <= 0.0 ? 0.0 : bell(std::log(x / median) / sigma); };
}
Cdf pareto_cdf(double min, double shape) {
  return [=](double x) { return x <= min ? 0.0 : 1.0 - std::pow(min / x, shape); };
}
Cdf linear_cdf(std::vector<std::pair<double, double>> probability_at) {
  return [points = std::move(probability_at)](double x) {
    double result = 0.0;
    for (std::size_t i = 0; i < points.size() && points[i].second <= x; ++i) {
      result = points[i].first;
      if (i + 1 < points.size() && x < points[i + 1].second) {
        const auto& [p, from] = points[i];
        result = p + (points[i + 1].first - p) * (x - from) / (points[i + 1].second - from);
      }
    }
    return result;
  };
}
Cdf constant_cdf(double value) {
  return [=](double x) { return x >= value ? 1.0 : 0.0; };
}
Cdf mixture_cdf(std::vector<std::pair<double, Cdf>> parts) {
  return [parts = std::move(parts)](double x) {
    double sum = 0.0;
    for (const auto& [weight, cdf] : parts) {
      sum += weight * cdf(x);
    }
    return sum;
  };
}
// Of a law without an atom at `from`.
Cdf cut(const Cdf& cdf, double from, double to) {
  const double low = cdf(from);
  const double high = std::isinf(to) ? 1.0 : cdf(to);
  return [=](double x) { return std::clamp((cdf(x) - low) / (high - low), 0.0, 1.0); };
}

// E X = min + the integral of P(X > x), over a bounded support.
double mean_of(const Cdf& cdf, double min, double max) {
  constexpr int steps = 200'000;
  const double step = (max - min) / steps;
  double sum = 0.0;
  for (int i = 0; i < steps; ++i) {
    sum += 1.0 - cdf(min + (i + 0.5) * step);
  }
  return min + sum * step;
}

struct LawCase {
  std::string name;
  Latency latency;
  Cdf cdf;
  Support support;
  double mean = 0.0;     // ms; 0: by integration over the support
  double margin = 1e-4;  // of the mean: relative
  bool slow = false;
};

std::ostream& operator<<(std::ostream& out, const LawCase& c) {
  return out << c.name;
}

double in_ms(Duration d) {
  return static_cast<double>(nanos(d)) / ms_ns;
}

std::vector<std::pair<double, Duration>> some_quantiles() {
  return {{0.0, 1ms}, {0.5, 2ms}, {0.9, 2ms}, {0.99, 10ms}, {1.0, 50ms}};
}
std::vector<HistogramBin> some_bins() {
  return {{1ms, 0}, {2ms, 30}, {5ms, 60}, {8ms, 0}, {20ms, 10}};
}
Cdf some_quantiles_cdf() {
  return linear_cdf({{0.0, 1.0}, {0.5, 2.0}, {0.9, 2.0}, {0.99, 10.0}, {1.0, 50.0}});
}
Cdf some_bins_cdf() {
  return linear_cdf({{0.0, 1.0}, {0.3, 2.0}, {0.9, 5.0}, {0.9, 8.0}, {1.0, 20.0}});
}

// Half the reads take 2 ms to the nanosecond, some are bell-shaped around, few are in a cut tail.
LawPtr mixture_with_atom() {
  return mixture({{5.0, Latency::constant(2ms)},
                  {4.0, draw_from(normal(3ms, 500us), {1ms, 5ms})},
                  {1.0, draw_from(exponential(4ms), {10ms, std::nullopt})}});
}
Cdf mixture_with_atom_cdf() {
  return mixture_cdf({{0.5, constant_cdf(2.0)},
                      {0.4, cut(normal_cdf(3.0, 0.5), 1.0, 5.0)},
                      {0.1, cut(exponential_cdf(4.0), 10.0, INFINITY)}});
}

std::vector<LawCase> law_cases() {
  const double sigma = std::log(4.0) / 2.3263478740408408;
  std::vector<LawCase> cases = {
      {"uniform", draw_from(uniform(1ms, 3ms)), uniform_cdf(1, 3), {1ms, 3ms}, 2.0},
      {"uniform_cut", draw_from(uniform(1ms, 3ms), {2ms, 9ms}), uniform_cdf(2, 3), {2ms, 3ms}, 2.5},
      {"exponential", draw_from(exponential(5ms)), exponential_cdf(5), {}, 5.0},
      {"exponential_cut", draw_from(exponential(5ms), {2ms, 9ms}), cut(exponential_cdf(5), 2, 9), {2ms, 9ms}},
      {"exponential_max", draw_from(exponential(5ms), {0ms, 1ms}), cut(exponential_cdf(5), 0, 1), {0ms, 1ms}},
      {"exponential_tail",  // without memory: the tail from 30 means on is the law itself, moved
       draw_from(exponential(5ms), {150ms, std::nullopt}),
       [](double x) { return exponential_cdf(5)(x - 150); },
       {150ms, std::nullopt},
       155.0,
       1e-6},
      {"normal", draw_from(normal(10ms, 1ms)), normal_cdf(10, 1), {}, 10.0},
      {"normal_half",
       draw_from(normal(0ms, 3ms)),
       cut(normal_cdf(0, 3), 0, INFINITY),
       {},
       3 * std::sqrt(2 / M_PI)},
      {"normal_cut", draw_from(normal(10ms, 3ms), {8ms, 15ms}), cut(normal_cdf(10, 3), 8, 15), {8ms, 15ms}},
      {"normal_low", draw_from(normal(10ms, 1ms), {3ms, 6ms}), cut(normal_cdf(10, 1), 3, 6), {3ms, 6ms}},
      {"normal_tail",  // mirrored, so that the twin computed here keeps its precision
       draw_from(normal(10ms, 1ms), {18ms, 20ms}),
       [](double x) { return 1 - cut(normal_cdf(10, 1), 0, 2)(20 - x); },
       {18ms, 20ms}},
      {"lognormal",
       draw_from(lognormal(5ms, 20ms)),
       lognormal_cdf(5, 20),
       {},
       5 * std::exp(sigma * sigma / 2)},
      {"lognormal_cut",
       draw_from(lognormal(5ms, 20ms), {4ms, 30ms}),
       cut(lognormal_cdf(5, 20), 4, 30),
       {4ms, 30ms}},
      {"lognormal_low",
       draw_from(lognormal(5ms, 20ms), {1ms, 2ms}),
       cut(lognormal_cdf(5, 20), 1, 2),
       {1ms, 2ms}},
      {"pareto", draw_from(pareto(2ms, 2.5)), pareto_cdf(2, 2.5), {2ms, std::nullopt}, 2 * 2.5 / 1.5, 1e-3},
      {"pareto_cut", draw_from(pareto(2ms, 1.5), {3ms, 9ms}), cut(pareto_cdf(2, 1.5), 3, 9), {3ms, 9ms}},
      {"pareto_tail",
       draw_from(pareto(2ms, 2.5), {50ms, std::nullopt}),
       pareto_cdf(50, 2.5),
       {50ms, std::nullopt},
       50 * 2.5 / 1.5,
       1e-3},
      {"quantiles", draw_from(quantiles(some_quantiles())), some_quantiles_cdf(), {1ms, 50ms}},
      {"quantiles_cut",
       draw_from(quantiles(some_quantiles()), {1500us, 20ms}),
       cut(some_quantiles_cdf(), 1.5, 20),
       {1500us, 20ms}},
      {"histogram", draw_from(histogram(some_bins())), some_bins_cdf(), {1ms, 20ms}},
      {"histogram_cut",
       draw_from(histogram(some_bins()), {500us, 7ms}),
       cut(some_bins_cdf(), 0.5, 7),
       {1ms, 5ms}},
  };
  cases.push_back({"mixture",
                   draw_from(mixture_with_atom()),
                   mixture_with_atom_cdf(),
                   {1ms, std::nullopt},
                   0.5 * 2 + 0.4 * 3 + 0.1 * 14,
                   1e-4,
                   true});
  cases.push_back({"mixture_cut",
                   draw_from(mixture_with_atom(), {1500us, 12ms}),
                   cut(mixture_with_atom_cdf(), 1.5, 12),
                   {1500us, 12ms},
                   0.0,
                   1e-4,
                   true});
  cases.push_back({"mixture_gap",
                   draw_from(mixture_with_atom(), {4ms, 8ms}),
                   cut(mixture_with_atom_cdf(), 4, 8),
                   {4ms, 5ms},
                   0.0,
                   1e-4,
                   true});
  return cases;
}

class EachLaw : public testing::TestWithParam<LawCase> {
 protected:
  [[nodiscard]] int draws() const { return GetParam().slow ? 100'000 : 1'000'000; }
  [[nodiscard]] std::vector<Duration> stratified() const {
    std::vector<Duration> result;
    result.reserve(static_cast<std::size_t>(draws()));
    for (int i = 0; i < draws(); ++i) {
      result.push_back(GetParam().latency.at((i + 0.5) / draws()));
    }
    return result;
  }
};

TEST_P(EachLaw, IsMonotoneInTheFraction) {
  EXPECT_TRUE(std::ranges::is_sorted(stratified()));
  for (const double middle : {0x1p-10, 0.25, 0.5, 0.75, 1.0 - 0x1p-10}) {
    Duration before{0};
    for (int i = -200; i <= 200; ++i) {
      const Duration draw = GetParam().latency.at(middle + i * 0x1p-53);
      ASSERT_LE(before, draw) << middle << " + " << i;
      before = draw;
    }
  }
}

// The share of draws up to x is P(X <= x) but for one stratum and for the rounding to nanoseconds.
TEST_P(EachLaw, HasItsDistribution) {
  const auto draws = stratified();
  const auto n = static_cast<double>(draws.size());
  double worst = 0.0;
  for (auto at = draws.begin(); at != draws.end();) {
    const auto after = std::find_if(at, draws.end(), [at](Duration d) { return d > *at; });
    worst = std::max(worst, std::abs(static_cast<double>(after - draws.begin()) / n -
                                     GetParam().cdf(in_ms(*at) + 0.5 / ms_ns)));
    at = after;
  }
  EXPECT_LT(worst, 1.5 / n);
}

TEST_P(EachLaw, HasItsMean) {
  const LawCase& c = GetParam();
  const double expected = c.mean > 0.0 ? c.mean : mean_of(c.cdf, in_ms(c.support.min), in_ms(*c.support.max));
  double sum = 0.0;
  for (const Duration draw : stratified()) {
    sum += in_ms(draw);
  }
  EXPECT_NEAR(sum / draws(), expected, c.margin * expected);
}

TEST_P(EachLaw, KeepsToItsSupportAndReachesItsEnds) {
  const LawCase& c = GetParam();
  EXPECT_EQ(c.latency.support(), c.support);
  EXPECT_FALSE(c.latency.is_constant());
  EXPECT_LE(c.latency.at(0.0) - c.support.min, 1ns);
  const Duration top = c.latency.at(last_fraction);
  if (c.support.max) {
    EXPECT_LE(*c.support.max - top, 1ns);
  }
  Stream stream(7, 0, Purpose(1, 2));
  Duration least = Duration::max();
  Duration most{0};
  for (int i = 0; i < draws(); ++i) {
    const Duration draw = c.latency.at(stream.next_fraction());
    least = std::min(least, draw);
    most = std::max(most, draw);
  }
  EXPECT_GE(least, c.latency.at(0.0));
  EXPECT_GE(least, c.support.min);
  EXPECT_LE(most, top);
  // What lies beyond the extremes of n draws has a mass of about 1/n.
  EXPECT_LT(c.cdf(in_ms(least)), std::max(20.0 / draws(), c.cdf(in_ms(c.latency.at(0.0)))));
  EXPECT_GT(c.cdf(in_ms(most)), 1.0 - 20.0 / draws());
}

INSTANTIATE_TEST_SUITE_P(Laws, EachLaw, testing::ValuesIn(law_cases()),
                         [](const auto& tested) { return tested.param.name; });

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
