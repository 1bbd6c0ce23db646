// How a history's values keep what they were in their file: a number, a text, or a word such as a keyword.
//
// A number too great for Value is kept as its digits. So that it stays apart from a number, a text of a
// register that looks like one (or like nothing, or begins with a quote) is kept in quotes.
#pragma once

#include <string>
#include <string_view>

#include "verify/history.hpp"

namespace cacherace::verify::formats {

// What stands for nothing: nil, null.
[[nodiscard]] bool is_nothing(std::string_view text);

// What is put into History::texts for a text.
[[nodiscard]] std::string kept_text(Object object, std::string_view text);

// The reverse, for a value from `first_text` on that is not `nothing`.
struct Written {
  bool number = false;    // else a text or a word
  std::string_view text;  // points into the history
};
[[nodiscard]] Written as_written(const History& history, Value value);

}  // namespace cacherace::verify::formats
