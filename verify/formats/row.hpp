// One operation as JSON Lines and CSV have it: ten named fields, and what they must be.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "verify/formats/drafts.hpp"

namespace cacherace::verify::formats {

enum class Field : std::uint8_t { client, op, key, value, from, start, end, outcome, strategy, run };
inline constexpr std::array<std::string_view, 10> field_names = {
    "client", "op", "key", "value", "from", "start", "end", "outcome", "strategy", "run"};
inline constexpr std::string_view all_fields =
    "client, op, key, value, from, start, end, outcome, strategy, run";

struct Scalar {
  enum class Kind : std::uint8_t {
    missing,
    nothing,   // null
    number,    // whole, fits in `number`; `text` has its digits
    large,     // whole, does not fit: `text` has its digits
    fraction,  // any other number
    text,
    other,  // true, a list …
  };
  Kind kind = Kind::missing;
  std::int64_t number = 0;
  std::string_view text;
  std::uint64_t column = 0;
};

struct Row {
  std::array<Scalar, field_names.size()> fields;
  void clear() {
    for (Scalar& field : fields) field.kind = Scalar::Kind::missing;
  }
  [[nodiscard]] const Scalar& operator[](Field field) const {
    return fields[static_cast<std::size_t>(field)];
  }
};

// The field of that name; field_names.size() where there is none.
inline std::size_t field_of(std::string_view name) {
  // By length and first letter one name is left; one comparison decides.
  const auto is = [name](Field field) {
    const auto place = static_cast<std::size_t>(field);
    return field_names[place] == name ? place : field_names.size();
  };
  switch (name.size()) {
    case 2:
      return is(Field::op);
    case 3:
      return is(name[0] == 'k' ? Field::key : name[0] == 'e' ? Field::end : Field::run);
    case 4:
      return is(Field::from);
    case 5:
      return is(name[0] == 'v' ? Field::value : Field::start);
    case 6:
      return is(Field::client);
    case 7:
      return is(Field::outcome);
    case 8:
      return is(Field::strategy);
    default:
      return field_names.size();
  }
}

// Puts rows into histories.
class RowTaker {
 public:
  RowTaker(Drafts& drafts, Faults& faults) : drafts_(drafts), faults_(faults) {}

  // One fault where the row is wrong: the first.
  void take(const Row& row, std::uint64_t line);

 private:
  using Kind = Scalar::Kind;

  [[gnu::cold]] bool wrong(Field field, std::string_view expected);
  bool read_kind();
  bool read_outcome();
  bool read_times();
  bool read_names();
  bool read_values(Draft& draft);
  bool value_of(Draft& draft, Field field, Value& value);
  bool time_of(Field field, Nanos& time);

  Drafts& drafts_;
  Faults& faults_;
  const Row* row_ = nullptr;
  std::uint64_t line_ = 0;
  Operation operation_;
};

}  // namespace cacherace::verify::formats
