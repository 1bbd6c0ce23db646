// Words for messages: names in quotes, and the nearest valid name where one was wrong.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cacherace::scenarios {

// In double quotes, control characters spelled out, cut after 60 bytes.
std::string quoted(std::string_view text);

// "a", "b" or "c"; each in quotes.
std::string either_of(std::span<const std::string_view> names);

// The valid name that `wrong` most likely stands for: one that begins or ends with it; else by the number of
// edits (a letter added, dropped, changed, or two swapped; the case does not count), at most a third of its
// length. The first of equals.
std::optional<std::string_view> nearest(std::string_view wrong, std::span<const std::string_view> names);

// `did you mean "X"?`, or, where nothing is near, `expected "a", "b" or "c"`.
std::string remedy_for_name(std::string_view wrong, std::span<const std::string_view> names);

}  // namespace cacherace::scenarios
