#include "reports/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/units.hpp"

namespace cacherace::reports {

std::string markdown_text(std::string_view text) {
  constexpr std::string_view marks = "\\`*_[]<>|~$&";
  std::string safe;
  for (const char c : text) {
    if (marks.find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string fenced(std::string_view text) {
  std::size_t longest = 0;
  std::size_t current = 0;
  for (const char c : text) {
    current = c == '`' ? current + 1 : 0;
    longest = std::max(longest, current);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{0}text\n{1}{0}\n", fence, text);
}

void Capped::add(const std::string& section) {
  constexpr std::size_t kept_back = 300;  // for the line that says what was left out
  if (left_out_ > 0 || text_.size() + section.size() + kept_back > bytes_most_) {
    ++left_out_;
  } else {
    text_ += section;
  }
}

std::string Capped::finish() {
  if (left_out_ > 0) {
    text_ += fmt::format("\n_{} left out: a report has at most {} bytes. `--format json` has everything._\n",
                         counted(left_out_, "section"), count_text(bytes_most_));
  }
  return std::move(text_);
}

}  // namespace cacherace::reports
