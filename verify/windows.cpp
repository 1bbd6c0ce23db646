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
    case EventKind::rolled_back:
      take_failover(view, commits, at, verdict);
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
  serve(commits, event, at);
}

// `now`: the event from which ranks are seen.
void Windows::serve(const CommitOrder& commits, const Event& event, Position now) {
  if (!serves_write(event) || event.kind == EventKind::command_failed) return;
  const Rank rank = commits.standing(event.for_write, now);
  if (rank != uncommitted && rank > served_) served_ = rank;
}

void Windows::take_commit(const KeyView& view, Position at, Verdict& verdict) {
  const Event& commit = view.event(at);
  newest_ = commit.value;
  newest_commit_ = at;
  if (!present_) return;
  if (cached_ == newest_) {
    if (open_) close(view, commit.at, false, verdict);
  } else if (!open_) {
    open_ = true;
    opening_ = {commit.at, at, newest_, newest_commit_, Cause::other, false};
  }
}

// What was newest is gone, perhaps not from the cache.
void Windows::take_failover(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict) {
  const Event& failover = view.event(at);
  newest_ = failover.value;
  served_ = 0;
  for (Position i = 0; i < at; ++i) serve(commits, view.event(i), at + 1);
  const Rank standing = commits.standing(newest_, at);
  newest_commit_ = standing == 0 ? nowhere : standing - 1;
  if (!present_) return;
  if (cached_ == newest_) {
    if (open_) close(view, failover.at, false, verdict);
  } else if (!open_) {
    open_ = true;
    opening_ = {failover.at, at, initial_value, nowhere, Cause::lost_by_failover, false};
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
  const Rank rank = commits.standing(set.value, at);
  const bool read_back = set.origin != Origin::fill && commits.standing(set.for_write, at) > rank;
  const bool is_committed = commits.committed_by(set.value, at);
  if (set.origin == Origin::failover || (is_committed && rank == uncommitted)) {
    opening_.cause = Cause::lost_by_failover;
  } else if (!is_committed) {  // has not committed at this point, or never does
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
