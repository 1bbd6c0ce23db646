// The sentence that says which strategy did best in a result, what it costs, and what to type next.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// The strategy to take here; null where nothing was measured. Of those without a stuck run (none there: of
// those where every stuck entry healed; none there: of all, by how often they are stuck for good) the one
// with the smallest share of stale reads, of equals the one with the smaller write p99.
const scenarios::StrategyResult* best_of(const scenarios::RunResult& result);

// A few sentences about best_of(result): how clean it was and with what confidence, and what it costs. One
// line without an end.
std::string advice(const scenarios::RunResult& result);

// A command that shows the first violation, or asks for more runs where there was none.
std::string next_command(const scenarios::RunResult& result, const Source& source);

}  // namespace cacherace::reports
