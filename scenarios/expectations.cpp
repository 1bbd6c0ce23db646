// Expectations against results. On a figure with an interval, one is held only if the whole interval agrees
// and failed only if none of it does.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/result.hpp"

namespace cacherace::scenarios {
namespace {

FigureValue figure_of(const StrategyResult& result, std::string_view wanted) {
  FigureValue found;
  for_each_figure(result, [&](std::string_view path, const FigureValue& value) {
    if (path == wanted) found = value;
  });
  return found;
}

// How many runs would bring the nearer end of the interval to the bound. Where all or nothing was seen, n
// runs leave a limit of 0.005^(1/n) on the other side; otherwise the width shrinks with the root of the runs.
double runs_needed(const Estimate& estimate, double bound, double runs) {
  const double p = *estimate.estimate;
  if (p == 0.0) return std::log((1.0 - confidence) / 2.0) / std::log1p(-bound);
  if (p == 1.0) return std::log((1.0 - confidence) / 2.0) / std::log(bound);
  const double reach = p < bound ? *estimate.high - p : p - *estimate.low;
  return runs * std::pow(reach / (p - bound), 2.0) * 1.2;
}

std::string runs_to_decide(const Estimate& estimate, double bound, std::uint64_t runs) {
  const double needed = runs_needed(estimate, bound, static_cast<double>(runs));
  if (!(needed < 1e12)) return "the estimate is too near the bound to be decided by more runs";
  const double step = std::pow(10.0, std::floor(std::log10(needed)) - 1.0);
  return fmt::format("about {} runs would decide",
                     static_cast<std::uint64_t>(std::ceil(needed / step) * step));
}

void judge_estimate(const Estimate& estimate, std::uint64_t runs, CheckedExpectation& checked) {
  if (!estimate.estimate) return;
  checked.observed = estimate.estimate;
  checked.remark.clear();
  const bool low_agrees = agrees(checked.expectation, *estimate.low);
  const bool high_agrees = agrees(checked.expectation, *estimate.high);
  if (low_agrees && high_agrees) {
    checked.verdict = ExpectationVerdict::held;
  } else if (!low_agrees && !high_agrees) {
    checked.verdict = ExpectationVerdict::failed;
  } else {
    checked.verdict = ExpectationVerdict::undecided;
    checked.remark = runs_to_decide(estimate, checked.expectation.bound, runs);
  }
}

void judge_number(double value, CheckedExpectation& checked) {
  checked.observed = value;
  checked.remark.clear();
  checked.verdict =
      agrees(checked.expectation, value) ? ExpectationVerdict::held : ExpectationVerdict::failed;
}

// A count over some of the runs says nothing of all of them, unless it is already too high.
void judge_part_of_the_runs(const FigureValue& value, CheckedExpectation& checked) {
  const bool broken = checked.expectation.comparison == Comparison::at_most &&
                      checked.verdict == ExpectationVerdict::failed &&
                      std::holds_alternative<std::uint64_t>(value);
  if (broken) return;
  checked.verdict = ExpectationVerdict::undecided;
  checked.remark = "not all runs were finished";
}

void judge_value(const FigureValue& value, std::uint64_t runs, CheckedExpectation& checked) {
  if (const auto* estimate = std::get_if<Estimate>(&value)) judge_estimate(*estimate, runs, checked);
  if (const auto* count = std::get_if<std::uint64_t>(&value))
    judge_number(static_cast<double>(*count), checked);
  if (const auto* nanos = std::get_if<std::int64_t>(&value))
    judge_number(static_cast<double>(*nanos), checked);
  if (const auto* share = std::get_if<double>(&value)) judge_number(*share, checked);
}

// A figure that is null (nothing to measure) decides nothing.
CheckedExpectation check(const Expectation& expectation, const StrategyResult& result, const RunResult& all) {
  CheckedExpectation checked{.expectation = expectation};
  if (all.only_run) {
    checked.remark = "it speaks of all runs, this is one";
    return checked;
  }
  if (expectation.command != "run") {
    checked.remark = fmt::format("`cacherace run` does not evaluate it, it is for {}", expectation.command);
    return checked;
  }
  checked.verdict = ExpectationVerdict::undecided;
  checked.remark = "the figure is null: there was nothing to measure";
  const FigureValue value = figure_of(result, expectation.figure);
  judge_value(value, result.runs - result.incomplete_runs, checked);
  const bool all_finished = result.runs == all.runs && result.incomplete_runs == 0;
  if (!all_finished && !std::holds_alternative<Estimate>(value)) judge_part_of_the_runs(value, checked);
  return checked;
}

bool failed(const CheckedExpectation& checked) {
  return checked.verdict == ExpectationVerdict::failed || checked.verdict == ExpectationVerdict::undecided;
}

}  // namespace

bool agrees(const Expectation& expectation, double value) {
  switch (expectation.comparison) {
    case Comparison::at_most:
      return value <= expectation.bound;
    case Comparison::at_least:
      return value >= expectation.bound;
    case Comparison::equals:
      return value == expectation.bound;
  }
  return false;
}

bool speaks_of(const Expectation& expectation, const StrategyResult& result) {
  return expectation.strategy == "*" || expectation.strategy == result.strategy.info->name;
}

void check_expectations(const Scenario& scenario, RunResult& result) {
  bool any_failed = false;
  for (const Expectation& expectation : scenario.expectations) {
    const auto concerned = [&](const StrategyResult& strategy) { return speaks_of(expectation, strategy); };
    if (std::ranges::none_of(result.strategies, concerned)) ++result.expectations_left_out;
  }
  for (StrategyResult& strategy : result.strategies) {
    for (const Expectation& expectation : scenario.expectations) {
      if (!speaks_of(expectation, strategy)) continue;
      strategy.expectations.push_back(check(expectation, strategy, result));
      any_failed = any_failed || failed(strategy.expectations.back());
    }
  }
  if (!result.complete || (result.only_run && !scenario.expectations.empty())) {
    result.verdict = ResultVerdict::unknown;
  } else {
    result.verdict = any_failed ? ResultVerdict::failed : ResultVerdict::held;
  }
}

}  // namespace cacherace::scenarios
