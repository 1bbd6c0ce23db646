// What happened in a run, as flat facts in the order in which they took effect. Verdicts need the few kinds
// that are always recorded; the rest is recorded only when a run is repeated to be told.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/ports.hpp"
#include "models/setup.hpp"
#include "sim/time.hpp"

namespace cacherace::models {

enum class Fact : std::uint8_t {
  // Always recorded.
  invoked,         // an operation began (`kind`; `value`: a write's id)
  returned,        // it returned ok (`value`: the version's write id, of a read), or …
  failed,          // … without having done anything, or …
  unknown,         // … not knowing, or never
  committed,       // the row is `value`/`version` on the primary now
  cache_set,       // the entry is `value` until `until`
  cache_deleted,   // the entry is gone
  looked_up,       // a GET took effect (`missing`, or `value`)
  command_failed,  // a Redis command that did not take effect, or a GET that was given up; its client knows
                   // now
  crashed,         // the client stopped for good
  message_lost,    // the queue lost the message about `value`
  restored,        // the entry is an old one again, until `until`: Redis failed over or started again (or,
                   // with a clock that jumped, the same one until another instant)
  rolled_back,     // the row is an old one again: MySQL failed over, and later commits are lost
  promoted,        // MySQL failed over: the first `number` commits are left
  evicted,         // the entry is gone: no command did it
  killed,          // the client's session at MySQL is; it does not know yet
  selected,        // a SELECT was answered with `value` (`outdated`: it is not the primary's newest)
  // Recorded in detail only.
  issued,          // a command left its client
  unchanged,       // a SET with NX took effect and changed nothing
  answered,        // what a script or a SET of a slot replied: `done`, `busy`, `value` or `missing`
  slot_set,        // the key's `slot` holds `number` until `until` now, or …
  slot_erased,     // … nothing any more
  changed,         // an UPDATE inside a transaction changed the row to `value`, for itself
  ended,           // the client's transaction is over (`done`: as it had asked; else it is undone)
  row_locked,      // the client's transaction holds the row (`number`: a models::RowLock), or …
  row_awaited,     // … waits for it, or …
  row_given_up,    // … does not any more
  commit_awaited,  // a SELECT waits until a replica has its session's last commit
  began,           // the client's transaction is open
  flushed,         // it is in the binlog, and not yet visible
  forked,          // work goes on in the background, and knows what the client knows
  snapshot,        // the client's transaction sees the first `number` commits from now on
  entered,         // the client is the owner of the key inside the service, or …
  awaits_owner,    // … waits to be, or …
  left,            // … is not any more
  started_over,    // the client's code forgets what it saw of this operation
  pinned,          // the client's session remembers the key, or …
  unpinned,        // … does not any more
  taken,           // a consumer begins with the event about `value`, or …
  dealt_with,      // … is done with it
  acknowledged,    // what a consumer took so far does not come again
  revived,     // another takes over from a consumer that crashed: all since its acknowledgement comes again
  rebalanced,  // the next consumers go on with what the present ones have not acknowledged
  strayed,     // … and it goes a way of its own
  tracked,     // Redis will tell the client when the key changes
  invalidation_sent,  // … it does so now, once
  invalidated,        // … and the client has learnt it: its copy is gone
  local_begun,        // the client is about to keep a copy of the key
  local_set,          // it has one
  local_looked_up,    // it looked for one (`missing`, or `value`)
  to_replicate,       // what the key holds now is on its way to Redis's replica, or …
  replicated,         // … has arrived there
  failed_over,        // Redis's replica took over
  snapped,            // Redis took a snapshot of all it holds
  published,          // the queue has the message about `value`, in partition `number`
  replied,            // the reply reached the client
  refused,            // the server refused a command
  timed_out,          // the client gave up waiting
  slept,              // the client begins to sleep until `until` (always recorded)
  paused,             // the client stands still until `until`
  joined,             // the operation waits for a read of its key that another client has under way
  woke,               // the client's sleep or pause is over
  applied,            // a replica applied `value`
  delivered,          // the queue delivered the event about `value` to a consumer
  struck,             // fault number `fault` strikes the command that its client is about to send, or …
  spared,             // … does not, though the command matches
  duplicated,         // the queue will deliver the event about `value` again
  sent_again,         // … and the copy is on its way now
  expired,            // the entry is gone (where orders are chosen; otherwise the record of its SET says it)
  announced,          // that the operation returned is seen by others from now on (where orders are chosen)
};

// Who sent a cache command: a read that fills, the write itself, or a consumer of the binlog.
enum class Origin : std::uint8_t { fill, write, consumer };

inline constexpr std::uint32_t no_client = UINT32_MAX;

struct Record {
  sim::Time at{};
  sim::Time until{};  // cache_set: expiry (time_never: none); slept, paused: the end; invoked, where TTLs
                      // have a jitter: the expiry of the entry that the key had at time 0
  std::uint32_t client = no_client;
  std::uint32_t operation = 0;  // number of the operation in the run, from 0; meaningless for consumers
  Key key{0};
  Row row = {};
  WriteId for_write{0};  // of a write's or a consumer's cache command: the write it serves
  std::uint32_t replica = 0;
  Fact fact = Fact::invoked;
  Command command = Command::get;
  OperationKind kind = OperationKind::read;
  Origin origin = Origin::fill;
  bool outdated = false;      // selected: not the primary's newest; cache_set by a fill: of such a row
  bool missing = false;       // looked_up, unchanged: there is no entry
  bool from_replica = false;  // selected, issued: `replica` says which
  bool background = false;    // sent after the operation's return
  bool abandoned = false;     // issued, and its effect: no reply is waited for to the end
  bool retired = false;       // cache_deleted: the value is kept aside
  bool no_row = false;        // `row` is that there is none: selected, cached, found or returned so
  bool done = false;          // see Fact
  bool busy = false;
  Slot slot = Slot::lock;
  std::uint8_t script = 0;   // of a script's records: its number
  std::uint16_t fault = 0;   // struck, spared: its place in the scenario's list
  std::uint32_t number = 0;  // what a slot holds; the token that is sent or answered; see Fact
};

// Whether a change or a look tells all that the code gets for its command: of others, an answer follows.
constexpr bool says_all(const Record& record) {
  return record.command != Command::script && record.command != Command::commit;
}

// Whether an operation is over with it.
constexpr bool ends_operation(Fact fact) {
  return fact == Fact::returned || fact == Fact::failed || fact == Fact::unknown;
}

// Which store a record without a client tells of.
constexpr std::string_view store_of(const Record& record) {
  switch (record.fact) {
    case Fact::applied:
    case Fact::promoted:
    case Fact::rolled_back:
      return "mysql";
    case Fact::evicted:
    case Fact::restored:
    case Fact::expired:
    case Fact::slot_erased:
    case Fact::failed_over:
    case Fact::snapped:
    case Fact::to_replicate:
    case Fact::replicated:
      return "redis";
    default:
      return "queue";
  }
}

class Recorder {
 public:
  void begin(bool detailed) {
    records_.clear();
    detailed_ = detailed;
  }
  void add(const Record& record) { records_.push_back(record); }
  // The record added last tells of an absence: no entry was found, or none is left.
  void mark_last_missing() { records_.back().missing = true; }
  // The record added last.
  Record& last() { return records_.back(); }
  [[nodiscard]] bool detailed() const { return detailed_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

 private:
  std::vector<Record> records_;
  bool detailed_ = false;
};

}  // namespace cacherace::models
