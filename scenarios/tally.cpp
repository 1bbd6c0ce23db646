#include "scenarios/tally.hpp"

#include <algorithm>

namespace cacherace::scenarios {
namespace {

Quantiles summarise(const Histogram& histogram) {
  return {.count = histogram.count(),
          .mean_ns = histogram.mean(),
          .p50_ns = histogram.quantile(0.5),
          .p90_ns = histogram.quantile(0.9),
          .p99_ns = histogram.quantile(0.99),
          .p999_ns = histogram.quantile(0.999),
          .max_ns = histogram.max()};
}

// A sum beyond 64 bits (585 years of windows) is reported as the largest number there is.
std::uint64_t saturated(Wide sum) {
  return sum > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(sum);
}

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

template <class Length>
double per_second(std::uint64_t count, Length length_ns) {
  return static_cast<double>(count) * 1e9 / static_cast<double>(length_ns);
}

}  // namespace

void Tally::Windows::add(std::int64_t length_ns, bool is_open) {
  ++count;
  total_ns += static_cast<Wide>(length_ns);
  if (is_open) {
    ++open;
  } else {
    closed.add(length_ns);
  }
}

void Tally::Windows::merge(const Windows& other) {
  count += other.count;
  runs += other.runs;
  total_ns += other.total_ns;
  open += other.open;
  closed.merge(other.closed);
}

WindowFigures Tally::Windows::summary() const {
  return {.count = count,
          .runs = runs,
          .total_ns = saturated(total_ns),
          .p50_ns = closed.quantile(0.5),
          .p99_ns = closed.quantile(0.99),
          .max_ns = closed.max(),
          .open_at_end = open};
}

void Tally::add(std::uint64_t run, const std::optional<JudgedRun>& judged) {
  ++runs_;
  if (!judged) {
    ++incomplete_;
    return;
  }
  const auto& [execution, verdict, traffic] = *judged;
  OfRun of_run;
  add_operations(execution, of_run);
  add_findings(execution, verdict, of_run);
  add_windows(execution, verdict);
  add_stuck(execution, verdict);
  if (!verdict.linearizable) ++violating_;
  writes_lost_ += verdict.lost_writes;
  stale_sums_.add(of_run.stale, of_run.reads);
  outdated_sums_.add(of_run.outdated, of_run.reads);
  add_traffic(traffic, execution.quiescence);
  note_violation(run, verdict, of_run);
}

void Tally::add_operations(const verify::Execution& execution, OfRun& of_run) {
  for (const verify::Operation& operation : execution.operations) {
    const bool ok = operation.outcome == verify::Outcome::ok;
    if (operation.kind == verify::OperationKind::read) {
      if (!ok) continue;
      ++of_run.reads;
      read_latency_.add(operation.end - operation.start);
      continue;
    }
    ++writes_;
    if (ok) {
      ++writes_ok_;
      write_latency_.add(operation.end - operation.start);
    } else if (operation.outcome == verify::Outcome::fail) {
      ++writes_fail_;
    } else {
      ++writes_unknown_;
    }
  }
  reads_ += of_run.reads;
}

void Tally::add_findings(const verify::Execution&, const verify::Verdict& verdict, OfRun& of_run) {
  for (const verify::ReadFinding& read : verdict.reads) {
    if (read.stale_age >= 0) {
      ++of_run.stale;
      staleness_.add(read.stale_age);
    }
    if (read.outdated_age >= 0) {
      ++of_run.outdated;
      outdatedness_.add(read.outdated_age);
    }
    if (read.dirty) {
      ++dirty_;
      of_run.dirty = true;
    }
    if (read.inversion) {
      ++inversions_;
      of_run.inversion = true;
    }
    if (read.breaks_read_your_writes) ++read_your_writes_;
    if (read.breaks_monotonic_reads) ++monotonic_reads_;
    lag_max_ = std::max<std::uint64_t>(lag_max_, read.lag);
  }
  stale_ += of_run.stale;
  outdated_ += of_run.outdated;
}

void Tally::add_windows(const verify::Execution& execution, const verify::Verdict& verdict) {
  key_time_ns_ += static_cast<Wide>(execution.quiescence) * execution.keys;
  bool any_visible = false;
  for (const verify::Window& window : verdict.windows) {
    const std::int64_t length = window.to - window.from;
    state_.add(length, window.open);
    ++by_cause_[static_cast<std::size_t>(window.cause)];
    if (!window.visible) continue;
    visible_.add(length, window.open);
    any_visible = true;
  }
  for (const verify::PostAckWindow& window : verdict.post_ack) post_ack_.add(window.to - window.from, false);
  if (!verdict.windows.empty()) ++state_.runs;
  if (any_visible) ++visible_.runs;
  if (!verdict.post_ack.empty()) ++post_ack_.runs;
}

// a / b > c / d as a d > c b; of equal rates the greater window, so that the order of merging does not show.
void Tally::Busiest::take(const Busiest& other) {
  const auto theirs = static_cast<Wide>(other.count) * static_cast<Wide>(window_ns);
  const auto ours = static_cast<Wide>(count) * static_cast<Wide>(other.window_ns);
  if (theirs > ours || (theirs == ours && other.window_ns > window_ns)) *this = other;
}

void Tally::add_traffic(const Traffic& traffic, std::int64_t length_ns) {
  traffic_.hits += traffic.hits;
  traffic_.misses += traffic.misses;
  traffic_.database_reads += traffic.database_reads;
  traffic_.database_writes += traffic.database_writes;
  concurrent_loads_ = std::max(concurrent_loads_, traffic.concurrent_loads);
  time_ns_ += static_cast<Wide>(length_ns);
  if (length_ns > 0) busiest_.take({traffic.most_in_window, std::min(length_ns, load_window_ns)});
}

void Tally::add_stuck(const verify::Execution& execution, const verify::Verdict& verdict) {
  bool permanent = false;
  for (const verify::StuckKey& key : verdict.stuck) {
    if (key.expires == verify::never) {
      permanent = true;
    } else {
      heals_after_.add(key.expires - execution.quiescence);
    }
  }
  if (!verdict.stuck.empty()) ++stuck_;
  if (permanent) ++permanently_stuck_;
}

void Tally::note_violation(std::uint64_t run, const verify::Verdict& verdict, const OfRun& of_run) {
  if (first_violation_ && first_violation_->run < run) return;
  std::string_view kind;
  if (!verdict.stuck.empty()) {
    kind = "stuck";
  } else if (!verdict.linearizable) {
    kind = "nonlinearizable";
  } else if (of_run.stale > 0) {
    kind = "stale_read";
  } else if (of_run.inversion) {
    kind = "inversion";
  } else if (of_run.dirty) {
    kind = "dirty_read";
  } else if (verdict.lost_writes > 0) {
    kind = "lost_write";
  } else {
    return;
  }
  first_violation_ = Violation{run, kind};
}

void Tally::merge(const Tally& other) {
  runs_ += other.runs_;
  incomplete_ += other.incomplete_;
  violating_ += other.violating_;
  stuck_ += other.stuck_;
  permanently_stuck_ += other.permanently_stuck_;
  reads_ += other.reads_;
  outdated_ += other.outdated_;
  stale_ += other.stale_;
  dirty_ += other.dirty_;
  inversions_ += other.inversions_;
  writes_ += other.writes_;
  writes_ok_ += other.writes_ok_;
  writes_fail_ += other.writes_fail_;
  writes_unknown_ += other.writes_unknown_;
  writes_lost_ += other.writes_lost_;
  lag_max_ = std::max(lag_max_, other.lag_max_);
  read_your_writes_ += other.read_your_writes_;
  monotonic_reads_ += other.monotonic_reads_;
  traffic_.hits += other.traffic_.hits;
  traffic_.misses += other.traffic_.misses;
  traffic_.database_reads += other.traffic_.database_reads;
  traffic_.database_writes += other.traffic_.database_writes;
  concurrent_loads_ = std::max(concurrent_loads_, other.concurrent_loads_);
  busiest_.take(other.busiest_);
  time_ns_ += other.time_ns_;
  stale_sums_.merge(other.stale_sums_);
  outdated_sums_.merge(other.outdated_sums_);
  staleness_.merge(other.staleness_);
  outdatedness_.merge(other.outdatedness_);
  heals_after_.merge(other.heals_after_);
  read_latency_.merge(other.read_latency_);
  write_latency_.merge(other.write_latency_);
  state_.merge(other.state_);
  visible_.merge(other.visible_);
  post_ack_.merge(other.post_ack_);
  key_time_ns_ += other.key_time_ns_;
  for (std::size_t cause = 0; cause < by_cause_.size(); ++cause) by_cause_[cause] += other.by_cause_[cause];
  if (other.first_violation_ && (!first_violation_ || other.first_violation_->run < first_violation_->run)) {
    first_violation_ = other.first_violation_;
  }
}

StrategyResult Tally::summary(const StrategyChoice& strategy) const {
  const std::uint64_t judged = runs_ - incomplete_;
  StrategyResult result{.strategy = strategy};
  result.runs = runs_;
  result.incomplete_runs = incomplete_;
  result.violating_runs = violating_;
  result.linearizability = clopper_pearson(violating_, judged);
  result.stuck_runs = stuck_;
  result.stuck = clopper_pearson(stuck_, judged);
  result.permanently_stuck_runs = permanently_stuck_;
  result.heals_after = summarise(heals_after_);
  result.reads = reads_;
  result.outdated = outdated_;
  result.stale = stale_;
  result.dirty = dirty_;
  result.inversions = inversions_;
  result.stale_share = clustered_share(stale_sums_);
  result.outdated_share = clustered_share(outdated_sums_);
  result.writes = writes_;
  result.writes_ok = writes_ok_;
  result.writes_fail = writes_fail_;
  result.writes_unknown = writes_unknown_;
  result.writes_lost = writes_lost_;
  result.staleness = summarise(staleness_);
  result.outdatedness = summarise(outdatedness_);
  result.lag_max = lag_max_;
  result.state = state_.summary();
  result.visible = visible_.summary();
  result.post_ack = post_ack_.summary();
  if (key_time_ns_ > 0) {
    result.state_time_share = static_cast<double>(state_.total_ns) / static_cast<double>(key_time_ns_);
  }
  result.by_cause = by_cause_;
  result.breaks_read_your_writes = read_your_writes_;
  result.breaks_monotonic_reads = monotonic_reads_;
  result.read_latency = summarise(read_latency_);
  result.write_latency = summarise(write_latency_);
  result.hits = traffic_.hits;
  result.misses = traffic_.misses;
  result.hit_ratio = ratio(traffic_.hits, traffic_.hits + traffic_.misses);
  result.database_reads = traffic_.database_reads;
  result.database_writes = traffic_.database_writes;
  if (time_ns_ > 0) {
    result.reads_per_second_mean = per_second(traffic_.database_reads, time_ns_);
    result.reads_per_second_peak = per_second(busiest_.count, busiest_.window_ns);
  }
  result.peak_concurrent_loads = concurrent_loads_;
  result.first_violation = first_violation_;
  return result;
}

}  // namespace cacherace::scenarios
