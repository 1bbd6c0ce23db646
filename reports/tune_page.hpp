// The result of `tune` as a page for a browser (reports/page.hpp): the answer, the points with a slider over
// them, what the value has to cover, and the violation just below it.
#pragma once

#include <string>

#include "exploration/risk.hpp"
#include "exploration/tuning.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

std::string tune_page(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                      const Source& source);
std::string risk_page(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                      const Source& source);

}  // namespace cacherace::reports
