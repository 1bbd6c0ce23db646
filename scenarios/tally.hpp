// Sums up verdicts over runs. Tallies of different threads merge to the same result in any order.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "scenarios/histogram.hpp"
#include "scenarios/intervals.hpp"
#include "scenarios/result.hpp"
#include "scenarios/trial.hpp"
#include "verify/verdict.hpp"

namespace cacherace::scenarios {

class Tally {
 public:
  // Nothing: a run that met a limit.
  void add(std::uint64_t run, const std::optional<JudgedRun>& judged);
  void merge(const Tally& other);

  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  // Everything but expectations.
  [[nodiscard]] StrategyResult summary(const StrategyChoice& strategy) const;

 private:
  struct Windows {
    std::uint64_t count = 0;
    std::uint64_t runs = 0;
    Wide total_ns = 0;
    std::uint64_t open = 0;
    Histogram closed;

    void add(std::int64_t length_ns, bool is_open);
    void merge(const Windows& other);
    [[nodiscard]] WindowFigures summary() const;
  };
  // The greatest rate of SELECTs in any window so far: two integers, which merge exactly.
  struct Busiest {
    std::uint64_t count = 0;
    std::int64_t window_ns = load_window_ns;

    void take(const Busiest& other);
  };
  // The sums that one run adds, counted while its findings are gone through.
  struct OfRun {
    std::uint64_t reads = 0;
    std::uint64_t stale = 0;
    std::uint64_t outdated = 0;
    bool dirty = false;
    bool inversion = false;
  };

  void add_operations(const verify::Execution& execution, OfRun& of_run);
  void add_findings(const verify::Execution& execution, const verify::Verdict& verdict, OfRun& of_run);
  void add_windows(const verify::Execution& execution, const verify::Verdict& verdict);
  void add_traffic(const Traffic& traffic, std::int64_t length_ns);
  void add_stuck(const verify::Execution& execution, const verify::Verdict& verdict);
  void note_violation(std::uint64_t run, const verify::Verdict& verdict, const OfRun& of_run);

  std::uint64_t runs_ = 0, incomplete_ = 0;
  std::uint64_t violating_ = 0, stuck_ = 0, permanently_stuck_ = 0;
  std::uint64_t reads_ = 0, outdated_ = 0, stale_ = 0, dirty_ = 0, inversions_ = 0;
  std::uint64_t writes_ = 0, writes_ok_ = 0, writes_fail_ = 0, writes_unknown_ = 0, writes_lost_ = 0;
  std::uint64_t lag_max_ = 0;
  std::uint64_t read_your_writes_ = 0, monotonic_reads_ = 0;
  Traffic traffic_;  // summed; of its peaks nothing, but:
  std::uint64_t concurrent_loads_ = 0;
  Busiest busiest_;
  Wide time_ns_ = 0;  // quiescence, summed over runs
  ClusterSums stale_sums_, outdated_sums_;
  Histogram staleness_, outdatedness_, heals_after_, read_latency_, write_latency_;
  Windows state_, visible_, post_ack_;
  Wide key_time_ns_ = 0;  // quiescence, summed over keys and runs
  std::array<std::uint64_t, verify::cause_names.size()> by_cause_{};
  std::optional<Violation> first_violation_;
};

}  // namespace cacherace::scenarios
