// What is found out about one execution. See the project's documentation for the words.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify {

// Why a state window opened. The list is closed.
enum class Cause : std::uint8_t {
  late_fill,
  replica_lag,
  in_flight,
  failed_command,
  crash,
  lost_message,
  reordered,
  no_invalidation,
  lost_by_failover,
  write_ahead,
  other,
};
inline constexpr std::array<std::string_view, 11> cause_names = {
    "late_fill", "replica_lag",     "in_flight",        "failed_command", "crash", "lost_message",
    "reordered", "no_invalidation", "lost_by_failover", "write_ahead",    "other"};

// [from, to) in which the cache held a version other than the newest. `open`: it was so at quiescence, where
// `to` then ends. `visible`: a read returned what a GET found in it.
struct Window {
  Nanos from = 0;
  Nanos to = 0;
  KeyIndex key = 0;
  Cause cause = Cause::other;
  bool open = false;
  bool visible = false;
};

// [from, to) in which some read was stale: from the return of the newer write to the return of the read,
// joined.
struct PostAckWindow {
  Nanos from = 0;
  Nanos to = 0;
  KeyIndex key = 0;
};

// A read that was not simply right; ages are -1 where they do not apply.
struct ReadFinding {
  OperationIndex operation = 0;
  Nanos stale_age = -1;
  Nanos outdated_age = -1;
  std::uint32_t lag = 0;
  bool dirty = false;
  bool inversion = false;
  bool breaks_read_your_writes = false;
  bool breaks_monotonic_reads = false;
};

// A key whose cache entry differs from the newest version at quiescence; `expires` is when it heals.
struct StuckKey {
  KeyIndex key = 0;
  Value cached = initial_value;
  Value newest = initial_value;
  Nanos expires = never;
};

struct Verdict {
  bool linearizable = true;
  KeyIndex first_bad_key = 0;      // the smallest key that is not linearizable
  std::vector<ReadFinding> reads;  // in order of invocation, only those with something to say
  std::vector<Window> windows;     // by key, then by time
  std::vector<PostAckWindow> post_ack;
  std::vector<StuckKey> stuck;  // by key
  std::uint32_t lost_writes = 0;

  [[nodiscard]] bool violates() const;
};

}  // namespace cacherace::verify
