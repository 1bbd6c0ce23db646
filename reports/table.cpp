#include "reports/table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace cacherace::reports {
namespace {

constexpr std::size_t wide_gap = 2;
constexpr std::size_t narrow_gap = 1;
constexpr std::size_t first_column_min = 8;

// Code points that take no column, or two; the common ones.
constexpr std::array<std::pair<char32_t, char32_t>, 4> zero_width = {
    {{0x300, 0x36f}, {0x200b, 0x200f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}}};
constexpr std::array<std::pair<char32_t, char32_t>, 7> double_width = {{{0x1100, 0x115f},
                                                                        {0x2e80, 0xa4cf},
                                                                        {0xac00, 0xd7a3},
                                                                        {0xf900, 0xfaff},
                                                                        {0xfe30, 0xfe6f},
                                                                        {0xff00, 0xff60},
                                                                        {0x1f300, 0x3fffd}}};

template <std::size_t n>
bool within(const std::array<std::pair<char32_t, char32_t>, n>& ranges, char32_t point) {
  return std::ranges::any_of(ranges,
                             [point](const auto& r) { return point >= r.first && point <= r.second; });
}

// The code point at `at`, which moves behind it; a broken byte counts as one.
char32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  char32_t point = more == 0 ? lead : lead & (0x3fU >> static_cast<unsigned>(more));
  for (int i = 0; i < more && at < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xc0U) != 0x80U) break;
    point = (point << 6U) | (byte & 0x3fU);
    ++at;
  }
  return point;
}

std::size_t width_of(char32_t point) {
  if (within(zero_width, point)) return 0;
  return within(double_width, point) ? 2 : 1;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// How many bytes of `text` make its first line.
std::size_t break_at(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  std::size_t good = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t point = next_point(text, at);
    const bool is_space = point == U' ';
    if (used + width_of(point) > width && !is_space)
      return good != 0 ? good : std::max<std::size_t>(begin, 1);
    used += width_of(point);
    const bool in_number = at < text.size() && text[at] >= '0' && text[at] <= '9';
    if (is_space || ((point == U':' || point == U',') && !in_number)) good = at;
    if (used > width) return good;
  }
  return text.size();
}

void drop_spaces_at_end(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
}

std::string aligned(const Cell& cell, std::size_t width, Align align, Paint paint) {
  const std::string pad(width - std::min(width, display_width(cell.text)), ' ');
  const std::string text = painted(cell.text, cell.colour, paint);
  return align == Align::left ? text + pad : pad + text;
}

}  // namespace

std::string painted(std::string_view text, Colour colour, Paint paint) {
  if (paint == Paint::plain || colour == Colour::none || text.empty()) return std::string(text);
  constexpr std::array<std::string_view, 4> codes = {"0", "31", "33", "32"};
  std::string result = "\x1b[";
  result += codes[static_cast<std::size_t>(colour)];
  result += 'm';
  result += text;
  result += "\x1b[0m";
  return result;
}

std::string printable(std::string_view name) {
  constexpr std::size_t width_max = 60;
  std::string text;
  std::size_t width = 0;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    const char32_t point = next_point(name, at);
    const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const bool turns_text = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    width += control ? 1 : width_of(point);
    if (width >= width_max) return text + "…";
    text += control || turns_text ? "?" : name.substr(begin, at - begin);
  }
  return text;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_point(text, at));
  return width;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  do {
    const std::size_t end = break_at(text, width);
    lines.emplace_back(text.substr(0, end));
    drop_spaces_at_end(lines.back());
    text.remove_prefix(end);
  } while (!text.empty());
  return lines;
}

std::string paragraph(std::string_view text, std::size_t indent) {
  std::string result;
  const auto lines = wrapped(text, text_width - indent);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) result.append(indent, ' ');
    result += lines[i] + '\n';
  }
  return result;
}

Table::Layout Table::fit(std::size_t width) const {
  Layout layout{std::vector<std::size_t>(columns_.size()), wide_gap};
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& line : lines_of(columns_[i].heading)) {
      layout.widths[i] = std::max(layout.widths[i], display_width(line));
    }
    for (const auto& row : rows_) {
      if (i < row.size()) layout.widths[i] = std::max(layout.widths[i], display_width(row[i].text));
    }
  }
  const std::size_t cells = std::accumulate(layout.widths.begin(), layout.widths.end(), std::size_t{0});
  const std::size_t gaps = columns_.size() - 1;
  if (cells + gaps * wide_gap <= width) return layout;
  layout.gap = narrow_gap;
  const std::size_t others = cells - layout.widths[0] + gaps * narrow_gap;
  const std::size_t left = std::max(width > others ? width - others : 0, first_column_min);
  if (layout.widths[0] <= left) return layout;
  layout.widths[0] = 0;  // no wider than its widest line
  for (const auto& row : rows_) {
    if (row.empty()) continue;
    for (const auto& line : wrapped(row[0].text, left)) {
      layout.widths[0] = std::max(layout.widths[0], display_width(line));
    }
  }
  for (const auto& line : lines_of(columns_[0].heading)) {
    layout.widths[0] = std::max(layout.widths[0], display_width(line));
  }
  return layout;
}

void Table::print(const std::vector<Cell>& row, const Layout& layout, Paint paint, std::string& out) const {
  const Cell first = row.empty() ? Cell{} : row[0];
  const auto lines = wrapped(first.text, layout.widths[0]);
  for (std::size_t number = 0; number < lines.size(); ++number) {
    std::string line = aligned({lines[number], first.colour}, layout.widths[0], columns_[0].align, paint);
    for (std::size_t i = 1; number == 0 && i < std::min(row.size(), columns_.size()); ++i) {
      line += std::string(layout.gap, ' ') + aligned(row[i], layout.widths[i], columns_[i].align, paint);
    }
    drop_spaces_at_end(line);
    out += line + '\n';
  }
}

std::string Table::text(Paint paint, std::size_t width) const {
  const Layout layout = fit(width);
  std::vector<std::vector<std::string>> headings;
  std::size_t heading_lines = 0;
  for (const auto& column : columns_) {
    headings.push_back(lines_of(column.heading));
    heading_lines = std::max(heading_lines, headings.back().size());
  }
  std::string out;
  for (std::size_t number = 0; number < heading_lines; ++number) {
    std::vector<Cell> row;
    for (const auto& lines : headings) {
      const std::size_t skipped = heading_lines - lines.size();  // short headings stand at the bottom
      row.push_back({number < skipped ? "" : lines[number - skipped]});
    }
    print(row, layout, paint, out);
  }
  for (const auto& row : rows_) print(row, layout, paint, out);
  return out;
}

}  // namespace cacherace::reports
