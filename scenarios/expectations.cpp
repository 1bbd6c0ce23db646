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

// How many runs would bring the nearer end of the interval to the bound: its width shrinks with the root of
// the runs.
std::string runs_to_decide(const Estimate& estimate, double bound, std::uint64_t runs) {
  const double distance = std::abs(*estimate.estimate - bound);
  const double reach =
      *estimate.estimate < bound ? *estimate.high - *estimate.estimate : *estimate.estimate - *estimate.low;
  const double needed = static_cast<double>(runs) * std::pow(reach / distance, 2.0) * 1.2;
  if (distance == 0.0 || needed > 1e12)
    return "the estimate is too near the bound to be decided by more runs";
  const double magnitude = std::pow(10.0, std::floor(std::log10(needed)));
  const auto rounded = static_cast<std::uint64_t>(std::ceil(needed / magnitude) * magnitude);
  return fmt::format("about {} runs would decide", rounded);
}

void judge_estimate(const Estimate& estimate, std::uint64_t runs, CheckedExpectation& checked) {
  if (!estimate.estimate) return;
  checked.observed = estimate.estimate;
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
  checked.verdict =
      agrees(checked.expectation, value) ? ExpectationVerdict::held : ExpectationVerdict::failed;
}

// A figure that is null (nothing to measure) decides nothing.
CheckedExpectation check(const Expectation& expectation, const StrategyResult& result, bool single_run) {
  CheckedExpectation checked{.expectation = expectation};
  if (single_run) {
    checked.remark = "it speaks of all runs, this is one";
    return checked;
  }
  if (expectation.command != "run") {
    checked.remark = fmt::format("`cacherace {}` evaluates it", expectation.command);
    return checked;
  }
  checked.verdict = ExpectationVerdict::undecided;
  checked.remark = "the figure is null: there was nothing to measure";
  const FigureValue value = figure_of(result, expectation.figure);
  if (const auto* estimate = std::get_if<Estimate>(&value)) {
    if (estimate->estimate) checked.remark.clear();
    judge_estimate(*estimate, result.runs, checked);
  } else if (!std::holds_alternative<std::monostate>(value)) {
    checked.remark.clear();
    if (const auto* count = std::get_if<std::uint64_t>(&value))
      judge_number(static_cast<double>(*count), checked);
    if (const auto* nanos = std::get_if<std::int64_t>(&value))
      judge_number(static_cast<double>(*nanos), checked);
    if (const auto* share = std::get_if<double>(&value)) judge_number(*share, checked);
  }
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

void check_expectations(const Scenario& scenario, RunResult& result) {
  bool any_failed = false;
  for (StrategyResult& strategy : result.strategies) {
    for (const Expectation& expectation : scenario.expectations) {
      if (expectation.strategy != "*" && expectation.strategy != strategy.strategy.info->name) continue;
      strategy.expectations.push_back(check(expectation, strategy, result.only_run.has_value()));
      any_failed = any_failed || failed(strategy.expectations.back());
    }
  }
  if (!result.complete) {
    result.verdict = ResultVerdict::unknown;
  } else {
    result.verdict = any_failed ? ResultVerdict::failed : ResultVerdict::held;
  }
}

}  // namespace cacherace::scenarios
