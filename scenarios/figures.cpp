#include "scenarios/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "scenarios/suggest.hpp"
#include "verify/verdict.hpp"

namespace cacherace::scenarios {
namespace {

using Figures = std::vector<Figure>;

void add(Figures& figures, std::string_view section, FigureKind kind,
         std::initializer_list<std::string_view> names) {
  for (const auto name : names) figures.push_back({std::string(section).append(name), kind, {}});
}

// Quantiles of durations (Q in the documentation).
void add_quantiles(Figures& figures, std::string_view section) {
  add(figures, section, FigureKind::count, {".count"});
  add(figures, section, FigureKind::duration,
      {".mean_ns", ".p50_ns", ".p90_ns", ".p99_ns", ".p999_ns", ".max_ns"});
}

// Windows (W).
void add_windows(Figures& figures, std::string_view section) {
  add(figures, section, FigureKind::count, {".count", ".runs"});
  add(figures, section, FigureKind::duration, {".total_ns", ".p50_ns", ".p99_ns", ".max_ns"});
  add(figures, section, FigureKind::count, {".open_at_end"});
}

Figures list_run_figures() {
  Figures all;
  add(all, "", FigureKind::count, {"runs", "incomplete.runs", "linearizability.violating_runs"});
  all.push_back({"linearizability.probability", FigureKind::probability, "linearizability.violating_runs"});
  add(all, "stuck", FigureKind::count, {".runs"});
  all.push_back({"stuck.probability", FigureKind::probability, "stuck.runs"});
  add(all, "stuck", FigureKind::count, {".permanent_runs"});
  add_quantiles(all, "stuck.heals_after");
  add(all, "reads", FigureKind::count, {".total", ".outdated", ".stale", ".dirty", ".inversions"});
  all.push_back({"reads.stale_share", FigureKind::probability, "reads.stale"});
  all.push_back({"reads.outdated_share", FigureKind::probability, "reads.outdated"});
  add(all, "writes", FigureKind::count, {".total", ".ok", ".fail", ".unknown", ".lost"});
  add_quantiles(all, "staleness");
  add_quantiles(all, "outdatedness");
  add(all, "lag", FigureKind::count, {".max"});
  add_windows(all, "windows.state");
  add_windows(all, "windows.visible");
  add_windows(all, "windows.post_ack");
  add(all, "windows", FigureKind::ratio, {".state_time_share"});
  for (const auto cause : verify::cause_names) add(all, "windows.by_cause.", FigureKind::count, {cause});
  add(all, "sessions", FigureKind::count, {".read_your_writes", ".monotonic_reads"});
  add_quantiles(all, "latency.read");
  add_quantiles(all, "latency.write");
  add(all, "cache", FigureKind::count, {".hits", ".misses"});
  add(all, "cache", FigureKind::ratio, {".hit_ratio"});
  add(all, "database", FigureKind::count, {".reads", ".writes"});
  add(all, "database.reads_per_second", FigureKind::rate, {".mean", ".peak"});
  add(all, "database", FigureKind::count, {".peak_concurrent_loads"});
  return all;
}

Figures list_explore_figures() {
  Figures all;
  add(all, "", FigureKind::flag, {"complete"});
  add(all, "", FigureKind::count, {"states", "outcomes"});
  add(all, "reachable", FigureKind::flag,
      {".stuck", ".stale_read", ".inversion", ".nonlinearizable", ".dirty_read", ".cache_ahead",
       ".lost_write", ".deadlock"});
  return all;
}

Figures list_tune_figures() {
  Figures all;
  add(all, "", FigureKind::duration, {"safe_ns", "unsafe_ns", "resolution_ns"});
  return all;
}

}  // namespace

std::span<const Figure> run_figures() {
  static const Figures all = list_run_figures();
  return all;
}

std::span<const Figure> explore_figures() {
  static const Figures all = list_explore_figures();
  return all;
}

std::span<const Figure> tune_figures() {
  static const Figures all = list_tune_figures();
  return all;
}

std::span<const Figure> figures_of(std::string_view command) {
  if (command == "run") return run_figures();
  if (command == "explore") return explore_figures();
  if (command == "tune") return tune_figures();
  return {};
}

std::string no_such_figure(std::string_view path) {
  std::vector<std::string_view> names;
  for (const Figure& figure : run_figures()) names.push_back(figure.path);
  const auto near = nearest(path, names);
  return fmt::format("there is no figure {}; {}", quoted(path),
                     near ? fmt::format("did you mean \"{}\"?", *near)
                          : "those of `cacherace run --format json` can be named");
}

const Figure* find_figure(std::span<const Figure> figures, std::string_view path) {
  const auto found = std::ranges::find(figures, path, &Figure::path);
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace cacherace::scenarios
