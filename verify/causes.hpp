// Why a state window opened: the fate of the cache command that should have prevented or ended it.
//
// Opened by a cache_set of a fill (or of a write or consumer that stores an older version than the write it
// serves: it was read back from the database, so it is a fill in all but name):
//   the version has not committed yet                               write_ahead
//   it was not the newest when it was SELECTed                      replica_lag
//   otherwise                                                       late_fill
// Opened by a cache_set of a write or a consumer:
//   the version has not committed yet                               write_ahead
//   a command serving a newer write had taken effect before         reordered
//   otherwise                                                       the fate of the newest write, see below
// Opened by the commit of a write                                   the fate of that write
//
// The fate of a write w, for a window that ends at `to` (its *own* commands are those that serve it, sent by
// a write or a consumer, whether they took effect or failed). The first line that applies:
//   w's next own command after the opening took effect              in_flight
//   it failed, learnt at or before `to`                             failed_command
//   it failed, learnt later: the window was only waiting            in_flight
//   w's first own command after the commit failed (an opening       failed_command
//     cache_set can have it behind it)
//   w's client crashed inside w, at or before `to`                  crash (later: in_flight)
//   the queue lost w's message, at or before `to`                   lost_message (later: in_flight)
//   w's last own command before the commit failed                   failed_command
//   w's own cache_set had put its version ahead of the commit,      reordered
//     and a cache_set of another write was next to change the entry
//   otherwise w never had a command for it                          no_invalidation
//
// Opened by a cache_set of a store that came back, by a failover of the database, or afterwards by a
// cache_set of a version that it lost                                       lost_by_failover
//
// `other` is left to executions whose events say more than these.
#pragma once

#include <cstddef>
#include <vector>

#include "verify/commit_order.hpp"
#include "verify/key_view.hpp"
#include "verify/verdict.hpp"

namespace cacherace::verify {

// An open state window: what the cause will depend on. `waits_for` is the write whose fate decides; 0 where
// the cause is known already.
struct Opening {
  Nanos from = 0;
  Position at = nowhere;  // the event that opened it
  Value waits_for = initial_value;
  Position commit = nowhere;  // of `waits_for`
  Cause cause = Cause::other;
  bool visible = false;
};

class Causes {
 public:
  explicit Causes(std::size_t small = small_size) : small_(small) {}

  // O(n log n) in the view's events; nothing for small views.
  void build(const KeyView& view);

  // The cause of a window that ended at `to`.
  [[nodiscard]] Cause of(const KeyView& view, const Opening& opening, Nanos to) const;

 private:
  struct Concern {
    Value write;
    Position at;
  };
  struct Fate {
    Position after_opening = nowhere;
    Position after_commit = nowhere;
    Position crash = nowhere;
    Position lost = nowhere;
    Position last_before = nowhere;
    Position own_set = nowhere;  // the last before the commit
  };

  [[nodiscard]] Fate fate_of(const KeyView& view, const Opening& opening) const;
  static void note(const KeyView& view, const Opening& opening, Position at, Fate& fate);
  static bool overwritten(const KeyView& view, Position own_set);

  std::size_t small_;
  std::vector<Concern> concerns_;  // by write, then position; only for large views
};

// A cache command that serves a write, whether or not it took effect.
[[nodiscard]] inline bool serves_write(const Event& event) {
  return (event.origin == Origin::write || event.origin == Origin::consumer) &&
         (event.kind == EventKind::cache_set || event.kind == EventKind::cache_del ||
          event.kind == EventKind::command_failed);
}

}  // namespace cacherace::verify
