// A strategy as data: lists of steps, as a user writes them in a scenario (docs/scenario-format.md). Its
// commands are those of ports.hpp and behave as in any other strategy.
//
// A step is done or not: a GET is done where it hits, a command where it is known to have taken effect, a SET
// of a row that is not there is not done and sends nothing. What is not done and has no `otherwise`: inside a
// retry it fails the attempt; elsewhere a MySQL command ends the operation, and all others are passed over.
// Where a get_or_lease is answered with a miss, its `busy` comes next, or the lease is taken and the list
// goes on. A transaction that is open where the operation ends is undone; an attempt that fails rolls its own
// back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "strategies/registry.hpp"

namespace cacherace::strategies {

enum class StepKind : std::uint8_t {
  get,                // GET: keeps the entry as `cached`
  set,                // SET of `row`
  del,                // DEL
  del_with_lease,     // DEL of the key and of its lease
  set_if_newer,       // the script models::set_if_newer with `row`
  set_if_locked,      // the script models::set_if_locked with `row`
  set_with_lease,     // the script models::set_with_lease with `row`
  wait,               // WAIT: until Redis's replica has this connection's changes, at most for `time`
  lock,               // takes the key's lock for `time`, however long that takes; then only `given` is there
  unlock,             // the script models::unlock: done where the lock was still held
  get_or_lease,       // the script models::get_or_lease, the lease for `time`: keeps the entry as `cached`
  begin,              // opens a transaction; sent with the next statement
  commit,             // COMMIT
  rollback,           // ROLLBACK
  select,             // SELECT: keeps the row as `selected`
  select_for_share,   // the same, and holds the row until the transaction ends
  select_for_update,  // the same, and nobody else may hold it
  update,             // UPDATE: keeps the row, as it is now, as `updated`
  sleep,              // for `time`
  background,         // `inner` goes on after the operation's return, on connections of its own
  retry,              // `inner`, up to `attempts` times with `time` in between, until an attempt is done
  give,               // the operation returns; a read returns `row`, or fails where there is none
  start_over,         // after `time` again from the first step; only `given` is there then
  again,              // the end of an attempt that failed; nobody writes it
};

// Whether a step of this kind ends the operation where it is not done and says nothing about that.
constexpr bool ends_operation(StepKind kind) {
  return kind == StepKind::select || kind == StepKind::select_for_share ||
         kind == StepKind::select_for_update || kind == StepKind::update || kind == StepKind::commit;
}

// A row that a step may send or return.
enum class StepRow : std::uint8_t {
  none,
  given,  // what came with the operation: the value to write, which has no version yet, or the event's row
  cached,
  selected,
  updated,
};

// A raw value as parameters have it (nanoseconds, a count), or the place of the parameter that says it.
struct Setting {
  std::int64_t raw = 0;
  std::optional<std::size_t> parameter = std::nullopt;
};

struct Step;
using Steps = std::vector<Step>;

struct Step {
  StepKind kind = StepKind::del;
  StepRow row = StepRow::none;
  Setting time = {};
  Setting attempts = {};
  Steps inner = {};
  Steps then = {};                                // after it was done
  std::optional<Steps> otherwise = std::nullopt;  // after it was not
  Steps busy = {};                                // of get_or_lease: another has the lease
};

// No step waits longer, so that sums of times stay within what exploration reckons with.
inline constexpr sim::Duration longest_wait = std::chrono::hours(24);

struct OwnParameter {
  std::string name;
  ParameterKind kind = ParameterKind::duration;
  std::int64_t fallback = 0;
};

struct OwnStrategy {
  std::string name;
  std::string description;
  std::vector<OwnParameter> parameters;
  Steps write;
  std::optional<Steps> read;                  // none: the cache-aside read
  Steps consume;                              // of one event of the binlog
  Setting consumers;                          // 0: nobody follows the binlog
  std::vector<std::string> writing, reading;  // the steps in words, one line each
};

// As the strategies that are built in. The info keeps all that it refers to; strategies made by it do not
// need it. Preconditions: retries do not contain each other (but for what is in the background); none
// contains lock, get_or_lease or start_over, nor does what is in the background contain lock or start_over;
// there are fewer than 10,000 steps.
std::shared_ptr<const StrategyInfo> define(OwnStrategy own);

}  // namespace cacherace::strategies
