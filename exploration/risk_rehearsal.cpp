#include "exploration/risk_rehearsal.hpp"

#include <algorithm>

#include "exploration/risk_interval.hpp"

namespace cacherace::exploration {
namespace {

// Of one replication, in units of the mean.
constexpr double scatter_wanted = 0.4;

// `replicate(runs, number, stop)` for each number; empty: it was told to stop.
template <class Replicate>
std::vector<ReplicationEstimate> rehearse(const PlayCrew& crew, const RiskPlan& plan, std::size_t count,
                                          const Replicate& replicate) {
  std::vector<ReplicationEstimate> all(count);
  const bool done = crew.play(plan.values, count, [&](PlayedRuns& runs, const std::atomic<bool>& stop) {
    return
        [&](std::size_t number) { all[number] = replicate(runs, static_cast<std::uint32_t>(number), stop); };
  });
  if (!done) all.clear();
  return all;
}

// The first value, from `first` on, at which the risk is well below the bound; the last one where there is
// none.
std::size_t last_to_test(const std::vector<ReplicationEstimate>& all, std::size_t first, double risk) {
  constexpr double well_below = 0.5;
  const std::size_t values = all.front().from.size();
  for (std::size_t value = first; value + 1 < values; ++value) {
    double mean = 0.0;
    for (const auto& estimate : all) mean += estimate.from[value] / static_cast<double>(all.size());
    if (mean <= well_below * risk) return value;
  }
  return values - 1;
}

// The most at any of these values that is tested.
double scatter_within(const std::vector<ReplicationEstimate>& all, std::size_t first, std::size_t end,
                      std::size_t last_tested) {
  double most = 0.0;
  for (std::size_t value = first; value < std::min(end, last_tested + 1); ++value) {
    std::vector<double> estimates;
    for (const auto& estimate : all) estimates.push_back(estimate.from[value]);
    most = std::max(most, scatter_of(estimates));
  }
  return most;
}

}  // namespace

bool rehearse_importance(const PlayCrew& crew, double risk, RiskPlan& plan) {
  constexpr std::size_t replications = 10;
  constexpr double most_in_all = 8e6 / replications_of_risk;
  const std::size_t first_tested = std::ranges::min(plan.order);
  ImportancePlan rehearsed = plan.importance;
  rehearsed.first_run = rehearsal_runs;
  for (auto& group : rehearsed.groups) {
    if (group.end <= first_tested) group.runs = 1;
  }
  const auto all =
      rehearse(crew, plan, replications, [&](PlayedRuns& runs, std::uint32_t number, const auto& stop) {
        return weigh(rehearsed, runs, number, stop);
      });
  if (all.empty()) return false;
  plan.last_tested = last_to_test(all, first_tested, risk);
  double needed_in_all = 0.0;
  for (auto& group : plan.importance.groups) {
    if (group.end <= first_tested || group.first > plan.last_tested) continue;
    const std::size_t first = std::max(group.first, first_tested);
    const double factor = scatter_within(all, first, group.end, plan.last_tested) / scatter_wanted;
    const double needed = group.runs * std::max(1.0, factor * factor);
    needed_in_all += needed;
    group.runs = static_cast<std::uint32_t>(std::min(needed, most_in_all));
  }
  plan.importance.first_run = certifying_runs;
  return needed_in_all <= most_in_all;
}

std::optional<std::uint32_t> rehearse_splitting(const PlayCrew& crew, double risk, RiskPlan& plan) {
  constexpr std::size_t replications = 10;
  constexpr double least = 250.0, most = 800.0;
  const auto all =
      rehearse(crew, plan, replications, [&](PlayedRuns& runs, std::uint32_t number, const auto& stop) {
        return split(plan.splitting, runs, number, stop);
      });
  if (all.empty()) return std::nullopt;
  plan.last_tested = last_to_test(all, 0, risk);
  const double factor = scatter_within(all, 0, plan.values.size(), plan.last_tested) / scatter_wanted;
  return static_cast<std::uint32_t>(std::clamp(plan.splitting.particles * factor * factor, least, most));
}

}  // namespace cacherace::exploration
