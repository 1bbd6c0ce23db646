// What can be where a step stands: which rows, whether a transaction is open, a lock or a lease held.
#pragma once

#include <string_view>

#include "strategies/steps.hpp"

namespace cacherace::scenarios {

struct Flow {
  unsigned rows = 0;       // that may be there, a bit for each
  unsigned forgotten = 0;  // that were there, before a step that forgets them
  bool ended = false;      // nothing comes here
  bool open = false;       // a transaction may be open
  bool failed = false;     // a COMMIT may have failed, which leaves it to be rolled back
  bool locked = false;     // a lock may be held
  bool leased = false;     // or a lease
  bool asked = false;      // a command has been sent, whatever happened
  bool muted = false;      // something was wrong before, so that no more can be told of all this but the rows

  [[nodiscard]] bool has(strategies::StepRow row) const;
  // All but what came with the operation.
  void forget_rows();
};

constexpr unsigned bit(strategies::StepRow row) {
  return row == strategies::StepRow::none ? 0U : 1U << static_cast<unsigned>(row);
}

// Where two ways meet.
Flow joined(const Flow& a, const Flow& b);

// Whether a step of this kind sends a command wherever it stands.
bool always_asks(strategies::StepKind kind);

// Takes a step. What is wrong with it there, or nothing.
std::string_view pass(strategies::StepKind kind, Flow& flow);

// At a return, or at the end of a list.
std::string_view wrong_at_the_end(const Flow& flow);

}  // namespace cacherace::scenarios
