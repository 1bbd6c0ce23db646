// A whole number as every format writes it: digits, behind a minus where it is negative.
#pragma once

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
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

// Up to eight digits at once.
struct Digits {
  std::uint32_t value = 0;
  unsigned count = 0;
};

// Those that stand at `at` and behind it. Eight bytes must be there, whatever they are. Without a branch: how
// many digits there are is nothing that a processor could guess. Lemire, "Number parsing at a gigabyte per
// second" (Software: Practice and Experience 51(8), 2021), for up to eight.
[[nodiscard]] inline Digits eight_digits(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  bytes ^= 0x3030303030303030;  // each digit its value, anything else above 9
  const std::uint64_t others =
      (bytes | ((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676)) & 0x8080808080808080;
  const auto bits = static_cast<unsigned>(std::countr_zero(others)) & ~7U;
  bytes = bits == 0 ? 0 : bytes << (64 - bits);  // zeros in front
  bytes = bytes * 10 + (bytes >> 8U);
  bytes = ((bytes & 0x000000ff000000ff) * 0x000f424000000064 +
           ((bytes >> 16U) & 0x000000ff000000ff) * 0x0000271000000001) >>
          32U;
  return {static_cast<std::uint32_t>(bytes), bits / 8};
}

}  // namespace cacherace::verify::formats
