#include "verify/formats/lines.hpp"

#include <cstring>

namespace cacherace::verify::formats {

// More bytes behind what is there; the buffer keeps its slack.
bool Lines::fill() {
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ + slack >= buffer_.size()) {
    if (buffer_.size() > longest) {
      too_long_ = true;
      return false;
    }
    buffer_.resize(2 * buffer_.size());
  }
  const std::size_t got = bytes_.read(buffer_.data() + end_, buffer_.size() - slack - end_);
  end_ += got;
  return got != 0;
}

std::string_view Lines::give(std::size_t end) {
  std::string_view line(buffer_.data() + begin_, end - begin_);
  begin_ = end + 1;
  ++number_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool Lines::next(std::string_view& line) {
  std::size_t seen = 0;
  while (true) {
    const std::size_t from = begin_ + seen;
    if (const void* found = std::memchr(buffer_.data() + from, '\n', end_ - from)) {
      line = give(static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data()));
      return true;
    }
    seen = end_ - begin_;
    if (fill()) continue;
    if (too_long_ || end_ == begin_) return false;
    buffer_[end_] = '\n';
    ended_ = false;
    line = give(end_);
    begin_ = end_;
    return true;
  }
}

}  // namespace cacherace::verify::formats
