#include "verify/measures.hpp"

#include <algorithm>
#include <utility>

#include "verify/distances.hpp"
#include "verify/freshness.hpp"
#include "verify/sessions.hpp"
#include "verify/versions_behind.hpp"

namespace cacherace::verify {
namespace {

void set_perfect(const History& history, KeyVerdict& verdict) {
  if (history.timed) verdict.delta = verdict.gamma = 0;
  verdict.k = VersionsBehind{};
  for (const auto& guarantee : session_guarantees) (verdict.sessions.*guarantee.of).holds = true;
}

OperationsView by_clock(const History& history, OperationsView view) {
  if (!history.clock.empty()) view.clock = history.clock.data();
  return view;
}

}  // namespace

void Measures::measure(const History& history, const OperationsView& view, const Census& census,
                       KeyFindings& found) {
  found.measured = !found.verdict.searched;
  if (found.verdict.linearizable == true) set_perfect(history, found.verdict);
  if (!found.measured) return;
  found.reads = census.reads;
  if (history.timed)
    count_after_writes(by_clock(history, view), census.returned_writes, found.old_reads, found.stale_after);
}

void Measures::measure_bad(const History& history, const Part& whole, const Part& part, KeyFindings& found) {
  const OperationsView& view = part.view;
  Zones& zones = part.check->lend_zones();
  zones.build_by_times(view, false);
  overwritten_.build(view, zones);
  overwritten_.count_lags(view, zones, lags_);
  faulty_ = false;
  list_faulty_reads(view, zones, found);
  list_old_reads(view, zones, found);
  const std::uint32_t greatest = lags_.empty() ? 0 : *std::max_element(lags_.begin(), lags_.end());
  if (!faulty_) {
    found.verdict.k = versions_behind(whole.view, *whole.chains, whole.check->zones(), zones, greatest);
  }
  found.verdict.sessions = judge_sessions(view, *part.chains, zones, overwritten_);
  if (!history.timed) return;
  if (history.clock.empty()) return measure_times(view, zones, overwritten_, found);
  const OperationsView timed = by_clock(history, whole.view);  // where something else may be wrong
  timed_zones_.build_by_times(timed, false);
  timed_overwritten_.build(timed, timed_zones_);
  measure_times(timed, timed_zones_, timed_overwritten_, found);
}

void Measures::list_faulty_reads(const OperationsView& view, const Zones& zones, KeyFindings& found) {
  faulty_reads_.list(view);
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!view.tells(i)) continue;
    if (zones.of(i) != no_zone) continue;
    faulty_ = true;
    const ZoneIndex zone = zones.find(view.read_value(i));
    const auto [kind, write] =
        faulty_reads_.of(view.read_value(i), zone == no_zone ? nowhere : zones[zone].write);
    const OperationIndex against = write == nowhere ? no_operation : view.operation_indices[write];
    found.violations.push_back({view.operation_indices[i], against, kind});
  }
}

void Measures::list_old_reads(const OperationsView& view, const Zones& zones, KeyFindings& found) {
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (lags_[i] == 0) continue;
    const OperationIndex read = view.operation_indices[i];
    const Overwritten::Since since = overwritten_.since(view, zones.of(i));
    if (since.write < view.start(i)) {
      found.violations.push_back({read, view.operation_indices[since.by_write], ViolationKind::stale_read});
    }
    if (since.read < view.start(i)) {
      found.violations.push_back({read, view.operation_indices[since.by_read], ViolationKind::inversion});
    }
    found.old_reads.push_back({read, std::nullopt, lags_[i]});
  }
  std::stable_sort(found.violations.begin(), found.violations.end(),
                   [](const ReadViolation& a, const ReadViolation& b) { return a.read < b.read; });
}

void Measures::measure_times(const OperationsView& timed, const Zones& zones, const Overwritten& overwritten,
                             KeyFindings& found) {
  std::size_t next = 0;
  for (Position i = 0; i < timed.operation_count() && next < found.old_reads.size(); ++i) {
    CertainlyOld& old = found.old_reads[next];
    if (timed.operation_indices[i] != old.read) continue;
    ++next;
    if (zones.of(i) == no_zone) continue;
    const Nanos since = overwritten.since(timed, zones.of(i)).any();
    old.age = timed.start(i) - std::min(timed.start(i), since);
  }
  for (ZoneIndex z = 0; z < zones.size(); ++z) {
    const Nanos since = overwritten.since(timed, z).any();
    if (zones[z].first_return == never || since >= zones[z].last_invocation) continue;
    found.windows.push_back({timed.key, zones[z].value, since, zones[z].last_invocation});
  }
  const Distances both = distances(timed, zones, overwritten);
  found.verdict.gamma = both.gamma;
  found.verdict.delta = both.delta;
}

}  // namespace cacherace::verify
