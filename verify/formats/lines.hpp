// The lines of a file, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "verify/formats/bytes.hpp"

namespace cacherace::verify::formats {

class Lines {
 public:
  explicit Lines(Bytes& bytes) : bytes_(bytes), buffer_(first_size) {}

  // The next line without its end ("\n" or "\r\n"), valid until the next call; false at the end of the file.
  // Behind it always stands '\n' or '\r', and memory for `slack` bytes in all. A line of more than `longest`
  // bytes ends the file and sets too_long().
  bool next(std::string_view& line);

  [[nodiscard]] std::uint64_t number() const { return number_; }  // of the line that next() gave, from 1
  // Of that line: whether it ended. Only the last may not.
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] bool too_long() const { return too_long_; }

  static constexpr std::size_t slack = 16;
  static constexpr std::size_t longest = std::size_t{1} << 26U;

 private:
  static constexpr std::size_t first_size = std::size_t{1} << 16U;

  bool fill();
  std::string_view give(std::size_t end);

  Bytes& bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what was not given yet
  std::size_t end_ = 0;    // of what was read
  std::uint64_t number_ = 0;
  bool ended_ = true;
  bool too_long_ = false;
};

}  // namespace cacherace::verify::formats
