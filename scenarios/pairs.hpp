// The same runs on two sides, taken in pairs: common random numbers make the difference of two strategies
// known far better than each of them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/experiment.hpp"
#include "scenarios/trial.hpp"
#include "scenarios/wide.hpp"

namespace cacherace::scenarios {

// What a run is or is not, by the path of the figure that says how often.
inline constexpr std::array<std::string_view, 2> event_figures = {"stuck.probability",
                                                                  "linearizability.probability"};

// In how many pairs of runs an event was on both sides, or on one alone.
struct PairedEvent {
  std::uint64_t both = 0;
  std::uint64_t only_a = 0;
  std::uint64_t only_b = 0;
};

// Figures that are a sum over runs divided by another one, and whether they are a share in [0, 1].
struct RatioFigure {
  std::string_view path;
  bool is_share;
};
inline constexpr std::array<RatioFigure, 8> ratio_figures = {{{"reads.stale_share", true},
                                                              {"reads.outdated_share", true},
                                                              {"windows.state_time_share", true},
                                                              {"latency.read.mean_ns", false},
                                                              {"latency.write.mean_ns", false},
                                                              {"cache.hit_ratio", true},
                                                              {"database.reads", false},
                                                              {"database.writes", false}}};

// Sums over pairs of runs of x_a, y_a, x_b, y_b and of their products, where the figure of side a is the sum
// of x_a divided by that of y_a. Of the counts `database.…` y is 1. Exact integers.
struct PairedRatio {
  enum Variable : std::uint8_t { x_a, y_a, x_b, y_b };
  static constexpr std::size_t variables = 4;

  std::array<Wide, variables> sums{};
  std::array<Wide, variables*(variables + 1) / 2> products{};
  std::uint64_t runs_with_x = 0;  // where x_a or x_b is not 0

  void add(const std::array<std::uint64_t, variables>& values);
  void merge(const PairedRatio& other);
  [[nodiscard]] Wide product(std::size_t one, std::size_t other) const;
};

struct PairedSums {
  std::uint64_t pairs = 0;  // of runs that met no limit on either side
  std::array<PairedEvent, event_figures.size()> events{};
  std::array<PairedRatio, ratio_figures.size()> ratios{};

  void add(const JudgedRun& a, const JudgedRun& b);
  void merge(const PairedSums& other);
};

struct Side {
  const Scenario* scenario;
  StrategyChoice strategy;
  std::uint64_t runs;
};

struct PairedResult {
  StrategyResult a, b;  // without expectations
  PairedSums sums;
};

// Runs both sides; the runs that both have are paired. The result does not depend on options.jobs. Where
// options.stop was set it is of the runs that were finished.
PairedResult run_pairs(const Side& a, const Side& b, const ExperimentOptions& options);

}  // namespace cacherace::scenarios
