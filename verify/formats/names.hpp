// Numbers for texts, 0, 1, 2 … in the order in which they were first seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::verify::formats {

// An open-addressing table over `texts`, which the caller keeps (and which nobody else may change).
class Names {
 public:
  // O(length of the text).
  std::uint32_t number(std::string_view text, std::vector<std::string>& texts);

 private:
  void grow(const std::vector<std::string>& texts);
  [[nodiscard]] std::size_t place(std::string_view text, const std::vector<std::string>& texts) const;

  static constexpr std::uint32_t free = UINT32_MAX;
  std::vector<std::uint32_t> slots_;  // a power of two of them, at most half taken
  std::uint32_t last_ = free;         // logs name the same key again and again
};

}  // namespace cacherace::verify::formats
