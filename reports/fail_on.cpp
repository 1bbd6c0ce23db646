#include "reports/fail_on.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "scenarios/durations.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view example_of(FigureKind kind) {
  return kind == FigureKind::duration ? "+10% or +20ms"
         : kind == FigureKind::count  ? "+10% or +100"
                                      : "+10% or +0.01";
}

// The change without its sign.
std::optional<double> size_of_change(std::string_view text, FigureKind kind, bool& relative) {
  relative = text.ends_with('%');
  if (relative) {
    const auto percent = number(trimmed(text.substr(0, text.size() - 1)));
    return percent ? std::optional(*percent / 100.0) : std::nullopt;
  }
  if (kind != FigureKind::duration) return number(text);
  const auto duration = parse_duration(text);
  if (!std::holds_alternative<sim::Duration>(duration)) return std::nullopt;
  return static_cast<double>(sim::nanos(std::get<sim::Duration>(duration)));
}

}  // namespace

std::variant<FailOn, std::string> parse_fail_on(std::string_view text) {
  const auto sign = text.find_first_of("<>");
  if (sign == std::string_view::npos) {
    return fmt::format("{} has neither > nor <; expected \"stuck.probability > +10%\", say", quoted(text));
  }
  FailOn condition{.text = std::string(trimmed(text)), .above = text[sign] == '>'};
  const std::string_view path = trimmed(text.substr(0, sign));
  condition.figure = find_figure(run_figures(), path);
  if (condition.figure == nullptr) return no_such_figure(path);
  std::string_view change = trimmed(text.substr(sign + 1));
  const std::string_view example = example_of(condition.figure->kind);
  if (!change.starts_with('+') && !change.starts_with('-')) {
    return fmt::format(
        "{}: a change has a sign, {}; for a bound on the figure itself write an \"expect\" into the scenario",
        quoted(text), example);
  }
  const double direction = change.front() == '+' ? 1.0 : -1.0;
  const auto size = size_of_change(trimmed(change.substr(1)), condition.figure->kind, condition.relative);
  if (!size || std::signbit(*size))
    return fmt::format("{}: expected a change such as {}", quoted(text), example);
  condition.change = direction * *size;
  return condition;
}

}  // namespace cacherace::reports
