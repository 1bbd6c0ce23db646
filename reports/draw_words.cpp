#include "reports/draw_words.hpp"

#include <fmt/format.h>

#include "reports/units.hpp"

namespace cacherace::reports {

using namespace exploration;

bool is_drawn(const ExploreResult& result) {
  return !result.strategies.empty() && result.strategies.front().draws.has_value();
}

std::string orders_text(const ExploreResult& result) {
  if (result.timed) return "every order of events that the latencies allow";
  if (!is_drawn(result)) return "every order of commands, untimed";
  const Draws& draws = *result.strategies.front().draws;
  if (draws.chooser == DrawnBy::random) {
    return fmt::format("{} random order{}, untimed (seed {})", count_text(draws.wanted),
                       draws.wanted == 1 ? "" : "s", draws.seed);
  }
  return fmt::format("{} by pct, untimed (depth {}, seed {})", counted(draws.wanted, "order"), draws.depth,
                     draws.seed);
}

std::string why_incomplete(const ExploredStrategy& strategy) {
  if (!strategy.draws) {
    return strategy.complete ? "" : "a limit came after " + counted(strategy.states, "state");
  }
  const Draws& draws = *strategy.draws;
  if (draws.runs < draws.wanted) return "stopped after " + counted(draws.runs, "run");
  if (draws.incomplete == 0) return "";
  return counted(draws.incomplete, "run") + " met the limit of steps, not judged";
}

const models::Setup& setup_of(const scenarios::Scenario& scenario, const Witness& witness) {
  return witness.reduced ? witness.reduced->scenario.setup : scenario.setup;
}

std::string_view reduction_text(const Witness& witness) {
  if (!witness.reduced) return "";
  return witness.reduced->minimal ? "minimal" : "locally minimal";
}

}  // namespace cacherace::reports
