#include "scenarios/durations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array<Unit, 6> units = {{{"ns", 1},
                                        {"us", 1'000},
                                        {"ms", 1'000'000},
                                        {"s", 1'000'000'000},
                                        {"min", 60'000'000'000},
                                        {"h", 3'600'000'000'000}}};
constexpr std::array<std::string_view, 6> unit_names = {"ns", "us", "ms", "s", "min", "h"};

std::size_t count_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

// Digits behind the point, as nanoseconds of the unit. Long division from the right: 10 * ns fits easily, and
// digits beyond the 15th say nothing about nanoseconds of an hour.
std::int64_t fraction_ns(std::string_view digits, std::int64_t unit_ns) {
  constexpr std::size_t useful_digits = 15;
  digits = digits.substr(0, useful_digits);
  __extension__ using Wide = __int128;
  Wide numerator = 0;
  Wide denominator = 1;
  for (const char digit : digits) {
    numerator = numerator * 10 + (digit - '0');
    denominator *= 10;
  }
  return static_cast<std::int64_t>((numerator * unit_ns * 2 + denominator) / (denominator * 2));
}

std::string unknown_unit(std::string_view text, std::string_view number, std::string_view unit) {
  const auto stripped = unit.substr(std::min(unit.find_first_not_of(' '), unit.size()));
  if (std::ranges::find(unit_names, stripped) != unit_names.end()) {
    return fmt::format("{} has a space before its unit; write \"{}{}\"", quoted(text), number, stripped);
  }
  if (unit == "µs" || unit == "μs") {
    return fmt::format("{} has an unknown unit; write \"{}us\"", quoted(text), number);
  }
  const std::string remedy =
      unit.size() > 1 ? remedy_for_name(unit, unit_names) : "expected " + either_of(unit_names);
  return fmt::format("{} has an unknown unit; {}", quoted(text), remedy);
}

}  // namespace

std::variant<sim::Duration, std::string> parse_duration(std::string_view text) {
  if (text.empty()) return std::string("an empty text is no duration; write a number and a unit, as \"5ms\"");
  if (text.front() == '-') return fmt::format("{} is negative; a duration is 0 or more", quoted(text));
  const auto whole = text.substr(0, count_digits(text));
  if (whole.empty()) {
    return fmt::format("{} is no duration; write a number and a unit, as \"5ms\"", quoted(text));
  }
  std::string_view fraction;
  auto unit_name = text.substr(whole.size());
  if (unit_name.starts_with('.')) {
    fraction = unit_name.substr(1, count_digits(unit_name.substr(1)));
    if (fraction.empty()) return fmt::format("{} has no digits behind its point", quoted(text));
    unit_name = unit_name.substr(1 + fraction.size());
  }
  const auto number = text.substr(0, text.size() - unit_name.size());
  if (unit_name.empty()) {
    return fmt::format("{} has no unit; write \"{}ms\" (units: ns, us, ms, s, min, h)", quoted(text),
                       number.size() < 20 ? number : "5");
  }
  const auto* const unit = std::ranges::find(units, unit_name, &Unit::name);
  if (unit == units.end()) return unknown_unit(text, number, unit_name);

  const auto too_long = fmt::format("{} is too long; a duration is at most \"100000h\"", quoted(text));
  std::int64_t count = 0;
  for (const char digit : whole) {
    count = count * 10 + (digit - '0');
    if (count > longest_duration.count()) return too_long;
  }
  if (count > longest_duration.count() / unit->ns) return too_long;
  const auto result = sim::Duration(count * unit->ns + fraction_ns(fraction, unit->ns));
  if (result > longest_duration) return too_long;
  return result;
}

}  // namespace cacherace::scenarios
