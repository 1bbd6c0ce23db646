#include "reports/sweep_page.hpp"

#include <algorithm>
#include <array>

#include "reports/page.hpp"
#include "reports/words.hpp"
#include "scenarios/figures.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// Ten thousand points with everything that a result holds would be more than a browser opens.
constexpr std::array<std::string_view, 13> usual = {"stuck.probability",
                                                    "reads.stale_share",
                                                    "reads.outdated_share",
                                                    "linearizability.probability",
                                                    "windows.state_time_share",
                                                    "windows.state.p50_ns",
                                                    "windows.state.p99_ns",
                                                    "latency.write.p50_ns",
                                                    "latency.write.p99_ns",
                                                    "latency.read.p50_ns",
                                                    "latency.read.p99_ns",
                                                    "cache.hit_ratio",
                                                    "database.reads"};

std::string_view kind_name(FigureKind kind) {
  switch (kind) {
    case FigureKind::duration:
      return "duration";
    case FigureKind::probability:
    case FigureKind::ratio:
      return "share";
    default:
      return "number";
  }
}

// Value, lower and upper end; the ends are null where it has no interval, all are where there is no value.
Json json_of(const FigureValue& value) {
  const auto or_null = [](const std::optional<double>& number) { return number ? Json(*number) : Json(); };
  if (const auto* estimate = std::get_if<Estimate>(&value))
    return Json::array({or_null(estimate->estimate), or_null(estimate->low), or_null(estimate->high)});
  return Json::array({or_null(number_of(value)), Json(), Json()});
}

// A figure at every point, by strategy.
Json json_of(const Sweep& sweep, std::string_view path, std::string_view words) {
  Json strategies = Json::array();
  for (std::size_t i = 0; i < sweep_strategies(sweep).size(); ++i) {
    Json values = Json::array();
    for (const SweepPoint& point : sweep.points)
      values.push_back(json_of(figure_of(point.result.strategies[i], path)));
    strategies.push_back(std::move(values));
  }
  return {{"path", path},
          {"words", words},
          {"kind", kind_name(find_figure(run_figures(), path)->kind)},
          {"values", std::move(strategies)}};
}

// Over all points and strategies.
std::size_t evaluated_expectations(const Sweep& sweep) {
  std::size_t count = 0;
  for (const SweepPoint& point : sweep.points) {
    for (const Json& strategy : point.document["strategies"]) {
      for (const Json& checked : strategy["expectations"])
        count += checked["verdict"] == "not evaluated" ? 0U : 1U;
    }
  }
  return count;
}

}  // namespace

std::string sweep_page(const Sweep& sweep) {
  Json axes = Json::array(), figures = Json::array();
  for (const Axis& axis : sweep.axes) axes.push_back({{"field", axis.path}, {"values", axis.values}});
  for (const auto path : usual) figures.push_back(json_of(sweep, path, figure_words(path)));
  if (std::ranges::find(usual, sweep.figure) == usual.end())
    figures.push_back(json_of(sweep, sweep.figure, sweep.figure));
  Json document = {{"cacherace", sweep.version}, {"command", "sweep"},
                   {"scenario", sweep.scenario}, {"complete", sweep.complete},
                   {"seed", sweep.seed},         {"runs", sweep.runs},
                   {"axes", std::move(axes)},    {"verdict", verdict_name(verdict_of(sweep))}};
  return page_with({{"command", "sweep"},
                    {"document", std::move(document)},
                    {"points", sweep.points.size()},
                    {"strategies", sweep_strategies(sweep)},
                    {"figure", sweep.figure},
                    {"figures", std::move(figures)},
                    {"evaluated", evaluated_expectations(sweep)},
                    {"failures", sweep_failures(sweep)}});
}

}  // namespace cacherace::reports
