#include "reports/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/commands.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// A value of a figure for people: a duration, a count or a ratio. Of thresholds each nanosecond counts.
std::string figure_text(std::string_view figure, double value) {
  const std::string_view name = figure.substr(figure.rfind('.') + 1);
  if (name == "safe_ns" || name == "unsafe_ns") return full_duration(std::llround(value));
  if (figure.ends_with("_ns")) return duration_text(static_cast<std::int64_t>(std::llround(value)));
  if (value >= 0.0 && value == std::trunc(value)) return count_text(static_cast<std::uint64_t>(value));
  return value > 0.0 ? significant(value, 3) : fmt::format("{}", value);
}

std::string value_text(const Expectation& expected, double value) {
  if (expected.bound_is_flag) return value != 0.0 ? "true" : "false";
  return figure_text(expected.figure, value);
}

struct ExpectationCounts {
  std::size_t held = 0;
  std::size_t evaluated = 0;
  std::size_t elsewhere = 0;
};

ExpectationCounts count_expectations(const Expectations& expectations) {
  ExpectationCounts counts;
  for (const auto& [strategy, all] : expectations) {
    for (const auto& checked : *all) {
      const bool elsewhere = checked.verdict == ExpectationVerdict::not_evaluated;
      ++(elsewhere ? counts.elsewhere : counts.evaluated);
      if (checked.verdict == ExpectationVerdict::held) ++counts.held;
    }
  }
  return counts;
}

}  // namespace

std::string_view comparison_name(Comparison comparison) {
  constexpr std::array<std::string_view, 3> names = {"at_most", "at_least", "equals"};
  return names[static_cast<std::size_t>(comparison)];
}

std::string_view verdict_name(ExpectationVerdict verdict) {
  constexpr std::array<std::string_view, 4> names = {"held", "failed", "undecided", "not evaluated"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view verdict_name(ResultVerdict verdict) {
  constexpr std::array<std::string_view, 3> names = {"held", "failed", "unknown"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view figure_words(std::string_view path) {
  using Named = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Named, 15> names = {{{"stuck.probability", "stuck runs"},
                                            {"linearizability.probability", "runs not linearizable"},
                                            {"reads.stale_share", "stale reads"},
                                            {"reads.outdated_share", "outdated reads"},
                                            {"windows.state_time_share", "time with a wrong cache"},
                                            {"windows.state.p50_ns", "wrong for, p50"},
                                            {"windows.state.p99_ns", "wrong for, p99"},
                                            {"latency.write.mean_ns", "write, mean"},
                                            {"latency.write.p50_ns", "write, p50"},
                                            {"latency.write.p99_ns", "write, p99"},
                                            {"latency.read.mean_ns", "read, mean"},
                                            {"latency.read.p50_ns", "read, p50"},
                                            {"latency.read.p99_ns", "read, p99"},
                                            {"cache.hit_ratio", "cache hits"},
                                            {"database.reads", "reads of the database"}}};
  const auto found = std::ranges::find(names, path, &Named::first);
  return found == names.end() ? path : found->second;
}

std::string spaced(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string bound_text(const Expectation& expected) {
  const bool is_duration = !expected.bound_is_flag && expected.figure.ends_with("_ns");
  return is_duration ? full_duration(std::llround(expected.bound)) : value_text(expected, expected.bound);
}

std::string expectation_text(std::string_view strategy, const CheckedExpectation& checked) {
  const Expectation& expected = checked.expectation;
  const auto observed = checked.observed ? value_text(expected, *checked.observed) : "not known";
  const auto comparison = expected.comparison == Comparison::equals
                              ? std::string("exactly")
                              : spaced(comparison_name(expected.comparison));
  std::string text = fmt::format("{}: {} is {}, expected {} {}", strategy, expected.figure, observed,
                                 comparison, bound_text(expected));
  if (!checked.remark.empty()) text += fmt::format(" ({})", checked.remark);
  return text;
}

std::string expectations_text(const Expectations& expectations, Paint paint) {
  const auto counts = count_expectations(expectations);
  if (counts.evaluated + counts.elsewhere == 0) return "";
  std::string text = fmt::format("{} of {} expectations hold", counts.held, counts.evaluated);
  if (counts.elsewhere > 0) text += fmt::format("; {} for other commands", counts.elsewhere);
  text = painted(text, counts.held == counts.evaluated ? Colour::green : Colour::red, paint) + "\n";
  for (const auto& [strategy, all] : expectations) {
    for (const auto& checked : *all) {
      const bool failed = checked.verdict == ExpectationVerdict::failed;
      if (!failed && checked.verdict != ExpectationVerdict::undecided) continue;
      const std::string verdict(verdict_name(checked.verdict));
      text += "  " + painted(fmt::format("{:<9}", verdict), failed ? Colour::red : Colour::yellow, paint) +
              "  " + paragraph(expectation_text(strategy, checked), 13);
    }
  }
  return text;
}

}  // namespace cacherace::reports
