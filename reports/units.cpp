#include "reports/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace cacherace::reports {
namespace {

struct Unit {
  std::string_view name;
  double ns;
};
constexpr std::array<Unit, 6> units = {
    {{"ns", 1.0}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}}};

constexpr int duration_digits = 3;

double rounded(double value, Rounding rounding) {
  switch (rounding) {
    case Rounding::up:
      return std::ceil(value);
    case Rounding::down:
      return std::floor(value);
    case Rounding::nearest:
      break;
  }
  return std::round(value);
}

// Decimals that show `digits` significant digits of `value`.
int decimals_for(double value, int digits) {
  if (value <= 0.0) return 0;
  return std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(value))), 0, 12);
}

double round_to(double value, int decimals, Rounding rounding) {
  const double scale = std::pow(10.0, decimals);
  return rounded(value * scale, rounding) / scale;
}

bool none_seen(const scenarios::Estimate& estimate) {
  return estimate.estimate && *estimate.estimate == 0.0 && estimate.high;
}

}  // namespace

std::string significant(double value, int digits, Rounding rounding) {
  const int decimals = decimals_for(value, digits);
  std::string text = fmt::format("{:.{}f}", round_to(value, decimals, rounding), decimals);
  if (decimals == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string duration_text(std::int64_t ns) {
  const double value = static_cast<double>(ns);
  std::size_t unit = 0;
  // The unit in which the rounded number is below one of the next.
  while (unit + 1 < units.size()) {
    const double in_unit = value / units[unit].ns;
    const double shown = round_to(in_unit, decimals_for(in_unit, duration_digits), Rounding::nearest);
    if (shown * units[unit].ns < units[unit + 1].ns) break;
    ++unit;
  }
  const double in_unit = value / units[unit].ns;
  const auto number = in_unit < 1000.0 ? significant(in_unit, duration_digits)
                                       : count_text(static_cast<std::uint64_t>(std::llround(in_unit)));
  return fmt::format("{} {}", number, units[unit].name);
}

std::string unrounded_duration(std::int64_t ns) {
  constexpr std::size_t second = 3;
  std::size_t unit = second;
  while (unit > 0 && static_cast<double>(ns) < units[unit].ns) --unit;
  const std::string exact = fmt::format("{} {}", static_cast<double>(ns) / units[unit].ns, units[unit].name);
  const std::string rounded = duration_text(ns);
  return exact.size() > rounded.size() ? exact : rounded;
}

std::string duration_text(std::optional<std::int64_t> ns) {
  return ns ? duration_text(*ns) : "-";
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string counted(std::uint64_t count, const std::string& noun, const std::string& plural) {
  if (count == 1) return fmt::format("1 {}", noun);
  return fmt::format("{} {}", count_text(count), plural.empty() ? noun + "s" : plural);
}

std::string percent_number(double share, Rounding rounding) {
  const double percent = share * 100.0;
  return significant(percent, percent < 10.0 ? 2 : 3, rounding);
}

std::string percent_text(double share) {
  return percent_number(share) + " %";
}

std::string estimate_cell(const scenarios::Estimate& estimate) {
  std::string text = estimate_number(estimate);
  if (!estimate.estimate || none_seen(estimate) || !estimate.low || !estimate.high) return text;
  return fmt::format("{} ({}–{})", text, percent_number(*estimate.low, Rounding::down),
                     percent_number(*estimate.high, Rounding::up));
}

std::string estimate_number(const scenarios::Estimate& estimate) {
  if (!estimate.estimate) return "-";
  if (none_seen(estimate)) return "<" + percent_number(*estimate.high, Rounding::up);
  return percent_number(*estimate.estimate);
}

std::string estimate_text(const scenarios::Estimate& estimate) {
  if (!estimate.estimate) return "-";
  if (none_seen(estimate)) return fmt::format("< {} %", percent_number(*estimate.high, Rounding::up));
  return percent_text(*estimate.estimate);
}

}  // namespace cacherace::reports
