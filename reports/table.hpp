// A text table: columns aligned by what the terminal shows, not by bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::reports {

inline constexpr std::size_t text_width = 100;

enum class Colour : std::uint8_t { none, red, yellow, green };

// Whether a text may carry colours; off, painted() returns its text as it is.
enum class Paint : std::uint8_t { plain, coloured };
std::string painted(std::string_view text, Colour colour, Paint paint);

// Columns of a terminal that UTF-8 text takes.
std::size_t display_width(std::string_view text);

// A name from outside as a terminal may show it: control characters as "?", at most 60 columns.
std::string printable(std::string_view name);

// Lines of at most `width` columns, broken behind a space, ':' or ',' where there is one.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// The same as one text: every line but the first begins with `indent` spaces, each line ends.
std::string paragraph(std::string_view text, std::size_t indent = 0);

enum class Align : std::uint8_t { left, right };

struct Column {
  std::string heading;  // may have several lines
  Align align = Align::right;
};

struct Cell {
  std::string text;
  Colour colour = Colour::none;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Cells that are left out at the end are empty.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  // Headings, then rows; every line ends, none has spaces at its end. Where `width` does not suffice the
  // columns move closer, then the first one is wrapped.
  [[nodiscard]] std::string text(Paint paint = Paint::plain, std::size_t width = text_width) const;

 private:
  struct Layout {
    std::vector<std::size_t> widths;
    std::size_t gap;
  };

  [[nodiscard]] Layout fit(std::size_t width) const;
  void print(const std::vector<Cell>& row, const Layout& layout, Paint paint, std::string& out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace cacherace::reports
