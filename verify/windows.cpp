#include "verify/windows.hpp"

namespace cacherace::verify {

void Windows::judge(const KeyView& view, const CommitOrder& commits, Verdict& verdict) {
  start(view);
  if (view.event_count() == 0) return;
  causes_.build(view);
  for (Position i = 0; i < view.event_count(); ++i) take(view, commits, i, verdict);
  const Nanos quiescence = view.execution->quiescence;
  expire(view, quiescence, verdict);
  if (open_) close(view, quiescence, true, verdict);
  if (present_ && cached_ != newest_) verdict.stuck.push_back({view.key, cached_, newest_, expires_});
}

void Windows::start(const KeyView& view) {
  const Execution& execution = *view.execution;
  present_ = execution.initially_cached;
  cached_ = initial_value;
  expires_ =
      execution.initial_expiries.empty() ? execution.initial_expiry : execution.initial_expiries[view.key];
  newest_ = initial_value;
  newest_rank_ = 0;
  newest_commit_ = nowhere;
  served_ = 0;
  open_ = false;
}

void Windows::take(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict) {
  const Event& event = view.event(at);
  expire(view, event.at, verdict);
  switch (event.kind) {
    case EventKind::commit:
      take_commit(view, at, verdict);
      return;
    case EventKind::cache_set:
      take_set(view, commits, at, verdict);
      break;
    case EventKind::cache_del:
      present_ = false;
      if (open_) close(view, event.at, false, verdict);
      break;
    case EventKind::cache_hit:
      take_hit(view, event);
      return;
    case EventKind::command_failed:
    case EventKind::crash:
    case EventKind::message_lost:
      return;
  }
  if (!serves_write(event)) return;
  const Rank rank = commits.rank_of(event.for_write);
  if (rank != uncommitted && rank > served_) served_ = rank;
}

void Windows::take_commit(const KeyView& view, Position at, Verdict& verdict) {
  const Event& commit = view.event(at);
  newest_ = commit.value;
  ++newest_rank_;
  newest_commit_ = at;
  if (!present_) return;
  if (cached_ == newest_) {
    if (open_) close(view, commit.at, false, verdict);
  } else if (!open_) {
    open_ = true;
    opening_ = {commit.at, at, newest_, newest_commit_, Cause::other, false};
  }
}

void Windows::take_set(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict) {
  const Event& set = view.event(at);
  present_ = true;
  cached_ = set.value;
  expires_ = set.expires;
  if (cached_ == newest_) {
    if (open_) close(view, set.at, false, verdict);
  } else if (!open_) {
    open_by_set(commits, set, at);
  }
}

void Windows::take_hit(const KeyView& view, const Event& hit) {
  if (!open_) return;
  const Operation& read = view.execution->operations[hit.operation];
  if (is_ok_read(read) && read.value == hit.value) opening_.visible = true;
}

void Windows::expire(const KeyView& view, Nanos now, Verdict& verdict) {
  if (!present_ || expires_ > now) return;
  present_ = false;
  if (open_) close(view, expires_, false, verdict);
}

void Windows::open_by_set(const CommitOrder& commits, const Event& set, Position at) {
  open_ = true;
  opening_ = {set.at, at, initial_value, nowhere, Cause::other, false};
  const Rank rank = commits.rank_of(set.value);
  const bool read_back = set.origin != Origin::fill && commits.rank_of(set.for_write) > rank;
  if (set.origin == Origin::failover) {
    opening_.cause = Cause::lost_by_failover;
  } else if (rank > newest_rank_) {  // has not committed at this point, or never does
    opening_.cause = Cause::write_ahead;
  } else if (set.origin == Origin::fill || read_back) {
    opening_.cause = set.source_outdated ? Cause::replica_lag : Cause::late_fill;
  } else if (served_ > rank) {
    opening_.cause = Cause::reordered;
  } else {
    opening_.waits_for = newest_;
    opening_.commit = newest_commit_;
  }
}

void Windows::close(const KeyView& view, Nanos to, bool at_end, Verdict& verdict) {
  open_ = false;
  if (to <= opening_.from) return;
  verdict.windows.push_back(
      {opening_.from, to, view.key, causes_.of(view, opening_, to), at_end, opening_.visible});
}

}  // namespace cacherace::verify
