// What `run` finds out: one result for each strategy of a scenario. Plain figures; reports/ turns them into
// text.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/scenario.hpp"
#include "verify/verdict.hpp"

namespace cacherace::scenarios {

// An estimated probability or share with its confidence interval (0.99). Without a single trial: all null.
struct Estimate {
  std::optional<double> estimate;
  std::optional<double> low;
  std::optional<double> high;
  std::string_view method;
};
inline constexpr double confidence = 0.99;

// Of a population of durations. Without a member: count 0 and nulls.
struct Quantiles {
  std::uint64_t count = 0;
  std::optional<std::int64_t> mean_ns, p50_ns, p90_ns, p99_ns, p999_ns, max_ns;
};

// Of windows of one kind. Those open at the end are counted and summed, and stay out of p50, p99 and max.
struct WindowFigures {
  std::uint64_t count = 0;
  std::uint64_t runs = 0;  // with at least one
  std::uint64_t total_ns = 0;
  std::optional<std::int64_t> p50_ns, p99_ns, max_ns;
  std::uint64_t open_at_end = 0;
};

// The first run (by number) that violates something, and its worst violation.
struct Violation {
  std::uint64_t run = 0;
  std::string_view kind;  // stuck, nonlinearizable, stale_read, inversion, dirty_read or lost_write
};

enum class ExpectationVerdict : std::uint8_t { held, failed, undecided, not_evaluated };

struct CheckedExpectation {
  Expectation expectation;
  std::optional<double> observed;  // of an estimate: the estimate itself
  ExpectationVerdict verdict = ExpectationVerdict::not_evaluated;
  std::string remark;  // of undecided: how many runs would decide; of not_evaluated: which command does
};

struct StrategyResult {
  StrategyChoice strategy;
  std::uint64_t runs = 0;             // finished, incomplete ones among them
  std::uint64_t incomplete_runs = 0;  // met a limit; they count in nothing below

  std::uint64_t violating_runs = 0;
  Estimate linearizability;
  std::uint64_t stuck_runs = 0;
  Estimate stuck;
  std::uint64_t permanently_stuck_runs = 0;
  Quantiles heals_after;

  std::uint64_t reads = 0, outdated = 0, stale = 0, dirty = 0, inversions = 0;
  Estimate stale_share, outdated_share;
  std::uint64_t writes = 0, writes_ok = 0, writes_fail = 0, writes_unknown = 0, writes_lost = 0;
  Quantiles staleness, outdatedness;
  std::uint64_t lag_max = 0;

  WindowFigures state, visible, post_ack;
  std::optional<double> state_time_share;
  std::array<std::uint64_t, verify::cause_names.size()> by_cause{};  // state windows

  std::uint64_t breaks_read_your_writes = 0, breaks_monotonic_reads = 0;
  Quantiles read_latency, write_latency;
  std::uint64_t hits = 0, misses = 0;
  std::optional<double> hit_ratio;
  std::uint64_t database_reads = 0, database_writes = 0;
  // Over all the time of all runs; in the busiest window of any run (load_window_ns, or the run where that is
  // shorter).
  std::optional<double> reads_per_second_mean, reads_per_second_peak;
  std::uint64_t peak_concurrent_loads = 0;  // the most SELECTs of one key under way at once, in any run

  std::optional<Violation> first_violation;
  std::vector<CheckedExpectation> expectations;
};

// Whether the value agrees with the expectation's bound.
bool agrees(const Expectation& expectation, double value);

enum class ResultVerdict : std::uint8_t { held, failed, unknown };

struct RunResult {
  std::string scenario;
  std::uint64_t seed = 0;
  std::uint64_t runs = 0;                                // asked for
  std::optional<std::uint64_t> only_run = std::nullopt;  // this run alone: no expectation is evaluated on it
  bool complete = true;                                  // no interruption, and no run met a limit
  bool is_about_load = false;  // the scenario has what protects a database, or expects something of its load
  std::vector<StrategyResult> strategies;
  std::uint64_t expectations_left_out = 0;      // of strategies that were not run
  ResultVerdict verdict = ResultVerdict::held;  // unknown where the answer to an expectation was not reached
};

// A figure: null, a count or duration in ns, a ratio or rate, or an estimate with its interval.
using FigureValue = std::variant<std::monostate, std::uint64_t, std::int64_t, double, Estimate>;

// Of an estimate: the estimate itself. Nothing where it is null.
std::optional<double> number_of(const FigureValue& value);

// Calls `see(path, value)` for every figure of a result in the order of the result's JSON, e.g.
// "stuck.probability".
void for_each_figure(const StrategyResult& result,
                     const std::function<void(std::string_view path, const FigureValue& value)>& see);

// Evaluates the scenario's expectations on the results and sets their verdicts, and the verdict of the whole.
void check_expectations(const Scenario& scenario, RunResult& result);

}  // namespace cacherace::scenarios
