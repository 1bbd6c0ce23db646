// A strategy as data: lists of steps, as a user writes them in a scenario (docs/scenario-format.md). Its
// commands are those of ports.hpp and behave as in any other strategy.
//
// A step is done or not: a GET is done where it hits, a command where it is known to have taken effect, a SET
// of a row that is not there is not done and sends nothing. What is not done and has no `otherwise`: inside a
// retry it fails the attempt; elsewhere a MySQL command ends the operation, and all others are passed over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "strategies/registry.hpp"

namespace cacherace::strategies {

enum class StepKind : std::uint8_t {
  get,           // GET: keeps the entry as `cached`
  set,           // SET of `row`
  del,           // DEL
  set_if_newer,  // the script models::set_if_newer with `row`
  wait,          // WAIT: until Redis's replica has this connection's changes, at most for `time`
  select,        // SELECT: keeps the row as `selected`
  update,        // UPDATE: keeps the row, as it is now, as `updated`
  sleep,         // for `time`
  background,    // `inner` goes on after the operation's return, on connections of its own
  retry,         // `inner`, up to `attempts` times with `time` in between, until an attempt is done
  give,          // the operation returns; a read returns `row`, or fails where there is none
  again,         // the end of an attempt that failed; nobody writes it
};

// Whether a step of this kind ends the operation where it is not done and says nothing about that.
constexpr bool ends_operation(StepKind kind) {
  return kind == StepKind::select || kind == StepKind::update;
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
// need it. Precondition: retries do not contain each other (but for what is in the background), and there are
// fewer than 10,000 steps.
std::shared_ptr<const StrategyInfo> define(OwnStrategy own);

}  // namespace cacherace::strategies
