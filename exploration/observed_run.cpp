#include "exploration/observed_run.hpp"

#include <span>

namespace cacherace::exploration {
namespace {

using scenarios::Scenario;
using scenarios::StrategyChoice;

// Permuting more interchangeable clients than this costs more than their states.
constexpr std::uint64_t permutations_max = 5040;

// In timed orders with faults, clients that look alike need not have the same events before them: there each
// stands for itself.
std::vector<std::uint32_t> groups_of(const Scenario& scenario, unsigned consumers, Returns returns) {
  std::uint64_t permutations = 1;
  for (const auto& group : scenario.setup.clients) {
    for (std::uint64_t i = 2; i <= group.count && permutations <= permutations_max; ++i) permutations *= i;
  }
  const bool timed = returns != Returns::at_once;
  const bool symmetric = permutations <= permutations_max && !(timed && !scenario.setup.faults.empty());
  std::vector<std::uint32_t> groups;
  std::uint32_t next = 0;
  for (const auto& group : scenario.setup.clients) {
    for (std::uint32_t i = 0; i < group.count; ++i) groups.push_back(symmetric ? next : next++);
    if (symmetric) ++next;
  }
  for (unsigned i = 0; i < consumers; ++i) groups.push_back(next++);
  return groups;
}

std::uint32_t actors_of(const Scenario& scenario) {
  std::uint32_t actors = 0;
  for (const auto& group : scenario.setup.clients) actors += group.count;
  return actors;
}

unsigned consumers_of(const StrategyChoice& strategy) {
  return strategy.info->make(strategy.parameters)->service().consumers;
}

}  // namespace

ObservedRun::ObservedRun(const Scenario& scenario, const StrategyChoice& strategy, Returns returns)
    : simulation_(scenario, strategy),
      ledger_(scenario.setup, groups_of(scenario, consumers_of(strategy), returns), actors_of(scenario),
              returns, strategy.info->make(strategy.parameters)->service().waits_for_redis_replica) {}

sim::RunEnd ObservedRun::run(sim::Chooser& chooser) {
  ledger_.begin();
  taken_ = 0;
  simulation_.choose_by(&chooser);
  return simulation_.run(0, true);
}

std::uint32_t ObservedRun::take() {
  const std::span<const models::Record> records = simulation_.records();
  const std::uint32_t seen = ledger_.take(records.subspan(taken_));
  taken_ = records.size();
  return seen;
}

}  // namespace cacherace::exploration
