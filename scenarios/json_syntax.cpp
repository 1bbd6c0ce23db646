#include "scenarios/json_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

char at_or_nul(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  return text.substr(at, end - at);
}

// The character at `at` with all its bytes.
std::string character_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
  return quoted(text.substr(at, end - at));
}

// For a message: a text in quotes as a whole, anything else by its first character.
std::string shown_at(std::string_view text, std::size_t at) {
  if (text[at] != '"') return character_at(text, at);
  const auto end = std::min(text.find('"', at + 1), text.size());
  return "the text " + quoted(text.substr(at + 1, end - at - 1));
}

unsigned hex_value(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// The code unit of a \uXXXX at `at`, or nothing.
std::optional<unsigned> code_unit_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  const auto digits = text.substr(at + 2, 4);
  if (!std::ranges::all_of(digits, is_hex)) return std::nullopt;
  return hex_value(digits);
}

// What is wrong with the escape at `at` (a backslash); `length` is set where nothing is.
std::optional<SyntaxComplaint> complain_about_escape(std::string_view text, std::size_t at,
                                                     std::size_t& length) {
  length = 2;
  const char kind = at_or_nul(text, at + 1);
  if (std::string_view("\"\\/bfnrt").find(kind) != std::string_view::npos && kind != '\0') return {};
  if (kind != 'u') {
    return SyntaxComplaint{at, R"(JSON has no such escape; for a backslash write "\\")"};
  }
  const auto unit = code_unit_at(text, at);
  if (!unit) return SyntaxComplaint{at, R"(\u must be followed by four hexadecimal digits)"};
  length = 6;
  if (*unit < 0xd800 || *unit > 0xdfff) return {};
  const auto low = code_unit_at(text, at + 6);
  length = 12;
  if (*unit < 0xdc00 && low && *low >= 0xdc00 && *low <= 0xdfff) return {};
  return SyntaxComplaint{at, "this is half of a pair of surrogates; write both halves, or the character"};
}

std::optional<SyntaxComplaint> complain_about_text(std::string_view text, std::size_t at) {
  std::size_t here = at + 1;
  while (here < text.size()) {
    const char c = text[here];
    if (c == '"') return {};
    if (c == '\n' || c == '\r') {
      return SyntaxComplaint{at,
                             "the text in quotes is not closed on its line; close it with a double quote"};
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return SyntaxComplaint{
          here, fmt::format(R"(a control character in a text; write it as "\u{:04x}")", static_cast<int>(c))};
    }
    std::size_t length = 1;
    if (c == '\\') {
      if (auto complaint = complain_about_escape(text, here, length)) return complaint;
    }
    here += length;
  }
  return SyntaxComplaint{at, "the text in quotes is not closed; close it with a double quote"};
}

std::optional<SyntaxComplaint> complain_about_number(std::string_view text, std::size_t at) {
  std::size_t here = at;
  const auto digits = [&] {
    const std::size_t begin = here;
    while (is_digit(at_or_nul(text, here))) ++here;
    return here - begin;
  };
  if (text[here] == '-') ++here;
  const std::size_t whole = digits();
  if (whole == 0) return SyntaxComplaint{at, "a minus sign without a number"};
  if (at_or_nul(text, here) == '.') {
    ++here;
    if (digits() == 0) return SyntaxComplaint{at, "a number needs digits behind its point"};
  }
  if ((at_or_nul(text, here) | 0x20) == 'e') {
    ++here;
    if (at_or_nul(text, here) == '+' || at_or_nul(text, here) == '-') ++here;
    if (digits() == 0) return SyntaxComplaint{at, "a number needs digits in its exponent"};
  }
  return {};
}

std::string end_of_text(const JsonStop& stop) {
  if (!stop.inside) return "the text ends where a value is expected";
  return fmt::format("the text ends inside the {} that begins at {}; close it with \"{}\"",
                     stop.inside_object ? "object" : "list", stop.container_opened,
                     stop.inside_object ? "}" : "]");
}

// What is wrong with the token at `at` itself, wherever it stands; nothing for a sound one.
std::optional<SyntaxComplaint> complain_about_token(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '"') return complain_about_text(text, at);
  if (c == '-' || is_digit(c)) return complain_about_number(text, at);
  if (std::string_view("{}[],:").find(c) != std::string_view::npos) return {};
  if (c == '+' || c == '.') return SyntaxComplaint{at, "a number begins with a digit or a minus sign"};
  if (c == '\'') return SyntaxComplaint{at, "JSON takes double quotes, not single ones"};
  if (c == '/' || c == '#') return SyntaxComplaint{at, "JSON has no comments; use \"description\""};
  if (is_letter(c)) {
    const auto word = word_at(text, at);
    if (word == "true" || word == "false" || word == "null") return {};
    return SyntaxComplaint{at,
                           fmt::format("{} is no JSON value; put texts into double quotes", quoted(word))};
  }
  if (text.substr(at, 3) == "\u201c" || text.substr(at, 3) == "\u201d") {
    return SyntaxComplaint{at, "JSON takes plain double quotes, not typographic ones"};
  }
  return SyntaxComplaint{at, fmt::format("no JSON value begins with {}", character_at(text, at))};
}

// What begins as a number and goes on otherwise: 5ms, 05.
std::optional<SyntaxComplaint> complain_about_last_number(std::string_view text, const JsonStop& stop) {
  if (stop.state != JsonState::value || stop.cursor == 0 || !is_digit(text[stop.cursor - 1])) return {};
  if (is_digit(at_or_nul(text, stop.cursor))) {
    return SyntaxComplaint{stop.token, "a number does not begin with a needless zero"};
  }
  const auto unit = word_at(text, stop.cursor);
  static constexpr std::array<std::string_view, 6> units = {"ns", "us", "ms", "s", "min", "h"};
  if (std::ranges::find(units, unit) == units.end()) return {};
  return SyntaxComplaint{stop.token, fmt::format("a duration needs quotes; write \"{}{}\"",
                                                 text.substr(stop.token, stop.cursor - stop.token), unit)};
}

std::string expected_after_value(const JsonStop& stop) {
  if (!stop.inside) return "the text goes on behind its value";
  return fmt::format("expected \",\" or \"{}\"", stop.inside_object ? "}" : "]");
}

}  // namespace

std::size_t skip_white_space(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
    ++at;
  }
  return at;
}

std::size_t skip_token(std::string_view text, std::size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '"') {
    ++at;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
    return std::min(at + 1, text.size());
  }
  if (std::string_view("{}[]").find(text[at]) != std::string_view::npos) return at + 1;
  if (is_letter(text[at])) return at + word_at(text, at).size();
  const auto skip_digits = [&] {
    while (is_digit(at_or_nul(text, at))) ++at;
  };
  if (text[at] == '-') ++at;
  if (at_or_nul(text, at) == '0') {
    ++at;
  } else {
    skip_digits();
  }
  if (at_or_nul(text, at) == '.') {
    ++at;
    skip_digits();
  }
  if ((at_or_nul(text, at) | 0x20) == 'e') {
    ++at;
    if (at_or_nul(text, at) == '+' || at_or_nul(text, at) == '-') ++at;
    skip_digits();
  }
  return at;
}

SyntaxComplaint explain_syntax_error(std::string_view text, const JsonStop& stop) {
  if (auto complaint = complain_about_last_number(text, stop)) return *complaint;
  std::size_t at = skip_white_space(text, stop.cursor);
  std::string expected;
  bool after_comma = false;
  switch (stop.state) {
    case JsonState::nothing:
      expected = "expected an object, \"{\"";
      break;
    case JsonState::open_list:
      expected = "expected a value or \"]\"";
      break;
    case JsonState::open_object:
      expected = "expected a key in double quotes, or \"}\"";
      break;
    case JsonState::key:
      expected = "expected \":\" behind the key";
      if (at_or_nul(text, at) == ':') {
        at = skip_white_space(text, at + 1);
        expected = "expected a value behind the colon";
      }
      break;
    case JsonState::value:
      expected = expected_after_value(stop);
      if (stop.inside && at_or_nul(text, at) == ',') {
        const std::size_t comma = at;
        at = skip_white_space(text, at + 1);
        after_comma = true;
        const char c = at_or_nul(text, at);
        if (c == '}' || c == ']') return {comma, "a comma with nothing behind it; remove it"};
        expected =
            stop.inside_object ? "expected a key in double quotes" : "expected a value behind the comma";
      }
      break;
    case JsonState::end:
      expected = expected_after_value({});
      break;
  }
  if (at >= text.size()) {
    return {at, text.empty() || skip_white_space(text, 0) == text.size() ? "the file is empty"
                                                                         : end_of_text(stop)};
  }
  const bool value_or_key_due =
      stop.state != JsonState::end && (stop.state != JsonState::value || after_comma);
  if (value_or_key_due || text[at] == '/' || text[at] == '#') {
    if (auto complaint = complain_about_token(text, at)) return *complaint;
  }
  return {at, fmt::format("{}, found {}", expected, shown_at(text, at))};
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned lead = byte(at);
    if (lead == 0) return at;
    if (lead < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                               : lead >= 0xe0 && lead <= 0xef ? 3
                               : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                              : 0;
    if (length == 0) return at;
    // The second byte's range excludes overlong forms, surrogates, and what lies above U+10FFFF.
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(at + 1) < low || byte(at + 1) > high) return at;
    for (std::size_t i = 2; i < length; ++i) {
      if ((byte(at + i) & 0xc0U) != 0x80U) return at;
    }
    at += length;
  }
  return std::nullopt;
}

}  // namespace cacherace::scenarios
