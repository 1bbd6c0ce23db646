// The risk of article/sleep-too-short far in its tail, by other means: plain runs say when old rows are read
// and when the second DEL takes effect, and what must come between, a slow reply and a slow SET, is a
// distribution function.
#pragma once

#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "exploration/risk_interval.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::exploration {

// A lognormal law by its median and its 99 % quantile, of which only what is at most `max` is drawn; in ms.
class CutLognormal {
 public:
  CutLognormal(double median, double p99, double max)
      : law_(std::log(median),
             std::log(p99 / median) / quantile(boost::math::normal_distribution<double>(), 0.99)),
        max_(max),
        mass_(cdf(law_, max)) {}

  [[nodiscard]] double above(double x) const {
    if (x <= 0.0) return 1.0;
    return x >= max_ ? 0.0 : (cdf(complement(law_, x)) - cdf(complement(law_, max_))) / mass_;
  }
  [[nodiscard]] double density(double x) const { return x <= 0.0 || x >= max_ ? 0.0 : pdf(law_, x) / mass_; }
  [[nodiscard]] double max() const { return max_; }

 private:
  boost::math::lognormal_distribution<double> law_;
  double max_, mass_;
};

// P(reply + request > x), x in ms, interpolated in a table.
class SlowFill {
 public:
  SlowFill() {
    for (int i = 0; i <= steps; ++i) table_.push_back(std::log(exactly(from + i * width)));
  }

  [[nodiscard]] double above(double x) const {
    if (x < from) return exactly(x);
    const double place = (x - from) / width;
    const auto i = static_cast<std::size_t>(place);
    if (i + 1 >= table_.size()) return 0.0;
    return std::exp(table_[i] + (place - static_cast<double>(i)) * (table_[i + 1] - table_[i]));
  }

 private:
  // The request is the shorter one: a sum over its law, in steps that grow with it.
  [[nodiscard]] double exactly(double x) const {
    constexpr double grain = 1.002;
    double sum = 0.0;
    for (double a = 0.001; a < request_.max(); a *= grain) {
      const double b = std::min(a * grain, request_.max());
      sum += reply_.above(x - std::sqrt(a * b)) * (request_.above(a) - request_.above(b));
    }
    return sum;
  }

  static constexpr double from = 20.0, width = 0.01;
  static constexpr int steps = 3490;
  CutLognormal reply_{0.88, 9.9, 50.0}, request_{0.11, 0.68, 5.0};
  std::vector<double> table_;
};

// The risk at each of these sleeps, with the 99 % interval that many runs give. Of two slow fills in one run
// each counts: beyond 20 ms these are too seldom to be seen.
inline std::vector<RiskEstimate> tail_risks(const scenarios::Scenario& scenario,
                                            const std::vector<sim::Duration>& sleeps, std::uint64_t runs) {
  const SlowFill fill;
  scenarios::StrategyChoice strategy = scenario.strategies.front();
  strategy.parameters.set_raw("sleep", sim::nanos(sleeps.front()));
  scenarios::Simulation simulation(scenario, strategy);
  std::vector<double> sums(sleeps.size()), squares(sleeps.size());
  for (std::uint64_t run = 0; run < runs; ++run) {
    simulation.run(run);
    sim::Time last_delete{};
    std::vector<sim::Time> old_reads;
    for (const models::Record& record : simulation.records()) {
      if (record.fact == models::Fact::cache_deleted) last_delete = record.at;
      if (record.fact == models::Fact::selected && record.row.version == 0) old_reads.push_back(record.at);
    }
    for (std::size_t i = 0; i < sleeps.size(); ++i) {
      double risk = 0.0;
      for (const sim::Time read : old_reads) {
        const sim::Duration gap = last_delete - read + sleeps[i] - sleeps.front();
        risk += fill.above(std::chrono::duration<double, std::milli>(gap).count());
      }
      sums[i] += risk;
      squares[i] += risk * risk;
    }
  }
  std::vector<RiskEstimate> found;
  const auto count = static_cast<double>(runs);
  for (std::size_t i = 0; i < sleeps.size(); ++i) {
    const double mean = sums[i] / count, variance = squares[i] / count - mean * mean;
    const double margin = 2.576 * std::sqrt(variance / count);
    found.push_back({mean, mean - margin, mean + margin, true});
  }
  return found;
}

}  // namespace cacherace::exploration
