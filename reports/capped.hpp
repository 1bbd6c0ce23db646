// A document that has at most so many bytes.
#pragma once

#include <fmt/format.h>

#include <string>

#include "reports/units.hpp"

namespace cacherace::reports {

// Sections one after another while there is room for them whole.
class Capped {
 public:
  explicit Capped(std::size_t bytes_most) : bytes_most_(bytes_most) {}

  void add(const std::string& section) {
    constexpr std::size_t kept_back = 300;  // for the line that says what was left out
    if (left_out_ > 0 || text_.size() + section.size() + kept_back > bytes_most_) {
      ++left_out_;
    } else {
      text_ += section;
    }
  }

  std::string finish() {
    if (left_out_ > 0) {
      text_ +=
          fmt::format("\n_{} left out: a report has at most {} bytes. `--format json` has everything._\n",
                      counted(left_out_, "section"), count_text(bytes_most_));
    }
    return std::move(text_);
  }

 private:
  std::size_t bytes_most_;
  std::uint64_t left_out_ = 0;
  std::string text_;
};

}  // namespace cacherace::reports
