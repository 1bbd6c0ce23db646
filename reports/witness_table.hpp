// A witness as a table: a step a line, and beside it what the stores hold then.
#pragma once

#include <string>

#include "exploration/reason.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// Columns: number (">>" before the step that decides), time where it means anything, who does what, then what
// Redis, the primary, the replicas and the queue hold after it, of those that there are. "!" behind an entry:
// it differs from the primary. Every line ends.
std::string witness_table(const models::Setup& setup, bool has_queue, const exploration::Witness& witness,
                          const exploration::Reason& reason, Paint paint = Paint::plain);

// Whether the strategy hears of writes through the queue.
bool has_queue(const scenarios::StrategyChoice& strategy);

}  // namespace cacherace::reports
