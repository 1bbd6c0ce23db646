// What every Markdown document is made with: text that is no markup, fences, and a limit of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cacherace::reports {

// GitHub takes at most 1 MiB of summary from a step (docs.github.com, "Workflow commands", job summaries),
// and nothing of a longer one; a second report of that step needs room, too.
inline constexpr std::size_t markdown_bytes_most = 500'000;

// `text` on one line of Markdown, as it is: nothing in it is taken for markup.
std::string markdown_text(std::string_view text);

// `text` between fences that nothing in it can close.
std::string fenced(std::string_view text);

// Sections one after another while there is room for them whole; a last line says how many were left out.
class Capped {
 public:
  explicit Capped(std::size_t bytes_most) : bytes_most_(bytes_most) {}

  void add(const std::string& section);
  std::string finish();

 private:
  std::size_t bytes_most_;
  std::uint64_t left_out_ = 0;
  std::string text_;
};

}  // namespace cacherace::reports
