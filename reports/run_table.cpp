#include "reports/run_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "reports/advice.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

std::string title(const RunResult& result) {
  return paragraph(fmt::format("{}: {}{}, seed {}", printable(result.scenario), counted(result.runs, "run"),
                               result.strategies.size() > 1 ? " of each strategy" : "", result.seed));
}

// The longest state window; one that nothing ended was longer than any that was measured.
Cell longest_window(const StrategyResult& s) {
  if (s.permanently_stuck_runs > 0) return {"never", Colour::red};
  if (s.state.open_at_end > 0) return {"by TTL", Colour::yellow};
  return {duration_text(s.state.max_ns)};
}

Colour red_if(bool bad) {
  return bad ? Colour::red : Colour::none;
}

std::string rate_text(const std::optional<double>& rate) {
  return rate ? count_text(static_cast<std::uint64_t>(std::llround(*rate))) : "-";
}

Table figures(const RunResult& result) {
  Table table(figure_columns());
  for (const auto& strategy : result.strategies) table.add(figure_row(strategy));
  return table;
}

// "late fill 81 %, in flight 19 %": the causes of state windows, the most frequent first.
std::string causes_of(const StrategyResult& s) {
  constexpr std::size_t shown_max = 3;
  const auto total = std::accumulate(s.by_cause.begin(), s.by_cause.end(), std::uint64_t{0});
  std::vector<std::size_t> order(s.by_cause.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&s](std::size_t cause) { return s.by_cause[cause]; });
  std::string text;
  for (std::size_t i = 0; i < shown_max && s.by_cause[order[i]] > 0; ++i) {
    const double share = static_cast<double>(s.by_cause[order[i]]) / static_cast<double>(total);
    text +=
        fmt::format("{}{} {}", i > 0 ? ", " : "", spaced(verify::cause_names[order[i]]), percent_text(share));
  }
  return text;
}

// How long the entries that were wrong at the end stay, where a TTL ends them.
std::string healing(const RunResult& result) {
  std::optional<std::int64_t> longest_ns;
  for (const auto& s : result.strategies) longest_ns = std::max(longest_ns, s.heals_after.max_ns);
  if (!longest_ns) return "";
  return fmt::format("  stuck entries heal by the TTL, within {}\n", duration_text(longest_ns));
}

// Where many loads of one key at once are worth a line.
constexpr std::uint64_t loads_told = 8;

// What the database has to bear, where that is what the scenario is about, or loads pile up.
std::string database_load(const RunResult& result) {
  const auto piles_up = [](const StrategyResult& s) { return s.peak_concurrent_loads >= loads_told; };
  if (!result.is_about_load && std::ranges::none_of(result.strategies, piles_up)) return "";
  Table table({{"reads of the database", Align::left},
               {"a second,\non average"},
               {"a second, in the\nbusiest 100 ms"},
               {"of one key\nat once"}});
  for (const auto& s : result.strategies) {
    table.add({{strategy_argument(s.strategy)},
               {rate_text(s.reads_per_second_mean)},
               {rate_text(s.reads_per_second_peak)},
               {count_text(s.peak_concurrent_loads)}});
  }
  return table.text(Paint::plain);
}

}  // namespace

std::vector<Column> figure_columns() {
  return {{"strategy", Align::left},
          {"stuck\n% of runs"},
          {"stale\n% reads"},
          {"not lin.\n% runs"},
          {"window\np50"},
          {"window\nmax"},
          {"write\np99"},
          {"read\np99"},
          {"hit\n%"}};
}

std::vector<Cell> figure_row(const StrategyResult& s) {
  const bool clean = !s.first_violation && s.runs > s.incomplete_runs;
  return {{strategy_argument(s.strategy), clean ? Colour::green : Colour::none},
          {estimate_cell(s.stuck), red_if(s.stuck_runs > 0)},
          {estimate_number(s.stale_share), s.stale > 0 ? Colour::yellow : Colour::none},
          {estimate_number(s.linearizability), red_if(s.violating_runs > 0)},
          {duration_text(s.state.p50_ns)},
          longest_window(s),
          {duration_text(s.write_latency.p99_ns)},
          {duration_text(s.read_latency.p99_ns)},
          {s.hit_ratio ? percent_number(*s.hit_ratio) : "-"}};
}

std::string gaps(const RunResult& result) {
  std::string text;
  for (const auto& s : result.strategies) {
    const auto name = strategy_argument(s.strategy);
    if (s.runs < result.runs) {
      text +=
          fmt::format("NOT COMPLETE  {}: {} of {}\n", name, count_text(s.runs), counted(result.runs, "run"));
    }
    if (s.incomplete_runs > 0) {
      text += fmt::format("NOT COMPLETE  {}: {} met a limit and count in nothing below\n", name,
                          counted(s.incomplete_runs, "run"));
    }
  }
  return text;
}

std::string causes(const RunResult& result) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (const auto& s : result.strategies) {
    const auto text = causes_of(s);
    if (text.empty()) continue;
    lines.emplace_back(strategy_argument(s.strategy), text);
    width = std::max(width, lines.back().first.size());
  }
  if (lines.empty()) return "";
  std::string text = "windows of a wrong cache opened by\n";
  for (const auto& [name, why] : lines)
    text += fmt::format("  {:<{}}  ", name, width) + paragraph(why, width + 4);
  return text + healing(result);
}

std::string run_table(const RunResult& result, const Source& source, Paint paint) {
  std::string text = title(result) + gaps(result) + "\n" + figures(result).text(paint);
  if (const auto why = causes(result); !why.empty()) text += "\n" + why;
  if (const auto load = database_load(result); !load.empty()) text += "\n" + load;
  Expectations expectations;
  for (const auto& s : result.strategies) {
    expectations.push_back({strategy_argument(s.strategy), &s.expectations});
  }
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  if (result.expectations_left_out > 0) {
    text += fmt::format("  not judged: {} of strategies that were not run\n",
                        counted(result.expectations_left_out, "expectation"));
  }
  text += "\n" + paragraph(advice(result));
  text += "Next: " + next_command(result, source) + "\n";
  return text;
}

}  // namespace cacherace::reports
