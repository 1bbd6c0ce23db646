#include "reports/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "reports/table.hpp"

namespace cacherace::reports {
namespace {

constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t bars_width_max = 48;

std::vector<std::int64_t> instants_of(const std::vector<Bar>& bars) {
  std::vector<std::int64_t> instants;
  for (const Bar& bar : bars) {
    instants.push_back(bar.start);
    instants.push_back(bar.end);
  }
  std::ranges::sort(instants);
  const auto repeated = std::ranges::unique(instants);
  instants.erase(repeated.begin(), repeated.end());
  return instants;
}

std::string drawn(std::size_t from, std::size_t to, bool ends) {
  std::string text(from, ' ');
  if (from == to) return text + "│";
  text += "├";
  for (std::size_t i = from + 1; i < to; ++i) text += "─";
  return text + (ends ? "┤" : ">");
}

std::string places(const Bar& bar) {
  if (bar.end == no_end) return fmt::format("event {}, no end", bar.start);
  return fmt::format("events {}–{}", bar.start, bar.end);
}

struct Unit {
  std::int64_t ns;
  std::string_view name;
  int digits;  // behind the point: whole ns, but for seconds
};

Unit unit_for(const std::vector<std::int64_t>& instants) {
  constexpr std::int64_t us = 1'000, ms = 1'000'000, s = 1'000'000'000, minute = 60 * s;
  std::int64_t greatest = 0;
  for (const auto at : instants) {
    if (at != no_end) greatest = std::max(greatest, at);
  }
  if (greatest < us) return {1, "ns", 0};
  if (greatest < ms) return {us, "µs", 3};
  if (greatest < minute) return {ms, "ms", 6};
  return {s, "s", 9};
}

std::string times(const Bar& bar, const Unit& unit) {
  const auto in_unit = [&unit](std::int64_t at) {
    if (unit.digits == 0) return std::to_string(at);
    return fmt::format("{}.{:0{}}", at / unit.ns, at % unit.ns, unit.digits);
  };
  if (bar.end == no_end) return fmt::format("{} {}, no end", in_unit(bar.start), unit.name);
  return fmt::format("{}–{} {}", in_unit(bar.start), in_unit(bar.end), unit.name);
}

}  // namespace

std::string timeline(const std::vector<Bar>& bars, Scale scale) {
  const auto instants = instants_of(bars);
  const std::size_t step =
      std::clamp<std::size_t>(bars_width_max / std::max<std::size_t>(instants.size(), 1), 2, 8);
  const auto column = [&](std::int64_t at) {
    return static_cast<std::size_t>(std::ranges::lower_bound(instants, at) - instants.begin()) * step;
  };
  const Unit unit = unit_for(instants);
  Table table({{"", Align::left}, {"", Align::left}, {"", Align::left}});
  for (const Bar& bar : bars) {
    const auto line = drawn(column(bar.start), column(bar.end), bar.end != no_end);
    table.add({{(bar.marked ? "✗ " : "  ") + bar.label},
               {line},
               {scale == Scale::time ? times(bar, unit) : places(bar)}});
  }
  std::string text = table.text();
  return text.substr(text.find('\n') + 1);  // without its empty headings
}

}  // namespace cacherace::reports
