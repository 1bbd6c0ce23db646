// A result of `tune` as JUnit XML.
#pragma once

#include <string>

#include "exploration/risk.hpp"
#include "exploration/tuning.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

// A suite for the scenario. The first case is the strategy and the property: passed where there is a safe
// value, which it tells; skipped where there surely is none in the range, which fails nothing that the
// scenario expects (the exit status is 0); an error where the answer was not reached. Then a case for each
// expectation, as run_junit.hpp has them. Each tells the order at the greatest unsafe value where there is
// one, and the command that repeats the search.
std::string tune_junit(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                       const Source& source);
std::string risk_junit(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                       const Source& source);

}  // namespace cacherace::reports
