// What `tune --risk` found, in sentences that its table and its markdown share.
#pragma once

#include <string>
#include <vector>

#include "exploration/risk.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

// "at most 1 run in 1,000,000".
std::string risk_bound_text(double risk);
// Three digits, rounded outward or to the nearest: "4.28e-10", "0.0568"; "0".
std::string risk_text(double risk);
// "0.00352 (0.00335–0.00374)"; "< 1.5e-11" where none was met.
std::string risk_cell(const exploration::RiskEstimate& estimate);
// "leaves the cache stuck": what a bad run does.
std::string_view bad_words(exploration::Property property);

// What was asked: the heading.
std::string risk_heading(const exploration::RiskResult& result);
// The answer, then what it rests on: a sentence or two each, without line ends.
std::vector<std::string> risk_answer(const scenarios::Scenario& scenario,
                                     const exploration::RiskResult& result);
// Why there is no safe, or no unsafe value, or no answer; empty: there is all that was asked for.
std::string risk_reason(const exploration::RiskResult& result);
// The parts of what the sleep has to cover that say something: "the reply to reader's SELECT".
struct CoverTerm {
  std::int64_t ns = 0;  // less than 0: taken off
  std::string what;
};
std::vector<CoverTerm> cover_terms(const scenarios::Scenario& scenario,
                                   const exploration::RiskResult& result);

// What else there is to do, and its price: one line each.
std::vector<std::string> risk_remarks(const scenarios::Scenario& scenario,
                                      const exploration::RiskResult& result);
// The command that shows a bad run; empty where the runs show none.
std::string risk_next(const scenarios::Scenario& scenario, const exploration::RiskResult& result,
                      const Source& source);

}  // namespace cacherace::reports
