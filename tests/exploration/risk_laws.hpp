// Runs whose risk is known in closed form.
#pragma once

#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "exploration/risk_certify.hpp"
#include "exploration/risk_interval.hpp"
#include "models/roles.hpp"

namespace cacherace::exploration {

// What replications say at a value, alone or with the later ones.
inline std::vector<double> at(const std::vector<ReplicationEstimate>& all, std::size_t value) {
  std::vector<double> values;
  for (const auto& estimate : all) values.push_back(estimate.at[value]);
  return values;
}

inline std::vector<double> from(const std::vector<ReplicationEstimate>& all, std::size_t value) {
  std::vector<double> values;
  for (const auto& estimate : all) values.push_back(estimate.from[value]);
  return values;
}

// How far the mean is from the truth, in standard errors.
inline double deviation(const std::vector<double>& estimates, double truth) {
  const auto count = static_cast<double>(estimates.size());
  double mean = 0.0;
  for (const double estimate : estimates) mean += estimate / count;
  return (mean - truth) / (scatter_of(estimates) * mean / std::sqrt(count));
}

// The sum of independent uniform numbers around 0, of these widths. For x <= 0, where only few terms do not
// vanish and nothing cancels, and by symmetry elsewhere:
//   P(sum < x) = 1 / (n! product of widths) * sum over all signs of (product of signs) (x + half the signed
//   sum of widths)^n, as far as that is positive.
template <std::size_t N>
class UniformSum {
 public:
  explicit UniformSum(const std::array<long double, N>& widths) : widths_(widths) {}

  [[nodiscard]] long double density(long double x) const { return term_sum(-std::abs(x), N - 1); }
  // P(sum > x), x >= 0.
  [[nodiscard]] long double above(long double x) const { return term_sum(-x, N); }

 private:
  [[nodiscard]] long double term_sum(long double x, std::size_t power) const {
    long double sum = 0.0L, scale = 1.0L;
    for (std::size_t signs = 0; signs < (std::size_t{1} << N); ++signs) {
      long double base = x, sign = 1.0L;
      for (std::size_t i = 0; i < N; ++i) {
        const bool plus = (signs >> i & 1U) != 0;
        base += (plus ? 0.5L : -0.5L) * widths_[i];
        if (!plus) sign = -sign;
      }
      if (base > 0.0L) sum += sign * std::pow(base, static_cast<long double>(power));
    }
    for (std::size_t i = 0; i < N; ++i) scale *= widths_[i];
    for (std::size_t i = 2; i <= power; ++i) scale *= static_cast<long double>(i);
    return sum / scale;
  }

  std::array<long double, N> widths_;
};

// article/late-reader: the probability that a run is stuck with a sleep of `sleep` ms, by integration.
//
// The commit is at C = start + DEL (two legs) + the UPDATE's request, the SELECT at A = start + GET (two
// legs) + its request. The old row is read if G = C - A > 0. The fill takes effect at A + its SELECT's reply
// + its SET's request, the second DEL at C + its UPDATE's reply + sleep + its request; the fill is later if
// W = (reply + request) - (reply + request) > sleep + G. G and W are independent sums of uniform numbers.
inline double late_reader_risk(double sleep) {
  static const UniformSum<8> g({20, 20, 2, 2, 2, 2, 8, 8});
  static const UniformSum<4> w({8, 8, 2, 2});
  constexpr long double longest = 10.0L;
  constexpr int panels = 40;
  const long double length = (longest - static_cast<long double>(sleep)) / panels;
  if (length <= 0.0L) return 0.0;
  long double sum = 0.0L;
  for (int i = 0; i < panels; ++i) {
    sum += boost::math::quadrature::gauss<long double, 15>::integrate(
        [&](long double x) { return g.density(x) * w.above(static_cast<long double>(sleep) + x); },
        length * i, length * (i + 1));
  }
  return static_cast<double>(sum);
}

// Where a risk that falls comes down to `wanted`.
inline double where(const std::function<double(double)>& risk, double wanted, double low, double high) {
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (risk(middle) > wanted ? low : high) = middle;
  }
  return high;
}

// Bad at a value, in ns: the sum of three uniform numbers, of a million each, is greater.
class ThreeUniforms final : public PlayedRuns {
 public:
  explicit ThreeUniforms(std::vector<sim::Duration> values) : values_(std::move(values)) {}

  bool bad_at(std::size_t value) override {
    double sum = 0.0;
    for (std::uint32_t i = 0; i < 3; ++i) {
      sum += sim::fraction(sim::draw_pair(0, sim::played_run, sim::Purpose(0, 1), i).first);
    }
    return sum * 1e6 > static_cast<double>(sim::nanos(values_[value]));
  }
  static double risk(double value) {
    const double rest = 3.0 - value / 1e6;
    if (rest <= 0.0) return 0.0;
    return rest >= 2.0  ? 1.0 - std::pow(3.0 - rest, 3) / 6.0
           : rest > 1.0 ? 1.0 - (std::pow(3.0 - rest, 3) - 3.0 * std::pow(2.0 - rest, 3)) / 6.0
                        : std::pow(rest, 3) / 6.0;
  }

 private:
  std::vector<sim::Duration> values_;
};

// Bad at each value: the first draw lies within its intervals.
class Intervals final : public PlayedRuns {
 public:
  using Parts = std::vector<std::pair<double, double>>;
  explicit Intervals(std::vector<Parts> values) : values_(std::move(values)) {}

  bool bad_at(std::size_t value) override {
    const double draw = sim::fraction(sim::draw_pair(0, sim::played_run, sim::Purpose(0, 1), 0).first);
    for (const auto& [from, to] : values_[value]) {
      if (draw >= from && draw < to) return true;
    }
    return false;
  }
  [[nodiscard]] double risk(std::size_t value) const {
    double sum = 0.0;
    for (const auto& [from, to] : values_[value]) sum += to - from;
    return sum;
  }

 private:
  std::vector<Parts> values_;
};

// Moves that take the first `count` draws of that purpose, alike often, drawing them anew.
inline MovePlan moves_of_first(std::uint32_t count) {
  MovePlan plan;
  for (std::uint32_t i = 0; i < count; ++i) {
    plan.coordinates.push_back({sim::address_of(sim::Purpose(0, 1), i), false});
    plan.cumulative.push_back(i + 1.0);
    plan.sines.push_back(1.0);
  }
  return plan;
}

inline std::vector<SplittingPlan::Level> alike(std::size_t values, std::uint32_t moves) {
  return std::vector<SplittingPlan::Level>(values, {.moves = moves});
}

// Three clients alike that think some times, each time exponentially long: bad at a value if one of them
// comes between then and `end`. That it has not come too often before is rare, and that it comes just then.
class TimelyClients final : public PlayedRuns {
 public:
  static constexpr std::uint32_t clients = 3, times = 20;
  static constexpr double mean = 1e6, end = 5e7;  // ns

  explicit TimelyClients(std::vector<sim::Duration> values) : values_(std::move(values)) {}

  bool bad_at(std::size_t value) override {
    const double from = sim::in_ns(values_[value]);
    anchor_.reset();
    for (std::uint32_t who = 1; who <= clients; ++who) {
      now_ = 0.0;
      for (std::uint32_t i = 0; i < times; ++i) {
        const auto draws = sim::draw_pair(0, sim::played_run, models::purpose(who, models::Role::think), i);
        now_ += law_->quantile(sim::fraction(draws.first));
        if (now_ < from || now_ >= end) continue;
        const Coming came{.since = sim::Duration(std::llround(now_)), .thoughts = i + 1};
        anchor_ = {.who = who, .first = 1, .alike = clients, .came = came};
      }
    }
    return anchor_.has_value();
  }
  [[nodiscard]] std::optional<Anchor> anchor(std::size_t) const override { return anchor_; }
  [[nodiscard]] std::optional<Thought> thought(std::uint32_t, std::uint32_t number) override {
    return Thought{.milestone = MilestoneKind::commit,
                   .since = sim::Duration(std::llround(now_)),
                   .left = times - number,
                   .law = law_.get(),
                   .mean = mean};
  }

  // Comings are a Poisson process as long as there were fewer than `times`.
  static double risk(double value) {
    const double one = boost::math::gamma_q(times, value / mean) * -std::expm1((value - end) / mean);
    return -std::expm1(clients * std::log1p(-one));
  }

 private:
  std::vector<sim::Duration> values_;
  sim::LawPtr law_ = sim::exponential(sim::Duration(static_cast<std::int64_t>(mean)));
  double now_ = 0.0;
  std::optional<Anchor> anchor_;
};

}  // namespace cacherace::exploration
