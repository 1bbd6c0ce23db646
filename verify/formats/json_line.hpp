// One line of JSON that is an object of scalars, read in one pass: no tree, no copy but of strings with
// escapes. As strict as RFC 8259, and stricter: no repeated or unknown name, no list or object inside.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "verify/formats/row.hpp"

namespace cacherace::verify::formats {

class JsonLine {
 public:
  // Behind `line` must stand what stands there in Lines. False: what is wrong is in fault(). Texts of `row`
  // point into the line or into this object, until the next call.
  bool read(std::string_view line, Row& row);

  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] std::uint64_t fault_column() const { return fault_column_; }
  // Whether the line is wrong because it ends too early.
  [[nodiscard]] bool cut_off() const { return cut_off_; }

 private:
  bool members(Row& row);
  bool member(Row& row, unsigned& seen, const char* before, std::size_t place);
  std::size_t guess(std::size_t place, unsigned& seen);
  void learn(const char* begin, std::size_t place, std::size_t field);
  bool scalar(Scalar& result, std::string& own);
  bool number(Scalar& result);
  bool word(Scalar& result);
  bool string(std::string_view& result, std::string& own);
  bool string_with_escapes(const char* begin, std::string_view& result, std::string& own);
  bool escape(std::string& own);
  bool unicode_escape(std::string& own);
  bool hex4(unsigned& code);
  bool utf8(std::string& own);
  bool expect(char c, const char* expected);
  [[gnu::cold, gnu::noinline]] bool wrong(const char* at, std::string message);
  void skip_space();

  // How a line begins a member: `, "start": `, say. Whoever writes many lines writes them all alike.
  struct Known {
    std::array<std::uint64_t, 2> bytes{1, 0};  // at first what no text begins with
    std::array<std::uint64_t, 2> mask{UINT64_MAX, 0};
    std::size_t size = 0;
    std::size_t field = 0;
  };

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::array<std::string, field_names.size() + 1> own_;  // strings with escapes, by field; names last
  std::array<Known, field_names.size()> known_;
  std::string fault_;
  std::uint64_t fault_column_ = 0;
  bool cut_off_ = false;
};

}  // namespace cacherace::verify::formats
