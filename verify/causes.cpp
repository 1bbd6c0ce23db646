#include "verify/causes.hpp"

#include <algorithm>

namespace cacherace::verify {
namespace {

// The write that an event concerns, or 0.
Value concerned_write(const KeyView& view, const Event& event) {
  if (serves_write(event)) return event.for_write;
  if (event.kind == EventKind::message_lost) return event.value;
  if (event.kind == EventKind::crash) {
    const Operation& operation = view.execution->operations[event.operation];
    if (operation.kind == OperationKind::write) return operation.value;
  }
  return initial_value;
}

}  // namespace

void Causes::build(const KeyView& view) {
  concerns_.clear();
  if (view.event_count() <= small_) return;
  for (Position i = 0; i < view.event_count(); ++i) {
    const Value write = concerned_write(view, view.event(i));
    if (write != initial_value) concerns_.push_back({write, i});
  }
  std::sort(concerns_.begin(), concerns_.end(), [](const Concern& a, const Concern& b) {
    return a.write != b.write ? a.write < b.write : a.at < b.at;
  });
}

Cause Causes::of(const KeyView& view, const Opening& opening, Nanos to) const {
  if (opening.waits_for == initial_value) return opening.cause;
  const Fate fate = fate_of(view, opening);
  const auto in_time = [&](Position at, Cause cause) {
    return view.event(at).at <= to ? cause : Cause::in_flight;
  };
  const auto failed = [&](Position at) {
    return at != nowhere && view.event(at).kind == EventKind::command_failed;
  };
  if (failed(fate.after_opening)) return in_time(fate.after_opening, Cause::failed_command);
  if (fate.after_opening != nowhere) return Cause::in_flight;
  if (failed(fate.after_commit)) return Cause::failed_command;
  if (fate.crash != nowhere) return in_time(fate.crash, Cause::crash);
  if (fate.lost != nowhere) return in_time(fate.lost, Cause::lost_message);
  if (failed(fate.last_before)) return Cause::failed_command;
  if (fate.own_set != nowhere && overwritten(view, fate.own_set)) return Cause::reordered;
  return Cause::no_invalidation;
}

Causes::Fate Causes::fate_of(const KeyView& view, const Opening& opening) const {
  Fate fate;
  if (view.event_count() <= small_) {
    for (Position i = 0; i < view.event_count(); ++i) {
      if (concerned_write(view, view.event(i)) == opening.waits_for) note(view, opening, i, fate);
    }
    return fate;
  }
  auto concern =
      std::lower_bound(concerns_.begin(), concerns_.end(), opening.waits_for,
                       [](const Concern& candidate, Value write) { return candidate.write < write; });
  for (; concern != concerns_.end() && concern->write == opening.waits_for; ++concern) {
    note(view, opening, concern->at, fate);
  }
  return fate;
}

// Called in ascending order of position.
void Causes::note(const KeyView& view, const Opening& opening, Position at, Fate& fate) {
  const auto keep_first = [at](Position& first) { first = std::min(first, at); };
  const Event& event = view.event(at);
  if (event.kind == EventKind::crash) {
    keep_first(fate.crash);
  } else if (event.kind == EventKind::message_lost) {
    keep_first(fate.lost);
  } else if (at > opening.at) {
    keep_first(fate.after_opening);
  } else if (at > opening.commit) {
    keep_first(fate.after_commit);
  } else {
    fate.last_before = at;
    if (event.kind == EventKind::cache_set && event.value == event.for_write) fate.own_set = at;
  }
}

// Whether the entry that `own_set` stored was replaced by another write's. The walk ends at the next change
// of the entry, so that the walks of all windows together are no longer than the history.
bool Causes::overwritten(const KeyView& view, Position own_set) {
  const Event& own = view.event(own_set);
  for (Position i = own_set + 1; i < view.event_count(); ++i) {
    const Event& event = view.event(i);
    if (event.at >= own.expires || event.kind == EventKind::cache_del) return false;
    if (event.kind == EventKind::cache_set) {
      return serves_write(event) && event.for_write != own.for_write;
    }
  }
  return false;
}

}  // namespace cacherace::verify
