#include "scenarios/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace cacherace::scenarios {
namespace {

constexpr std::size_t shown_bytes_max = 60;
constexpr std::size_t compared_bytes_max = 64;
constexpr std::size_t likely_part_min = 3;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Optimal string alignment distance: three rows of the dynamic program are all that is looked at.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string quoted(std::string_view text) {
  bool cut = false;
  if (text.size() > shown_bytes_max) {
    std::size_t end = shown_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    text = text.substr(0, end);
    cut = true;
  }
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
    } else {
      result += c;
    }
  }
  result += cut ? "…\"" : "\"";
  return result;
}

std::string either_of(std::span<const std::string_view> names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " or " : ", ";
    result += quoted(names[i]);
  }
  return result;
}

std::optional<std::string_view> nearest(std::string_view wrong, std::span<const std::string_view> names) {
  if (wrong.size() > compared_bytes_max) return std::nullopt;
  const auto is_part = [wrong](std::string_view n) { return n.starts_with(wrong) || n.ends_with(wrong); };
  const auto whole = std::ranges::find_if(names, is_part);
  if (whole != names.end() && wrong.size() >= likely_part_min) return *whole;
  std::optional<std::string_view> best;
  std::size_t best_edits = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (const auto name : names) {
    const std::size_t edits = edits_between(wrong, name);
    // All letters changed is no likeness.
    if (edits < best_edits && edits < std::max(wrong.size(), name.size())) {
      best = name;
      best_edits = edits;
    }
  }
  return best;
}

std::string remedy_for_name(std::string_view wrong, std::span<const std::string_view> names) {
  if (const auto name = nearest(wrong, names)) return fmt::format("did you mean {}?", quoted(*name));
  return "expected " + either_of(names);
}

}  // namespace cacherace::scenarios
