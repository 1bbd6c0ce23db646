// What `cacherace run` prints for people: one line for each strategy, then what to make of it.
#pragma once

#include <string>
#include <vector>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// The columns of the table, and a strategy's cells in it.
std::vector<Column> figure_columns();
std::vector<Cell> figure_row(const scenarios::StrategyResult& strategy);

// What is missing of the result; empty: nothing. Every line ends.
std::string gaps(const scenarios::RunResult& result);

// Why the cache was wrong, of each strategy; empty: it never was. Every line ends.
std::string causes(const scenarios::RunResult& result);

std::string run_table(const scenarios::RunResult& result, const Source& source, Paint paint = Paint::plain);

}  // namespace cacherace::reports
