// A whole number as every format writes it: digits, behind a minus where it is negative.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace cacherace::verify::formats {

struct WholeNumber {
  bool is_one = false;  // the text is a whole number and nothing else …
  bool fits = false;    // … and `value` is it
  std::int64_t value = 0;
};

[[nodiscard]] inline WholeNumber whole_number(std::string_view text) {
  WholeNumber number;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number.value);
  number.is_one = rest == end && error != std::errc::invalid_argument;
  number.fits = number.is_one && error == std::errc();
  return number;
}

}  // namespace cacherace::verify::formats
