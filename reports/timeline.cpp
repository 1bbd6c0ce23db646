#include "reports/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

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

std::string times(const Bar& bar) {
  constexpr double ns_per_ms = 1e6;
  const double start = static_cast<double>(bar.start) / ns_per_ms;
  if (bar.end == no_end) return fmt::format("{:.6f} ms, no end", start);
  return fmt::format("{:.6f}–{:.6f} ms", start, static_cast<double>(bar.end) / ns_per_ms);
}

}  // namespace

std::string timeline(const std::vector<Bar>& bars, Scale scale) {
  const auto instants = instants_of(bars);
  const std::size_t step =
      std::clamp<std::size_t>(bars_width_max / std::max<std::size_t>(instants.size(), 1), 2, 8);
  const auto column = [&](std::int64_t at) {
    return static_cast<std::size_t>(std::ranges::lower_bound(instants, at) - instants.begin()) * step;
  };
  Table table({{"", Align::left}, {"", Align::left}, {"", Align::left}});
  for (const Bar& bar : bars) {
    const auto line = drawn(column(bar.start), column(bar.end), bar.end != no_end);
    table.add({{"  " + bar.label}, {line}, {scale == Scale::time ? times(bar) : places(bar)}});
  }
  std::string text = table.text();
  return text.substr(text.find('\n') + 1);  // without its empty headings
}

}  // namespace cacherace::reports
