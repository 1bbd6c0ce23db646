// Text inside XML (SVG, JUnit) and inside the cells of Markdown.
#pragma once

#include <string>
#include <string_view>

namespace cacherace::reports {

// For contents and attributes of XML. What XML 1.0 cannot hold (control characters, broken UTF-8) becomes
// U+FFFD.
std::string escaped(std::string_view text);

// For a cell of a Markdown table: pipes, newlines and what Markdown would read as its own.
std::string markdown_escaped(std::string_view text);

}  // namespace cacherace::reports
