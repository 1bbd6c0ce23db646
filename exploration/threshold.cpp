#include "exploration/threshold.hpp"

#include <algorithm>
#include <stdexcept>

#include "exploration/schedule.hpp"
#include "exploration/timed.hpp"
#include "sim/unknown.hpp"

namespace cacherace::exploration {
namespace {

constexpr sim::Duration one{1};

StrategyChoice with(const StrategyChoice& strategy, const std::string& parameter, sim::Duration value) {
  StrategyChoice changed = strategy;
  changed.parameters.set_raw(parameter, sim::nanos(value));
  return changed;
}

class ThresholdSearch {
 public:
  ThresholdSearch(const ThresholdProblem& problem, const sim::SearchWatch& watch)
      : problem_(problem),
        watch_(watch),
        program_(problem.scenario, with(problem.strategy, problem.parameter, sim::unknown_unit),
                 returns_for(problem.property)) {}

  Threshold run() {
    std::vector<DurationRange> open = {problem_.range};
    while (!open.empty() && found_.complete) {
      const DurationRange range = open.back();
      open.pop_back();
      search(range, open);
    }
    if (found_.complete) conclude();
    return std::move(found_);
  }

 private:
  void search(const DurationRange& range, std::vector<DurationRange>& open) {
    auto unsafe = search_for(range, marks_of(problem_.property));
    if (!found_.complete || !unsafe) return;
    // The first order found needs different values at once: perhaps another one does not.
    if (!*unsafe && range.from < range.to) unsafe = search_for(range, 0);
    if (!found_.complete) return;
    const auto left = [&](sim::Duration from, sim::Duration to) {
      if (from <= to) open.push_back({from, to});
    };
    if (*unsafe) {
      add_unsafe(**unsafe);
      left(range.from, (*unsafe)->from - one);
      left((*unsafe)->to + one, range.to);
    } else if (range.from < range.to) {
      const sim::Duration middle = range.from + (range.to - range.from) / 2;
      left(range.from, middle);
      left(middle + one, range.to);
    } else {
      throw std::logic_error("an order that was found at one value is not feasible there");
    }
  }

  // Nothing: there is no violation in the range. Else the values that one of the orders found allows, if any.
  std::optional<std::optional<DurationRange>> search_for(const DurationRange& range, sim::Marks enough) {
    ++found_.searches;
    sim::ClassExplorer explorer(program_, program_.grain(), sim::Delay(range.from, range.to));
    const bool whole = explorer.explore({.enough = enough, .watch = watch_});
    const sim::Marks mark = marks_of(problem_.property);
    if (!whole && (explorer.seen() & mark) == 0) {
      found_.complete = false;
      return std::nullopt;
    }
    bool any = false;
    for (const auto& finding : explorer.findings()) {
      if ((finding.marks & mark) == 0) continue;
      any = true;
      const auto passage = walk(program_, program_.grain(), explorer.first_order(), explorer.way_to(finding));
      const auto values = instants_of(passage).range(range.from, range.to);
      if (values) return DurationRange{values->first, values->second};
    }
    if (!any) return std::nullopt;
    return std::optional<DurationRange>{};
  }

  void add_unsafe(const DurationRange& range) {
    auto& unsafe = found_.unsafe;
    unsafe.push_back(range);
    std::ranges::sort(unsafe, {}, &DurationRange::from);
    std::vector<DurationRange> joined;
    for (const DurationRange& next : unsafe) {
      if (!joined.empty() && next.from <= joined.back().to + one) {
        joined.back().to = std::max(joined.back().to, next.to);
      } else {
        joined.push_back(next);
      }
    }
    unsafe = std::move(joined);
  }

  // The figures of a search at the safe value, and the play at the greatest unsafe one.
  void conclude() {
    const auto unsafe = found_.greatest_unsafe();
    if (!unsafe || *unsafe < problem_.range.to) {
      found_.safe = unsafe ? *unsafe + one : problem_.range.from;
      const Verification verified = verify_at(problem_, *found_.safe, watch_);
      found_.complete = verified.complete;
      if (verified.violated) throw std::logic_error("a value found safe is not");
      found_.states = verified.states;
      found_.classes = verified.classes;
      found_.digest = verified.digest;
    }
    if (unsafe && found_.complete) show(*unsafe);
  }

  void show(sim::Duration unsafe) {
    sim::ClassExplorer explorer(program_, program_.grain(), sim::Delay(unsafe));
    explorer.explore({.enough = marks_of(problem_.property), .watch = watch_});
    const auto finding = std::ranges::find_if(explorer.findings(), [&](const auto& candidate) {
      return (candidate.marks & marks_of(problem_.property)) != 0;
    });
    if (finding == explorer.findings().end()) {
      found_.complete = false;
      return;
    }
    const auto passage = walk(program_, program_.grain(), explorer.first_order(), explorer.way_to(*finding));
    ObservedRun run(problem_.scenario, with(problem_.strategy, problem_.parameter, sim::unknown_unit),
                    Returns::unseen);
    const Timetable timetable(run, passage, !problem_.scenario.setup.faults.empty());
    found_.bounds = timetable.why_not(unsafe + one);
    const StrategyChoice strategy = with(problem_.strategy, problem_.parameter, unsafe);
    const auto schedule = timetable.at(unsafe);
    if (schedule) found_.witness = play(problem_.scenario, strategy, *schedule, problem_.property);
    if (!found_.witness) throw std::logic_error("a violation that was found cannot be played");
  }

  const ThresholdProblem& problem_;
  const sim::SearchWatch& watch_;
  TimedProgram program_;
  Threshold found_;
};

}  // namespace

Threshold find_threshold(const ThresholdProblem& problem, const sim::SearchWatch& watch) {
  return ThresholdSearch(problem, watch).run();
}

// With the parameter as it is in a run: nothing unknown is left.
Verification verify_at(const ThresholdProblem& problem, sim::Duration value, const sim::SearchWatch& watch) {
  TimedProgram program(problem.scenario, with(problem.strategy, problem.parameter, value),
                       returns_for(problem.property));
  sim::ClassExplorer explorer(program, program.grain());
  Verification result;
  result.complete = explorer.explore({.watch = watch});
  result.violated = (explorer.seen() & marks_of(problem.property)) != 0;
  result.states = explorer.states();
  result.classes = explorer.classes();
  result.digest = explorer.digest();
  return result;
}

}  // namespace cacherace::exploration
