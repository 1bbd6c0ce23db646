#include "reports/escaped.hpp"

#include "verify/formats/utf8.hpp"

namespace cacherace::reports {

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = verify::formats::utf8_length(text);
    const char c = text.front();
    const std::string_view point = text.substr(0, length);
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (length == 0 || control || point == "\xef\xbf\xbe" || point == "\xef\xbf\xbf") {
      out += "\xef\xbf\xbd";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "&#10;" : c == '\r' ? "&#13;" : "&#9;";
    } else {
      out += point;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\|`*_[]<>#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace cacherace::reports
