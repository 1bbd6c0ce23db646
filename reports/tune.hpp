// The result of `tune --exact`: as a table for people, as markdown, as a document for programs.
#pragma once

#include <string>

#include "exploration/tuning.hpp"
#include "reports/commands.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

std::string tune_text(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                      Paint paint);

std::string tune_markdown(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                          const Source& source);

// `certificate`: the file that it was written to; empty: none.
std::string tune_document(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                          const Source& source, const std::string& certificate);

}  // namespace cacherace::reports
