// What `cacherace run` prints for people: one line for each strategy, then what to make of it.
#pragma once

#include <string>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// `only_run`: the result is of a single run, so there is nothing to compare or to advise.
struct RunTableStyle {
  Paint paint = Paint::plain;
  bool only_run = false;
};

std::string run_table(const scenarios::RunResult& result, const Source& source, RunTableStyle style = {});

}  // namespace cacherace::reports
