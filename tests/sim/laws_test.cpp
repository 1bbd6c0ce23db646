// Every law against facts computed here in another way: its distribution function, mean and support.
// Fractions are mostly stratified, so that the bounds are far tighter than sampling allows.
#include "sim/laws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>

#include "sim/random.hpp"
#include "tests/sim/sample_laws.hpp"

namespace cacherace::sim {
namespace {

using Cdf = std::function<double(double)>;  // of x in ms

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

Cdf some_quantiles_cdf() {
  return linear_cdf({{0.0, 1.0}, {0.5, 2.0}, {0.9, 2.0}, {0.99, 10.0}, {1.0, 50.0}});
}
Cdf some_bins_cdf() {
  return linear_cdf({{0.0, 1.0}, {0.3, 2.0}, {0.9, 5.0}, {0.9, 8.0}, {1.0, 20.0}});
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

}  // namespace
}  // namespace cacherace::sim
