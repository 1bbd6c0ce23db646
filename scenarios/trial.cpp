#include "scenarios/trial.hpp"

namespace cacherace::scenarios {

Trial::Trial(const Scenario& scenario, const StrategyChoice& strategy)
    : simulation_(scenario, strategy), observer_(scenario.setup) {}

std::optional<JudgedRun> Trial::play(std::uint64_t run) {
  const sim::RunEnd end = simulation_.run(run);
  if (end.ending != sim::Ending::quiescent) return std::nullopt;
  const verify::Execution& execution = observer_.observe(simulation_.records(), end);
  Traffic traffic = observer_.traffic();
  traffic.concurrent_loads = simulation_.concurrent_loads();
  return JudgedRun{execution, judge_.judge(execution), traffic};
}

}  // namespace cacherace::scenarios
