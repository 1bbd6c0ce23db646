#include "exploration/risk_certify.hpp"

#include <algorithm>
#include <atomic>

#include "scenarios/crew.hpp"
#include "scenarios/intervals.hpp"

namespace cacherace::exploration {
namespace {

constexpr std::uint64_t plain_first_run = 200'000'000'000;

// What threads share: tasks by number, and whether to stop.
class Tasks {
 public:
  explicit Tasks(std::uint64_t count) : count_(count) {}

  // The next one; nothing at the end, or when stopped.
  std::optional<std::uint64_t> take() {
    if (stop) return std::nullopt;
    const std::uint64_t task = next_++;
    return task < count_ ? std::optional(task) : std::nullopt;
  }
  void done() { ++done_; }
  [[nodiscard]] double share() const { return static_cast<double>(done_) / static_cast<double>(count_); }
  [[nodiscard]] bool all_done() const { return done_ == count_; }

  std::atomic<bool> stop = false;

 private:
  std::atomic<std::uint64_t> next_ = 0, done_ = 0;
  std::uint64_t count_;
};

// Does every task, `act(runs, task)`, with runs of its own for each thread.
template <class Act>
void work_on(Tasks& tasks, const RiskProblem& problem, const RiskPlan& plan, unsigned jobs,
             const RiskWatch& watch, RiskSample& sample, const Act& act) {
  std::atomic<std::uint64_t> incomplete = 0;
  scenarios::Crew crew;
  crew.start(jobs, [&](unsigned) {
    const auto runs = problem.make(plan.values);
    while (const auto task = tasks.take()) {
      act(*runs, *task);
      if (!tasks.stop) tasks.done();
    }
    incomplete += runs->incomplete();
  });
  crew.wait([&] {
    if (watch && watch({true, tasks.share()})) tasks.stop = true;
  });
  sample.incomplete_runs = incomplete;
  sample.complete = tasks.all_done() && sample.incomplete_runs == 0;
}

// `replicate(runs, number, stop)` for each replication.
template <class Replicate>
void replicate_all(const RiskProblem& problem, const RiskPlan& plan, unsigned jobs, const RiskWatch& watch,
                   RiskSample& sample, const Replicate& replicate) {
  Tasks tasks(replications_of_risk);
  std::vector<std::optional<ReplicationEstimate>> all(replications_of_risk);
  work_on(tasks, problem, plan, jobs, watch, sample, [&](PlayedRuns& runs, std::uint64_t task) {
    auto estimate = replicate(runs, static_cast<std::uint32_t>(task), tasks.stop);
    if (!tasks.stop) all[task] = std::move(estimate);
  });
  std::erase(all, std::nullopt);
  sample.replications = static_cast<std::uint32_t>(all.size());
  if (all.size() < 2) return;
  for (std::size_t value = 0; value < plan.values.size(); ++value) {
    std::vector<double> at, from;
    for (const auto& estimate : all) {
      at.push_back(estimate->at[value]);
      from.push_back(estimate->from[value]);
    }
    sample.points.push_back({plan.values[value], interval_of(at), interval_of(from)});
  }
}

// Counts of plain runs: bad at each value, and at it or a later one.
struct Counts {
  std::vector<std::uint64_t> at, from;

  explicit Counts(std::size_t values) : at(values), from(values) {}
  void merge(const Counts& other) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      at[i] += other.at[i];
      from[i] += other.from[i];
    }
  }
};

void count_run(PlayedRuns& runs, Counts& counts) {
  bool bad_later = false;
  for (std::size_t value = counts.at.size(); value-- > 0;) {
    const bool bad = runs.bad_at(value);
    bad_later = bad_later || bad;
    if (bad) ++counts.at[value];
    if (bad_later) ++counts.from[value];
  }
}

RiskEstimate plain_estimate(std::uint64_t bad, std::uint64_t runs) {
  const auto found = scenarios::clopper_pearson(bad, runs);
  return {*found.estimate, *found.low, *found.high, true, found.method};
}

void run_all(const RiskProblem& problem, const RiskPlan& plan, unsigned jobs, const RiskWatch& watch,
             RiskSample& sample) {
  constexpr std::uint64_t chunk = 1000;
  Tasks tasks((plan.plain_runs + chunk - 1) / chunk);
  Counts sum(plan.values.size());
  std::mutex mutex;
  work_on(tasks, problem, plan, jobs, watch, sample, [&](PlayedRuns& runs, std::uint64_t task) {
    sim::DrawTable table;
    const sim::Playing playing(table);
    Counts counts(plan.values.size());
    const std::uint64_t end = std::min((task + 1) * chunk, plan.plain_runs);
    std::uint64_t run = task * chunk;
    for (; run < end && !tasks.stop; ++run) {
      table.begin(problem.seed, plain_first_run + run);
      count_run(runs, counts);
    }
    const std::lock_guard lock(mutex);
    if (run < end) return;  // stopped
    sum.merge(counts);
    sample.runs += end - task * chunk;
  });
  if (sample.runs == 0) return;
  for (std::size_t value = 0; value < plan.values.size(); ++value) {
    sample.points.push_back({plan.values[value], plain_estimate(sum.at[value], sample.runs),
                             plain_estimate(sum.from[value], sample.runs)});
  }
}

// What is bad from a later value on is bad from the last tested one on: so its upper bound holds there, too.
void bound_later(std::vector<RiskPoint>& points, std::size_t last_tested) {
  const RiskEstimate& last = points[last_tested].from;
  for (std::size_t i = last_tested + 1; i < points.size() && last.settled; ++i) {
    RiskEstimate& from = points[i].from;
    if (from.estimate > last.high) continue;
    if (!from.settled) from.low = 0.0;
    from.high = from.settled ? std::min(from.high, last.high) : last.high;
    from.settled = true;
  }
}

// And what is bad at a value is bad at it or later: an upper bound for that holds where nothing was met.
void bound_by_what_contains(std::vector<RiskPoint>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    RiskEstimate& from = points[i].from;
    if (from.estimate == 0.0 && i > 0 && points[i - 1].from.high < from.high) {
      from.high = points[i - 1].from.high;
      from.settled = points[i - 1].from.settled;
    }
    RiskEstimate& at = points[i].at;
    if (at.estimate == 0.0 && from.high < at.high) {
      at.high = from.high;
      at.settled = from.settled;
    }
  }
}

void decide(double risk, const RiskPlan& plan, RiskSample& sample) {
  const auto& points = sample.points;
  for (std::size_t i = plan.last_tested + 1; i-- > 0;) {
    if (!points[i].from.settled || points[i].from.high > risk) break;
    sample.safe = i;
  }
  for (const std::size_t i : plan.order) {
    if (!points[i].at.is_above(risk)) break;
    sample.unsafe = std::max(sample.unsafe.value_or(0), i);
  }
  constexpr double rounding = 1.0 + 1e-9;
  double greatest_high = 1.0;
  for (const RiskPoint& point : points) {
    if (!point.at.settled) continue;
    sample.rises = sample.rises || point.at.low > rounding * greatest_high;
    greatest_high = std::min(greatest_high, point.at.high);
  }
}

}  // namespace

RiskSample certify_risk(const RiskProblem& problem, const RiskPlan& plan, unsigned jobs,
                        const RiskWatch& watch) {
  RiskSample sample;
  sample.method = plan.method;
  switch (plan.method) {
    case RiskMethod::plain:
      run_all(problem, plan, jobs, watch, sample);
      break;
    case RiskMethod::importance:
      replicate_all(problem, plan, jobs, watch, sample,
                    [&](auto&&... arguments) { return weigh(plan.importance, arguments...); });
      break;
    case RiskMethod::splitting:
      replicate_all(problem, plan, jobs, watch, sample,
                    [&](auto&&... arguments) { return split(plan.splitting, arguments...); });
      break;
  }
  if (!sample.points.empty()) bound_later(sample.points, plan.last_tested);
  bound_by_what_contains(sample.points);
  if (sample.complete) decide(problem.risk, plan, sample);
  return sample;
}

}  // namespace cacherace::exploration
