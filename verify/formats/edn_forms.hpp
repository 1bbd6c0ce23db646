// EDN (github.com/edn-format/edn), a form at a time, as far as histories need it: nil, numbers, strings,
// keywords and symbols, vectors and lists. Maps, sets, tagged and other forms are read and left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "verify/formats/bytes.hpp"

namespace cacherace::verify::formats {

struct Form {
  enum class Kind : std::uint8_t {
    missing,
    nothing,  // nil
    number,   // whole, fits in `number`; `text` has its digits
    large,    // whole, does not fit
    word,     // a keyword (with its colon), a symbol, true, a number that is not whole
    text,
    list,   // a vector or a list: `items`, three at most, since pairs are all that matters
    other,  // a map, a set …
  };
  Kind kind = Kind::missing;
  std::int64_t number = 0;
  std::string text;
  std::vector<Form> items;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
};

// In words, for a fault: "a vector", "\"x\"", "5".
std::string shown(const Form& form);

class EdnForms {
 public:
  explicit EdnForms(Bytes& bytes) : bytes_(&bytes) {}
  explicit EdnForms(std::string_view text, std::uint64_t line = 1, std::uint64_t column = 1)
      : at_(text.data()), end_(at_ + text.size()), begin_(at_), line_(line), column_(column) {}

  // Goes over white space, commas and comments.
  void skip_space();
  // Whether that led to the end.
  bool at_end() { return !more(); }
  // The next character; only if not at_end().
  [[nodiscard]] char peek() const { return *at_; }
  void drop();

  // The next form; a discarded one (#_ form) is missing. False: a fault.
  bool read(Form& form) { return form_at(form, 0); }
  bool skip();
  // Over the tag of a tagged form (#jepsen.history.Op), if one is there.
  bool skip_tag();
  [[nodiscard]] const std::string& tag() const { return tag_; }  // that skip_tag() went over

  // Where the next character stands.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] std::uint64_t column() const { return column_ + static_cast<std::uint64_t>(at_ - begin_); }

  // To the next line that begins with a map, where reading can go on after a fault.
  void recover();

  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] std::uint64_t fault_line() const { return fault_line_; }
  [[nodiscard]] std::uint64_t fault_column() const { return fault_column_; }
  // Whether the fault is that the input ends too early.
  [[nodiscard]] bool cut_off() const { return cut_off_; }
  bool wrong(std::string message);

 private:
  static constexpr int depth_max = 64;

  bool more() { return at_ != end_ || refill(); }
  bool refill();
  bool form_at(Form& form, int depth);
  bool container(Form& form, char close, int depth);
  bool hash(Form& form, int depth);
  bool string(std::string& text);
  bool escape(std::string& text);
  bool character(Form& form);
  bool token(Form& form);
  bool read_token(std::string& text);

  Bytes* bytes_ = nullptr;
  std::vector<char> buffer_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* begin_ = nullptr;  // of the line, or of what the buffer has of it …
  std::uint64_t line_ = 1;
  std::uint64_t column_ = 1;  // … and the column there
  Form discarded_;
  std::string tag_;

  std::string fault_;
  std::uint64_t fault_line_ = 0;
  std::uint64_t fault_column_ = 0;
  bool cut_off_ = false;
};

}  // namespace cacherace::verify::formats
