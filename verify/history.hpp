// A history of operations as somebody wrote it down: what `check` judges. Its operations are those of an
// Execution; nothing is known of the stores.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "verify/execution.hpp"

namespace cacherace::verify {

// What the objects of a history are, and so how its operations are judged.
enum class Object : std::uint8_t {
  reg,   // a register: read, write, compare and set
  text,  // a register of text to which can be appended: read, write (put), append
};

// What a read that returned nothing (null, nil), and so has the value `History::nothing`, says.
enum class NilRead : std::uint8_t {
  initial,   // the initial value
  absent,    // a value of its own: there is none (which is the initial value, if that is `nothing`)
  wildcard,  // nothing: the log does not tell what was read
};

// What a failed compare-and-set says.
enum class FailedCas : std::uint8_t {
  nothing,   // it did not happen
  mismatch,  // it saw another value than it had expected
};

// When an operation began and ended by the clock, where the order of a history is not that of its times.
struct ClockSpan {
  Nanos start = 0;
  Nanos end = never;
};

// `operations` stand in the order of invocation. Where `clock` is empty, their `start` and `end` are times in
// ns; otherwise they are places in the log (which decide the verdict), and clock[i] holds the times of
// operation i (from which ages are taken). `timed`: false where a log has no times at all.
//
// A value is a number that stands for itself (0 to 2^31 - 1), or, from `first_text` on, the place of its text
// in `texts` (equal texts have one place), or `nothing`. `initial` is the value of every key at first. What a
// read that is not ok returned does not matter.
struct History {
  Object object = Object::reg;
  NilRead nil_reads = NilRead::initial;
  FailedCas failed_cas = FailedCas::nothing;
  std::vector<Operation> operations;
  std::vector<ClockSpan> clock;
  bool timed = true;
  Value initial = initial_value;
  std::vector<std::string> texts;
  std::vector<std::string> keys;     // by KeyIndex
  std::vector<std::string> clients;  // by ClientIndex
  std::string strategy;              // of a simulator's history, else empty
  std::int64_t run = -1;             // the same, else -1

  // When an operation began and ended by the clock, if `timed`.
  [[nodiscard]] ClockSpan times_of(OperationIndex at) const {
    return clock.empty() ? ClockSpan{operations[at].start, operations[at].end} : clock[at];
  }

  static constexpr Value first_text = Value{1} << 31U;
  static constexpr Value nothing = std::numeric_limits<Value>::max();
};

}  // namespace cacherace::verify
