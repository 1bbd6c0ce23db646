// Client histories as JSON Lines: one line for each operation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "scenarios/scenario.hpp"
#include "verify/execution.hpp"

namespace cacherace::reports {

// The operations of one run, in order of invocation; every line ends. `strategy` names it in each line.
std::string history_lines(const verify::Execution& execution, std::string_view strategy, std::uint64_t run);

// What names a strategy in histories: its name; with its parameters where the scenario has the name twice,
// since lines of different strategies are judged apart.
std::string history_name(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy);

// The histories of all runs (or one) of all strategies, run again in order on the calling thread, one run at
// a time. Ends early where `write` returns false.
void for_each_history(const scenarios::Scenario& scenario, std::optional<std::uint64_t> only_run,
                      const std::function<bool(const std::string& lines)>& write);

}  // namespace cacherace::reports
