// Why a text is no JSON, in plain words and with the place. Asked only after the parser has refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cacherace::scenarios {

// What the parser had seen when it stopped.
enum class JsonState : std::uint8_t { nothing, open_list, open_object, key, value, end };

struct JsonStop {
  JsonState state = JsonState::nothing;
  std::size_t cursor = 0;        // just behind the last good token
  std::size_t token = 0;         // where that token begins
  bool inside = false;           // a list or an object is open …
  bool inside_object = false;    // … and which
  std::string container_opened;  // "line 3, column 5"
};

struct SyntaxComplaint {
  std::size_t offset = 0;
  std::string message;
};

std::size_t skip_white_space(std::string_view text, std::size_t at);
// One past the end of the token at `at`. Precondition: a well-formed token starts there.
std::size_t skip_token(std::string_view text, std::size_t at);

SyntaxComplaint explain_syntax_error(std::string_view text, const JsonStop& stop);

// The first byte that no UTF-8 text has there (or a NUL), or nothing.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

}  // namespace cacherace::scenarios
