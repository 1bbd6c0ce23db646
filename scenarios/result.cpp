#include "scenarios/result.hpp"

namespace cacherace::scenarios {
namespace {

using See = std::function<void(std::string_view, const FigureValue&)>;

FigureValue or_null(std::optional<std::int64_t> value) {
  return value ? FigureValue(*value) : FigureValue(std::monostate());
}
FigureValue or_null(std::optional<double> value) {
  return value ? FigureValue(*value) : FigureValue(std::monostate());
}

void see_quantiles(const See& see, const std::string& path, const Quantiles& q) {
  see(path + ".count", q.count);
  see(path + ".mean_ns", or_null(q.mean_ns));
  see(path + ".p50_ns", or_null(q.p50_ns));
  see(path + ".p90_ns", or_null(q.p90_ns));
  see(path + ".p99_ns", or_null(q.p99_ns));
  see(path + ".p999_ns", or_null(q.p999_ns));
  see(path + ".max_ns", or_null(q.max_ns));
}

void see_windows(const See& see, const std::string& path, const WindowFigures& w) {
  see(path + ".count", w.count);
  see(path + ".runs", w.runs);
  see(path + ".total_ns", w.total_ns);
  see(path + ".p50_ns", or_null(w.p50_ns));
  see(path + ".p99_ns", or_null(w.p99_ns));
  see(path + ".max_ns", or_null(w.max_ns));
  see(path + ".open_at_end", w.open_at_end);
}

}  // namespace

std::optional<double> number_of(const FigureValue& value) {
  if (const auto* estimate = std::get_if<Estimate>(&value)) return estimate->estimate;
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*count);
  if (const auto* nanos = std::get_if<std::int64_t>(&value)) return static_cast<double>(*nanos);
  if (const auto* ratio = std::get_if<double>(&value)) return *ratio;
  return std::nullopt;
}

void for_each_figure(const StrategyResult& r, const See& see) {
  see("runs", r.runs);
  see("incomplete.runs", r.incomplete_runs);
  see("linearizability.violating_runs", r.violating_runs);
  see("linearizability.probability", r.linearizability);
  see("stuck.runs", r.stuck_runs);
  see("stuck.probability", r.stuck);
  see("stuck.permanent_runs", r.permanently_stuck_runs);
  see_quantiles(see, "stuck.heals_after", r.heals_after);
  see("reads.total", r.reads);
  see("reads.outdated", r.outdated);
  see("reads.stale", r.stale);
  see("reads.dirty", r.dirty);
  see("reads.inversions", r.inversions);
  see("reads.stale_share", r.stale_share);
  see("reads.outdated_share", r.outdated_share);
  see("writes.total", r.writes);
  see("writes.ok", r.writes_ok);
  see("writes.fail", r.writes_fail);
  see("writes.unknown", r.writes_unknown);
  see("writes.lost", r.writes_lost);
  see_quantiles(see, "staleness", r.staleness);
  see_quantiles(see, "outdatedness", r.outdatedness);
  see("lag.max", r.lag_max);
  see_windows(see, "windows.state", r.state);
  see_windows(see, "windows.visible", r.visible);
  see_windows(see, "windows.post_ack", r.post_ack);
  see("windows.state_time_share", or_null(r.state_time_share));
  for (std::size_t cause = 0; cause < r.by_cause.size(); ++cause) {
    see("windows.by_cause." + std::string(verify::cause_names[cause]), r.by_cause[cause]);
  }
  see("sessions.read_your_writes", r.breaks_read_your_writes);
  see("sessions.monotonic_reads", r.breaks_monotonic_reads);
  see_quantiles(see, "latency.read", r.read_latency);
  see_quantiles(see, "latency.write", r.write_latency);
  see("cache.hits", r.hits);
  see("cache.misses", r.misses);
  see("cache.hit_ratio", or_null(r.hit_ratio));
  see("database.reads", r.database_reads);
  see("database.writes", r.database_writes);
  see("database.reads_per_second.mean", or_null(r.reads_per_second_mean));
  see("database.reads_per_second.peak", or_null(r.reads_per_second_peak));
  see("database.peak_concurrent_loads", r.peak_concurrent_loads);
}

}  // namespace cacherace::scenarios
