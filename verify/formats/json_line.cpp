#include "verify/formats/json_line.hpp"

#include <charconv>
#include <cstring>

#include "verify/formats/utf8.hpp"
#include "verify/formats/whole_number.hpp"

namespace cacherace::verify::formats {
namespace {

// What ends the plain part of a string: quotes, escapes, control characters, and bytes beyond ASCII.
constexpr auto special = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = true;
  for (std::size_t i = 0x80; i < table.size(); ++i) table[i] = true;
  table['"'] = table['\\'] = true;
  return table;
}();

constexpr std::array<std::uint64_t, 9> powers_of_ten{1,       10,        100,        1'000,      10'000,
                                                     100'000, 1'000'000, 10'000'000, 100'000'000};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(unsigned code, std::string& out) {
  const auto put = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | code >> 6U);
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3fU));
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
}

}  // namespace

bool JsonLine::wrong(const char* at, std::string message) {
  cut_off_ = at >= end_;
  fault_column_ = static_cast<std::uint64_t>(at - begin_) + 1;
  fault_ = (cut_off_ ? "the line ends too early; " : "") + std::move(message);
  return false;
}

// The loops below go over a pointer of their own: the compiler must take it that a character which is read
// could be part of `at_`.
inline void JsonLine::skip_space() {
  const char* at = at_;
  while (*at == ' ' || *at == '\t') ++at;
  at_ = at;
}

inline bool JsonLine::expect(char c, const char* expected) {
  skip_space();
  if (*at_ != c || at_ == end_) return wrong(at_, expected);
  ++at_;
  return true;
}

inline bool JsonLine::string(std::string_view& result, std::string& own) {
  const char* const begin = at_;
  const char* at = begin;
  while (!special[static_cast<unsigned char>(*at)]) ++at;
  at_ = at;
  if (*at != '"') return string_with_escapes(begin, result, own);
  result = {begin, static_cast<std::size_t>(at - begin)};
  ++at_;
  return true;
}

inline bool JsonLine::number(Scalar& result) {
  const char* const begin = at_;
  const bool negative = *at_ == '-';
  if (negative) ++at_;
  const char* const digits = at_;
  Digits next = eight_digits(digits);
  std::uint64_t value = next.value;
  const char* at = digits + next.count;
  constexpr unsigned all = 8;
  while (next.count == all) {
    next = eight_digits(at);
    value = value * powers_of_ten[next.count] + next.value;
    at += next.count;
  }
  at_ = at;
  constexpr std::ptrdiff_t digits_max = 18;  // so many fit whatever they are
  const bool fits = at - digits <= digits_max || whole_number({begin, at}).fits;
  if (at_ == digits) return wrong(at_, "expected digits");
  if (*digits == '0' && at_ - digits > 1) return wrong(digits, "a number has no zero in front");
  result.kind = fits ? Scalar::Kind::number : Scalar::Kind::large;
  result.number = static_cast<std::int64_t>(negative ? 0 - value : value);
  if (*at_ == '.') {
    ++at_;
    if (!is_digit(*at_)) return wrong(at_, "expected digits");
    while (is_digit(*at_)) ++at_;
    result.kind = Scalar::Kind::fraction;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!is_digit(*at_)) return wrong(at_, "expected digits");
    while (is_digit(*at_)) ++at_;
    result.kind = Scalar::Kind::fraction;
  }
  result.text = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

inline bool JsonLine::scalar(Scalar& result, std::string& own) {
  result.column = static_cast<std::uint64_t>(at_ - begin_) + 1;
  if (*at_ == '"') {
    ++at_;
    result.kind = Scalar::Kind::text;
    return string(result.text, own);
  }
  return is_digit(*at_) || *at_ == '-' ? number(result) : word(result);
}

bool JsonLine::read(std::string_view line, Row& row) {
  begin_ = at_ = line.data();
  end_ = begin_ + line.size();
  row.clear();
  cut_off_ = false;
  if (!expect('{', "expected an object: {…}") || !members(row)) return false;
  skip_space();
  return at_ == end_ || wrong(at_, "expected nothing behind the object");
}

bool JsonLine::members(Row& row) {
  unsigned seen = 0;
  skip_space();
  if (*at_ == '}' && at_ != end_) {
    ++at_;
    return true;
  }
  for (std::size_t place = 0;; ++place) {
    const char* const begin = at_;
    const std::size_t field = guess(place, seen);
    if (field != field_names.size()) {
      if (!scalar(row.fields[field], own_[field])) return false;
    } else {
      if (place > 0) {
        skip_space();
        if (*at_ != ',') return expect('}', "expected , or }");
        ++at_;
        skip_space();
      }
      if (!member(row, seen, begin, place)) return false;
    }
  }
}

// The name at this place of the line, if it is written there as it was in the line before, in which case it
// was read; otherwise field_names.size().
inline std::size_t JsonLine::guess(std::size_t place, unsigned& seen) {
  if (place >= known_.size()) return field_names.size();
  const Known& known = known_[place];
  std::array<std::uint64_t, 2> bytes{};
  std::memcpy(bytes.data(), at_, sizeof bytes);
  const bool same =
      (((bytes[0] ^ known.bytes[0]) & known.mask[0]) | ((bytes[1] ^ known.bytes[1]) & known.mask[1])) == 0;
  if (!same || (seen >> known.field & 1U) != 0) return field_names.size();
  seen |= 1U << known.field;
  at_ += known.size;
  return known.field;
}

void JsonLine::learn(const char* begin, std::size_t place, std::size_t field) {
  const auto size = static_cast<std::size_t>(at_ - begin);
  if (place >= known_.size() || size > sizeof(Known::bytes)) return;
  Known& known = known_[place];
  known.bytes = known.mask = {};
  std::memcpy(known.bytes.data(), begin, size);
  std::memset(known.mask.data(), 0xff, size);
  known.size = size;
  known.field = field;
}

bool JsonLine::member(Row& row, unsigned& seen, const char* before, std::size_t place) {
  const char* const begin = at_;
  if (!expect('"', "expected a name in quotes")) return false;
  std::string_view name;
  if (!string(name, own_.back())) return false;
  const std::size_t field = field_of(name);
  if (field == field_names.size()) {
    return wrong(begin,
                 "unknown name \"" + std::string(name) + "\"; expected one of " + std::string(all_fields));
  }
  if ((seen >> field & 1U) != 0) {
    return wrong(begin, "\"" + std::string(name) + "\" is there twice; expected it once");
  }
  seen |= 1U << field;
  if (!expect(':', "expected :")) return false;
  skip_space();
  learn(before, place, field);
  return scalar(row.fields[field], own_[field]);
}

bool JsonLine::word(Scalar& result) {
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  for (const std::string_view known : {"null", "true", "false"}) {
    if (rest.starts_with(known)) {
      result.kind = known == "null" ? Scalar::Kind::nothing : Scalar::Kind::other;
      result.text = rest.substr(0, known.size());
      at_ += known.size();
      return true;
    }
    if (known.starts_with(rest)) return wrong(end_, "expected a value");
  }
  return wrong(at_, "expected a text in quotes, a number or null");
}

bool JsonLine::string_with_escapes(const char* begin, std::string_view& result, std::string& own) {
  own.assign(begin, at_);
  while (true) {
    if (at_ == end_) return wrong(at_, "expected the \" that ends a text");
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == '"') break;
    if (byte < 0x20) return wrong(at_, "a control character in a text; expected it escaped");
    if (byte == '\\') {
      if (!escape(own)) return false;
    } else if (byte >= 0x80) {
      if (!utf8(own)) return false;
    } else {
      own += *at_++;
    }
  }
  ++at_;
  result = own;
  return true;
}

bool JsonLine::escape(std::string& own) {
  constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  ++at_;
  if (at_ == end_) return wrong(at_, "expected the rest of an escape");
  if (*at_ == 'u') return unicode_escape(own);
  const auto place = letters.find(*at_);
  if (place == std::string_view::npos) return wrong(at_ - 1, "an unknown escape; expected \\\\, \\\", \\n …");
  own += meanings[place];
  ++at_;
  return true;
}

bool JsonLine::hex4(unsigned& code) {
  constexpr std::ptrdiff_t digits = 4;
  if (end_ - at_ <= digits) return wrong(end_, "expected four hexadecimal digits");
  const char* const first = at_ + 1;
  const auto [rest, error] = std::from_chars(first, first + digits, code, 16);
  if (error != std::errc() || rest != first + digits) {
    return wrong(at_ - 1, "expected four hexadecimal digits behind \\u");
  }
  at_ = first + digits;
  return true;
}

bool JsonLine::unicode_escape(std::string& own) {
  const char* const begin = at_ - 1;
  unsigned code = 0;
  if (!hex4(code)) return false;
  if (code >= 0xd800 && code < 0xdc00) {
    unsigned low = 0;
    if (end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
      ++at_;
      if (!hex4(low)) return false;
    }
    if (low < 0xdc00 || low > 0xdfff) return wrong(begin, "half a surrogate pair; expected both halves");
    code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
  } else if (code >= 0xdc00 && code <= 0xdfff) {
    return wrong(begin, "half a surrogate pair; expected both halves");
  }
  append_utf8(code, own);
  return true;
}

bool JsonLine::utf8(std::string& own) {
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  const std::size_t length = utf8_length(rest);
  if (length == 0) return wrong(at_, "bytes that are no UTF-8; expected UTF-8");
  own.append(rest.substr(0, length));
  at_ += length;
  return true;
}

}  // namespace cacherace::verify::formats
