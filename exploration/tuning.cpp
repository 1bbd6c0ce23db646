#include "exploration/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exploration/explorable.hpp"
#include "exploration/schedule.hpp"
#include "exploration/timed.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::Expectation;
using scenarios::ExpectationVerdict;

std::string digest_text(const sim::Digest& digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

CheckedExpectation check(const Expectation& expectation, const TuneResult& result) {
  CheckedExpectation checked{.expectation = expectation};
  if (expectation.command != "tune") {
    checked.remark = fmt::format("`cacherace {}` evaluates it", expectation.command);
    return checked;
  }
  if (expectation.mode == "risk") {
    checked.remark = "it speaks of --risk";
    return checked;
  }
  if (result.property != Property::stuck) {
    checked.remark = "it speaks of the property \"stuck\"";
    return checked;
  }
  if (!result.threshold.complete) {
    checked.verdict = ExpectationVerdict::undecided;
    checked.remark = "a limit came first";
    return checked;
  }
  std::optional<sim::Duration> observed{1};  // resolution_ns
  if (expectation.figure == "safe_ns") observed = result.threshold.safe;
  if (expectation.figure == "unsafe_ns") observed = result.threshold.greatest_unsafe();
  checked.verdict = ExpectationVerdict::failed;
  if (!observed) {
    checked.remark = "there is no such value in the range";
    return checked;
  }
  checked.observed = static_cast<double>(sim::nanos(*observed));
  if (agrees(expectation, *checked.observed)) checked.verdict = ExpectationVerdict::held;
  return checked;
}

}  // namespace

std::optional<std::string> why_no_duration(const StrategyChoice& strategy, const std::string& parameter) {
  std::vector<std::string_view> durations;
  for (const auto& declared : strategy.info->parameters) {
    if (declared.kind == strategies::ParameterKind::duration) durations.push_back(declared.name);
  }
  if (durations.empty()) {
    return fmt::format("{} has no parameter that is a duration", strategy.info->name);
  }
  if (std::ranges::find(durations, parameter) != durations.end()) return std::nullopt;
  return fmt::format("{} has no duration {}; {}", strategy.info->name, scenarios::quoted(parameter),
                     scenarios::remedy_for_name(parameter, durations));
}

std::optional<std::string> why_not_tunable(const ThresholdProblem& problem) {
  if (auto reason = why_not_explorable(problem.scenario, true)) return reason;
  if (auto reason = why_no_duration(problem.strategy, problem.parameter)) return reason;
  if (const auto place = longer_than(problem.scenario, longest_with_unknown)) {
    return fmt::format("{} can be longer than 24 h; tuning takes shorter ones", *place);
  }
  return std::nullopt;
}

TuneResult tune(const ThresholdProblem& problem, const sim::SearchWatch& watch) {
  TuneResult result{.scenario = problem.scenario.name,
                    .strategy = problem.strategy,
                    .parameter = problem.parameter,
                    .property = problem.property,
                    .range = problem.range,
                    .threshold = find_threshold(problem, watch)};
  bool any_failed = false;
  for (const Expectation& expectation : problem.scenario.expectations) {
    if (expectation.strategy != "*" && expectation.strategy != problem.strategy.info->name) continue;
    result.expectations.push_back(check(expectation, result));
    any_failed = any_failed || result.expectations.back().verdict == ExpectationVerdict::failed;
  }
  result.verdict = !result.threshold.complete ? ResultVerdict::unknown
                   : any_failed               ? ResultVerdict::failed
                                              : ResultVerdict::held;
  return result;
}

scenarios::Certificate certificate_of(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  return {.parameter = result.parameter,
          .property = std::string(property_names[index_of(result.property)]),
          .from = result.range.from,
          .to = result.range.to,
          .safe = threshold.safe,
          .unsafe = threshold.greatest_unsafe(),
          .states = threshold.states,
          .classes = threshold.classes,
          .digest = threshold.safe ? digest_text(threshold.digest) : "",
          .schedule = threshold.witness ? threshold.witness->schedule : ""};
}

std::string why_not_confirmed(const ThresholdProblem& problem, const scenarios::Certificate& certificate,
                              const sim::SearchWatch& watch) {
  if (certificate.safe) {
    const Verification verified = verify_at(problem, *certificate.safe, watch);
    if (!verified.complete) return "a limit or an interruption came before the search was complete";
    if (verified.violated) return "the search at the safe value finds a violation";
    if (verified.states != certificate.states || verified.classes != certificate.classes ||
        digest_text(verified.digest) != certificate.digest) {
      return fmt::format(
          "the search at the safe value comes to {} states and {} classes and another digest than "
          "the certificate's {} and {}: it is of another scenario or version of cacherace",
          verified.states, verified.classes, certificate.states, certificate.classes);
    }
  }
  if (!certificate.unsafe) return "";
  StrategyChoice strategy = problem.strategy;
  strategy.parameters.set_raw(problem.parameter, sim::nanos(*certificate.unsafe));
  const auto schedule = read_schedule(certificate.schedule, fingerprint(problem.scenario, strategy));
  if (const auto* trouble = std::get_if<std::string>(&schedule)) return *trouble;
  const bool plays =
      play(problem.scenario, strategy, std::get<Schedule>(schedule), problem.property).has_value();
  return plays ? "" : "the schedule at the unsafe value does not come to the violation";
}

}  // namespace cacherace::exploration
