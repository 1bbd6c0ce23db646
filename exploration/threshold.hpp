// The exact smallest safe value of a duration parameter: for which values of it does any feasible order
// violate the property?
//
// The parameter is an unknown duration (sim/unknown.hpp). A search in which it may be anything in a range,
// each time anew, allows at least all orders that any one value in the range allows. So if that finds no
// violation, every value in the range is safe: proved, without any assumption about how safety depends on the
// parameter. If it finds one, the values for which that very order is feasible are an interval, found exactly
// (sim/instants.hpp); the search goes on with what is left of the range. An order that no single value allows
// splits the range. The answer is the set of unsafe values, to the nanosecond.
#pragma once

#include <optional>
#include <vector>

#include "exploration/exploration.hpp"
#include "exploration/timetable.hpp"
#include "sim/digest.hpp"

namespace cacherace::exploration {

struct DurationRange {
  sim::Duration from, to;  // both in it
  friend bool operator==(const DurationRange&, const DurationRange&) = default;
};

struct ThresholdProblem {
  const Scenario& scenario;
  StrategyChoice strategy;  // the parameter's value in it does not matter
  std::string parameter;
  Property property = Property::stuck;
  DurationRange range = default_range;

  static constexpr DurationRange default_range{sim::Duration{0}, std::chrono::hours(1)};
};

struct Threshold {
  bool complete = true;               // no limit came first
  std::vector<DurationRange> unsafe;  // exactly, in the problem's range, ascending, not adjoining
  std::uint32_t searches = 0;

  // Where it is complete: the search at `safe`, which found nothing …
  std::optional<sim::Duration> safe;  // from here on to the end of the range everything is safe
  std::uint64_t states = 0, classes = 0;
  sim::Digest digest;
  // … and the violation at the greatest unsafe value, played, with the bounds that it comes from.
  std::optional<Witness> witness;
  std::vector<LegBound> bounds;

  [[nodiscard]] std::optional<sim::Duration> greatest_unsafe() const {
    if (unsafe.empty()) return std::nullopt;
    return unsafe.back().to;
  }
  // Whether larger is safer throughout the range.
  [[nodiscard]] bool monotone(const DurationRange& range) const {
    return unsafe.empty() || (unsafe.size() == 1 && unsafe.front().from == range.from);
  }
};

Threshold find_threshold(const ThresholdProblem& problem, const sim::SearchWatch& watch);

// One search at one value: whether it is safe, with the figures that a certificate states.
struct Verification {
  bool complete = true;
  bool violated = false;
  std::uint64_t states = 0, classes = 0;
  sim::Digest digest;
};
Verification verify_at(const ThresholdProblem& problem, sim::Duration value, const sim::SearchWatch& watch);

}  // namespace cacherace::exploration
