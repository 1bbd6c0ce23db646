// State windows of one key and whether it is stuck: the cache's entry held against the primary's newest
// version, event by event.
//
// - A key whose entry is absent is consistent. An entry is missing at every instant >= its expiry, which
//   therefore comes before any event of that instant; an expiry after quiescence does not happen.
// - A version that has not committed differs from the newest one, whatever it is.
// - A wrong version replaced by a wrong one continues the window (and keeps its cause). A window of length
//   zero is not counted, whatever a read saw in it.
// - A right state of length zero (a window closed at an instant, another opened at the same one) parts two
//   windows: at that instant the entry was right, or gone.
// - Visible: a GET found the entry while the window was open, and its operation is an ok read that returned
//   it.
//
// Causes: see causes.hpp. O(n log n).
#pragma once

#include <cstddef>

#include "verify/causes.hpp"
#include "verify/commit_order.hpp"
#include "verify/key_view.hpp"
#include "verify/verdict.hpp"

namespace cacherace::verify {

class Windows {
 public:
  explicit Windows(std::size_t small = small_size) : causes_(small) {}

  // Appends the windows, by time, and the stuck key to `verdict`.
  void judge(const KeyView& view, const CommitOrder& commits, Verdict& verdict);

 private:
  void start(const KeyView& view);
  void take(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict);
  void take_commit(const KeyView& view, Position at, Verdict& verdict);
  void take_failover(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict);
  void serve(const CommitOrder& commits, const Event& event, Position now);
  void take_set(const KeyView& view, const CommitOrder& commits, Position at, Verdict& verdict);
  void take_hit(const KeyView& view, const Event& hit);
  void expire(const KeyView& view, Nanos now, Verdict& verdict);
  void open_by_set(const CommitOrder& commits, const Event& set, Position at);
  void close(const KeyView& view, Nanos to, bool at_end, Verdict& verdict);

  Causes causes_;

  // The cache's entry.
  bool present_ = false;
  Value cached_ = initial_value;
  Nanos expires_ = never;
  // The primary.
  Value newest_ = initial_value;
  Position newest_commit_ = nowhere;
  // The greatest standing of a write whose own command has taken effect.
  Rank served_ = 0;
  // The window.
  bool open_ = false;
  Opening opening_;
};

}  // namespace cacherace::verify
