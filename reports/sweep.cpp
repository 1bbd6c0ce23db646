#include "reports/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reports/markdown.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"
#include "scenarios/figures.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

std::string value_text(const SavedStrategy& strategy, std::string_view path) {
  const FigureValue& value = figure_of(strategy, path);
  const Figure& figure = *find_figure(run_figures(), path);
  const auto number = number_of(value);
  if (!number) return "-";
  if (const auto* estimate = std::get_if<Estimate>(&value)) return estimate_number(*estimate);
  if (figure.kind == FigureKind::duration) return duration_text(static_cast<std::int64_t>(*number));
  if (figure.kind == FigureKind::ratio) return percent_number(*number);
  if (figure.kind == FigureKind::count) return count_text(static_cast<std::uint64_t>(*number));
  return significant(*number, 3);
}

bool is_share(std::string_view path) {
  const FigureKind kind = find_figure(run_figures(), path)->kind;
  return kind == FigureKind::probability || kind == FigureKind::ratio;
}

std::string label_of(const SavedStrategy& strategy, const std::vector<Axis>& axes) {
  // Parameters that are swept differ from point to point: the name alone says which strategy it is.
  const bool swept =
      std::ranges::any_of(axes, [](const Axis& axis) { return axis.path.starts_with("strategies."); });
  const auto choice = swept ? std::nullopt : choice_of(strategy, {});
  return choice ? strategy_argument(*choice) : strategy.name;
}

std::string heading(const Sweep& sweep) {
  std::vector<std::string> axes;
  for (const Axis& axis : sweep.axes) axes.push_back(printable(axis.path));
  return fmt::format("{}: {} of each strategy at {}, seed {}; over {}", printable(sweep.scenario),
                     counted(sweep.runs, "run"), counted(sweep.points.size(), "point"), sweep.seed,
                     fmt::join(axes, " and "));
}

// Rows of cells, the first row being headings; the same for a text table and for Markdown.
using Grid = std::vector<std::vector<Cell>>;

struct Shown {
  const char* heading;
  std::string_view path;
};
constexpr std::array<Shown, 7> shown = {{{"stuck\n% of runs", "stuck.probability"},
                                         {"stale\n% reads", "reads.stale_share"},
                                         {"not lin.\n% runs", "linearizability.probability"},
                                         {"window\np50", "windows.state.p50_ns"},
                                         {"write\np99", "latency.write.p99_ns"},
                                         {"read\np99", "latency.read.p99_ns"},
                                         {"hit\n%", "cache.hit_ratio"}}};

bool is_usual(std::string_view path) {
  return std::ranges::any_of(shown, [&](const Shown& one) { return one.path == path; });
}

// One line for each point, of one strategy.
Grid lines(const Sweep& sweep, std::size_t strategy) {
  Grid grid(1);
  for (const Axis& axis : sweep.axes) grid[0].push_back({printable(axis.path)});
  for (const Shown& one : shown) grid[0].push_back({one.heading});
  if (!is_usual(sweep.figure)) grid[0].push_back({sweep.figure});
  for (const SweepPoint& point : sweep.points) {
    const SavedStrategy& of_point = point.result.strategies[strategy];
    std::vector<Cell> row;
    for (const Setting& setting : point.settings) row.push_back({printable(setting.value)});
    for (const Shown& one : shown) row.push_back({value_text(of_point, one.path)});
    if (!is_usual(sweep.figure)) row.push_back({value_text(of_point, sweep.figure)});
    grid.push_back(std::move(row));
  }
  return grid;
}

// The least and the greatest value over a heat map.
std::pair<double, double> range_of(const Sweep& sweep, std::size_t strategy) {
  double least = 0.0, most = 0.0;
  bool first = true;
  for (const SweepPoint& point : sweep.points) {
    const auto value = number_of(figure_of(point.result.strategies[strategy], sweep.figure));
    if (!value) continue;
    least = first ? *value : std::min(least, *value);
    most = first ? *value : std::max(most, *value);
    first = false;
  }
  return {least, most};
}

Colour heat(std::optional<double> value, double least, double most) {
  if (!value || least == most) return Colour::none;
  const double share = (*value - least) / (most - least);
  return share < 1.0 / 3.0 ? Colour::green : share < 2.0 / 3.0 ? Colour::yellow : Colour::red;
}

// The first axis downwards, the second one across.
Grid heat_map(const Sweep& sweep, std::size_t strategy) {
  const auto [least, most] = range_of(sweep, strategy);
  const Axis &down = sweep.axes[0], &across = sweep.axes[1];
  Grid grid(1);
  grid[0].push_back({printable(down.path)});
  for (const std::string& value : across.values) grid[0].push_back({printable(value)});
  auto point = sweep.points.begin();
  for (const std::string& value : down.values) {
    std::vector<Cell> row = {{printable(value)}};
    for (std::size_t i = 0; i < across.values.size() && point != sweep.points.end(); ++i, ++point) {
      const SavedStrategy& of_point = point->result.strategies[strategy];
      row.push_back({value_text(of_point, sweep.figure),
                     heat(number_of(figure_of(of_point, sweep.figure)), least, most)});
    }
    grid.push_back(std::move(row));
  }
  return grid;
}

bool is_map(const Sweep& sweep) {
  return sweep.axes.size() == 2;
}

std::string section_title(const Sweep& sweep, const std::string& label) {
  if (!is_map(sweep)) return printable(label);
  return fmt::format("{}: {}{}, {} across", printable(label), sweep.figure,
                     is_share(sweep.figure) ? " in %" : "", printable(sweep.axes[1].path));
}

std::string text_of_grid(const Grid& grid, std::size_t names, Paint paint) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < grid[0].size(); ++i)
    columns.push_back({grid[0][i].text, i < names ? Align::left : Align::right});
  Table table(std::move(columns));
  for (std::size_t row = 1; row < grid.size(); ++row) table.add(grid[row]);
  return table.text(paint);
}

std::string markdown_of_grid(const Grid& grid, std::size_t names) {
  std::string text;
  for (std::size_t row = 0; row < grid.size(); ++row) {
    text += "|";
    for (const Cell& cell : grid[row]) {
      std::string line = cell.text;
      std::ranges::replace(line, '\n', ' ');
      text += fmt::format(" {} |", markdown_text(line));
    }
    text += "\n";
    if (row > 0) continue;
    text += "|";
    for (std::size_t i = 0; i < grid[0].size(); ++i) text += i < names ? "---|" : "---:|";
    text += "\n";
  }
  return text;
}

Grid grid_of(const Sweep& sweep, std::size_t strategy) {
  return is_map(sweep) ? heat_map(sweep, strategy) : lines(sweep, strategy);
}

// Columns that name a point.
std::size_t names_in(const Sweep& sweep) {
  return is_map(sweep) ? 1 : sweep.axes.size();
}

constexpr const char* incomplete_text = "NOT COMPLETE: interrupted, or a point met a limit";

}  // namespace

ResultVerdict verdict_of(const Sweep& sweep) {
  if (!sweep.complete) return ResultVerdict::unknown;
  const bool any_failed = std::ranges::any_of(
      sweep.points, [](const SweepPoint& point) { return point.document["verdict"] == "failed"; });
  return any_failed ? ResultVerdict::failed : ResultVerdict::held;
}

std::vector<std::string> sweep_strategies(const Sweep& sweep) {
  std::vector<std::string> names;
  if (sweep.points.empty()) return names;
  for (const auto& strategy : sweep.points.front().result.strategies)
    names.push_back(label_of(strategy, sweep.axes));
  return names;
}

std::vector<std::string> sweep_failures(const Sweep& sweep) {
  std::vector<std::string> texts;
  for (const SweepPoint& point : sweep.points) {
    for (const Json& strategy : point.document["strategies"]) {
      for (const Json& checked : strategy["expectations"]) {
        const auto verdict = checked["verdict"].get<std::string>();
        if (verdict != "failed" && verdict != "undecided") continue;
        std::vector<std::string> where;
        for (const Setting& setting : point.settings)
          where.push_back(printable(setting.path) + "=" + printable(setting.value));
        texts.push_back(fmt::format("{}: {} of {} at {}", verdict, checked["figure"].get<std::string>(),
                                    printable(strategy["strategy"].get<std::string>()),
                                    fmt::join(where, ", ")));
      }
    }
  }
  constexpr std::size_t told_max = 6;
  if (texts.size() > told_max) {
    const std::size_t more = texts.size() - told_max;
    texts.resize(told_max);
    texts.push_back(fmt::format("and {} more; --format json has them all", more));
  }
  return texts;
}

std::string sweep_table(const Sweep& sweep, Paint paint) {
  std::string text = paragraph(heading(sweep));
  if (!sweep.complete) text += std::string(incomplete_text) + "\n";
  const auto names = sweep_strategies(sweep);
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += "\n" + section_title(sweep, names[i]) + "\n" +
            text_of_grid(grid_of(sweep, i), names_in(sweep), paint);
  }
  const auto failed = sweep_failures(sweep);
  if (!failed.empty()) text += "\n";
  for (const auto& line : failed) text += painted("  " + paragraph(line, 4), Colour::red, paint);
  return text;
}

std::string sweep_markdown(const Sweep& sweep) {
  std::string text = fmt::format("# {}\n", markdown_text(heading(sweep)));
  if (!sweep.complete) text += fmt::format("\n**{}**\n", incomplete_text);
  const auto names = sweep_strategies(sweep);
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("\n## {}\n\n{}", markdown_text(section_title(sweep, names[i])),
                        markdown_of_grid(grid_of(sweep, i), names_in(sweep)));
  }
  const auto failed = sweep_failures(sweep);
  if (!failed.empty()) text += "\n";
  for (const auto& line : failed) text += fmt::format("- {}\n", markdown_text(line));
  return text;
}

std::string sweep_document(const Sweep& sweep) {
  Json axes = Json::array(), points = Json::array();
  for (const Axis& axis : sweep.axes) axes.push_back({{"field", axis.path}, {"values", axis.values}});
  for (const SweepPoint& point : sweep.points) {
    Json settings = Json::object();
    for (const Setting& setting : point.settings) settings[setting.path] = setting.value;
    points.push_back({{"settings", std::move(settings)}, {"result", point.document}});
  }
  return text_of({{"cacherace", sweep.version},
                  {"command", "sweep"},
                  {"scenario", sweep.scenario},
                  {"complete", sweep.complete},
                  {"seed", sweep.seed},
                  {"runs", sweep.runs},
                  {"axes", std::move(axes)},
                  {"points", std::move(points)},
                  {"verdict", verdict_name(verdict_of(sweep))}});
}

std::string sweep_manifest(const Scenario& scenario, const Sweep& sweep) {
  Json axes = Json::array(), strategies = Json::array();
  for (const Axis& axis : sweep.axes) axes.push_back({{"field", axis.path}, {"values", axis.values}});
  for (const auto& strategy : scenario.strategies) strategies.push_back(strategy_argument(strategy));
  return text_of({{"sweep", 1},
                  {"cacherace", sweep.version},
                  {"scenario", scenario.text},
                  {"files", scenario.files},
                  {"strategies", std::move(strategies)},
                  {"seed", sweep.seed},
                  {"runs", sweep.runs},
                  {"axes", std::move(axes)}});
}

}  // namespace cacherace::reports
