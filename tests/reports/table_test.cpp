#include "reports/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace cacherace::reports {
namespace {

std::size_t widest_line(const std::string& text) {
  std::istringstream stream(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(stream, line);) widest = std::max(widest, display_width(line));
  return widest;
}

TEST(Table, ColumnsAreAlignedByWhatIsSeen) {
  Table table({{"name", Align::left}, {"time"}});
  table.add({{"a"}, {"3.2 µs"}});
  table.add({{"longer"}, {"412 ms"}});
  EXPECT_EQ(table.text(),
            "name      time\n"
            "a       3.2 µs\n"
            "longer  412 ms\n");
}

TEST(Table, HeadingsMayHaveSeveralLines) {
  Table table({{"name", Align::left}, {"write\np99"}});
  table.add({{"a"}, {"1"}});
  EXPECT_EQ(table.text(), "      write\nname    p99\na         1\n");
}

TEST(Table, FitsItsWidthByWrappingTheFirstColumn) {
  Table table({{"strategy", Align::left}, {"figure"}});
  table.add({{"delayed-double-delete:sleep=50ms,async=true"}, {std::string(70, '9')}});
  const auto text = table.text();
  EXPECT_LE(widest_line(text), text_width);
  EXPECT_NE(text.find("\nsleep=50ms,async=true\n"), std::string::npos) << text;
}

TEST(Table, WideAndCombiningCharactersCountAsTheyAreShown) {
  EXPECT_EQ(display_width("µ"), 1U);
  EXPECT_EQ(display_width("缓存"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("\xff"), 1U);
}

TEST(Table, ColourDoesNotMoveColumns) {
  Table table({{"a", Align::left}, {"b"}});
  table.add({{"x", Colour::red}, {"1"}});
  EXPECT_EQ(table.text(Paint::coloured), "a  b\n\x1b[31mx\x1b[0m  1\n");
  EXPECT_EQ(table.text(Paint::plain).find('\x1b'), std::string::npos);
}

TEST(Paragraph, BreaksBehindSpacesAndIndents) {
  const std::string word(60, 'a');
  EXPECT_EQ(paragraph(word + " " + word, 2), word + "\n  " + word + "\n");
  EXPECT_EQ(wrapped(std::string(25, 'x'), 10).size(), 3U);
  EXPECT_EQ(wrapped("", 10), std::vector<std::string>{""});
}

}  // namespace
}  // namespace cacherace::reports
