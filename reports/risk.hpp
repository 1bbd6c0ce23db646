// The result of `tune --risk`: as a table for people, as markdown, as a document for programs.
#pragma once

#include <string>

#include "exploration/risk.hpp"
#include "reports/commands.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

std::string risk_table(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                       const Source& source, Paint paint);
std::string risk_markdown(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                          const Source& source);
std::string risk_document(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                          const Source& source);

// The JSON Schema of the documents of `tune`, exact and by risk.
std::string_view tune_schema();

}  // namespace cacherace::reports
