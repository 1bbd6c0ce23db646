// What `cacherace run` prints for people: one line for each strategy, then what to make of it.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

std::string run_table(const scenarios::RunResult& result, const Source& source, Paint paint = Paint::plain);

}  // namespace cacherace::reports
