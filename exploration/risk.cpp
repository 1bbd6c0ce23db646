#include "exploration/risk.hpp"

#include <algorithm>
#include <array>

#include "exploration/explorable.hpp"
#include "exploration/tuning.hpp"
#include "scenarios/experiment.hpp"
#include "strategies/registry.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::CheckedExpectation;
using scenarios::Expectation;
using scenarios::ExpectationVerdict;
using scenarios::ResultVerdict;
using scenarios::StrategyChoice;
using sim::Duration;

constexpr std::uint64_t runs_of_costs = 10'000, runs_of_point_costs = 2000;

// Runs must be able to end within the scenario's limit.
DurationRange range_of(const RiskTuning& tuning) {
  if (tuning.range) return *tuning.range;
  return {Duration{0}, std::min(ThresholdProblem::default_range.to, tuning.scenario.setup.limits.time / 2)};
}

// The exact threshold, if a small search finds it. The bound is on the search's size, not on time.
std::optional<Duration> exact_threshold(const RiskTuning& tuning, const DurationRange& range,
                                        const RiskWatch& watch) {
  const ThresholdProblem problem{tuning.scenario, tuning.strategy, tuning.parameter, tuning.property, range};
  if (why_not_tunable(problem)) return std::nullopt;
  constexpr std::uint64_t looks_max = 200'000, classes_max = 50'000;
  std::uint64_t looks = 0;
  const Threshold found = find_threshold(problem, [&](const sim::SearchProgress& progress) {
    ++looks;
    return looks > looks_max || progress.classes > classes_max || progress.states > classes_max ||
           (watch && looks % 16 == 0 && watch({}));
  });
  return found.complete ? found.safe : std::nullopt;
}

// What each of these strategies costs, by the scenario's own runs, at most so many.
std::vector<scenarios::StrategyResult> costs_of(const RiskTuning& tuning,
                                                std::vector<StrategyChoice> strategies,
                                                std::uint64_t runs_most, const RiskWatch& watch) {
  scenarios::Scenario scenario = tuning.scenario;
  scenario.strategies = std::move(strategies);
  scenario.runs = std::min(scenario.runs, runs_most);
  scenario.expectations.clear();
  std::atomic<bool> stop = false;
  const scenarios::ExperimentOptions options{.jobs = tuning.jobs, .stop = &stop, .see = [&](const auto&) {
                                               if (watch && watch({true, 1.0})) stop = true;
                                             }};
  auto result = scenarios::run_experiment(scenario, options);
  return stop ? std::vector<scenarios::StrategyResult>() : std::move(result.strategies);
}

std::vector<StrategyChoice> others(const RiskTuning& tuning, std::optional<Duration> safe) {
  constexpr std::array<std::string_view, 4> names = {"ttl-only", "binlog-delete", "versioned-update",
                                                     "versioned-tombstone"};
  std::vector<StrategyChoice> choices;
  if (safe) {
    choices.push_back(tuning.strategy);
    choices.back().parameters.set_raw(tuning.parameter, sim::nanos(*safe));
  }
  for (const std::string_view name : names) {
    const auto* const info = strategies::find_strategy(name);
    if (name == tuning.strategy.info->name) continue;
    choices.push_back({info, strategies::Parameters(info->parameters)});
  }
  return choices;
}

CheckedExpectation check(const Expectation& expectation, const RiskResult& result) {
  CheckedExpectation checked{.expectation = expectation};
  if (expectation.command != "tune") {
    checked.remark = "`cacherace " + expectation.command + "` evaluates it";
    return checked;
  }
  if (expectation.mode != "risk") {
    checked.remark = "it speaks of --exact";
    return checked;
  }
  if (result.property != Property::stuck) {
    checked.remark = "it speaks of the property \"stuck\"";
    return checked;
  }
  if (!result.complete()) {
    checked.verdict = ExpectationVerdict::undecided;
    checked.remark = "a limit came first";
    return checked;
  }
  std::optional<Duration> observed = result.resolution;
  if (expectation.figure == "safe_ns") observed = result.safe();
  if (expectation.figure == "unsafe_ns") observed = result.unsafe();
  checked.verdict = ExpectationVerdict::failed;
  if (!observed) {
    checked.remark = "there is no such value in the range";
    return checked;
  }
  checked.observed = static_cast<double>(sim::nanos(*observed));
  if (scenarios::agrees(expectation, *checked.observed)) checked.verdict = ExpectationVerdict::held;
  return checked;
}

void check_expectations(const RiskTuning& tuning, RiskResult& result) {
  bool any_failed = false;
  for (const Expectation& expectation : tuning.scenario.expectations) {
    if (expectation.strategy != "*" && expectation.strategy != tuning.strategy.info->name) continue;
    result.expectations.push_back(check(expectation, result));
    any_failed = any_failed || result.expectations.back().verdict == ExpectationVerdict::failed;
  }
  result.verdict = !result.complete() ? ResultVerdict::unknown
                   : any_failed       ? ResultVerdict::failed
                                      : ResultVerdict::held;
}

}  // namespace

bool RiskResult::complete() const {
  if (!sample.complete || sample.points.empty()) return false;
  const RiskEstimate& last = sample.points.back().at;
  return safe() || last.is_above(risk);
}

std::optional<sim::Duration> RiskResult::safe() const {
  if (sample.safe) return sample.points[*sample.safe].value;
  return sample.complete ? impossible_from : std::nullopt;
}

std::optional<sim::Duration> RiskResult::unsafe() const {
  if (!sample.unsafe) return std::nullopt;
  return sample.points[*sample.unsafe].value;
}

std::optional<std::string> why_not_tunable_by_risk(const RiskTuning& tuning) {
  if (auto reason = why_not_judged(tuning.property)) return reason;
  return why_no_duration(tuning.strategy, tuning.parameter);
}

RiskResult tune_by_risk(const RiskTuning& tuning, const RiskWatch& watch) {
  RiskResult result{.scenario = tuning.scenario.name,
                    .strategy = tuning.strategy,
                    .parameter = tuning.parameter,
                    .property = tuning.property,
                    .risk = tuning.risk,
                    .seed = tuning.scenario.seed,
                    .range = range_of(tuning)};
  result.impossible_from = exact_threshold(tuning, result.range, watch);
  DurationRange measured = result.range;
  if (result.impossible_from) measured.to = std::max(measured.from, *result.impossible_from - Duration{1});
  const RunQuestion question{tuning.scenario, tuning.strategy, tuning.parameter, tuning.property};
  const RiskProblem problem{
      .make = [&](const auto& values) { return std::make_unique<ScenarioRuns>(question, values); },
      .risk = tuning.risk,
      .range = measured,
      .resolution = tuning.resolution,
      .seed = tuning.scenario.seed,
      .jobs = tuning.jobs};
  const RiskPlan plan = plan_risk(problem, watch);
  result.resolution = plan.resolution;
  result.unseen = plan.unseen;
  result.sample.complete = false;
  if (plan.stopped) result.stopped_at = plan.reached;
  if (!plan.stopped) result.sample = certify_risk(problem, plan, tuning.jobs, watch);
  if (result.sample.complete) {
    std::vector<StrategyChoice> at_points;
    for (const RiskPoint& point : result.sample.points)
      at_points.push_back(question.strategy_at(point.value));
    result.costs = costs_of(tuning, at_points, runs_of_point_costs, watch);
    result.instead = costs_of(tuning, others(tuning, result.safe()), runs_of_costs, watch);
    constexpr std::size_t runs_looked_at = 100;
    const Duration where = result.unsafe().value_or(plan.typical_at);
    result.cover = cover_of(question, problem.seed, plan.typical, where, runs_looked_at);
  }
  check_expectations(tuning, result);
  return result;
}

}  // namespace cacherace::exploration
