// What an operation of any object does to the object's state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

// A state: a value of the history, or a number beyond all of them for a text that stands nowhere in it.
using State = Value;

struct Action {
  enum class Kind : std::uint8_t { none, sees, sees_other, sets, changes, appends };

  Kind kind = Kind::none;  // none: the operation says and does nothing
  Value value = 0;         // seen, not seen, set, appended
  Value from = 0;          // changes: what must be there

  // Changes no state.
  [[nodiscard]] bool looks() const { return kind == Kind::sees || kind == Kind::sees_other; }
  [[nodiscard]] bool fits(State state) const {
    if (kind == Kind::sees) return state == value;
    if (kind == Kind::sees_other) return state != value;
    return kind != Kind::changes || state == from;
  }
  friend bool operator==(const Action&, const Action&) = default;
};

[[nodiscard]] Action action_of(const History& history, const OperationsView& view, Position at);

// The texts that appending makes; a text has one state, that of the value which stands for it in the key's
// operations if there is one.
class Texts {
 public:
  Texts(const History& history, const OperationsView& view) : history_(history), view_(view) {}

  [[nodiscard]] State append(State state, Value tail);
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] std::string text_of(State state) const;
  void learn_known();

  const History& history_;
  const OperationsView& view_;
  bool known_ = false;
  std::size_t bytes_ = 0;
  std::vector<std::string> made_;  // numbered after those of the history
  std::map<std::string, State> states_;
  std::map<std::uint64_t, State> appended_;  // by state (upper half) and tail
};

}  // namespace cacherace::verify
