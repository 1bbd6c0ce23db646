// What `tune --exact` found, in words that its table, its markdown, its JUnit and its page share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exploration/risk.hpp"
#include "exploration/tuning.hpp"
#include "reports/commands.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// What was asked: the heading.
std::string tune_heading(const exploration::TuneResult& result);

// The answer in a sentence or two, without a line end; where it is not complete, that.
std::string tune_answer(const exploration::TuneResult& result);

// Why there is no safe, or no unsafe value; empty where there are both.
std::string tune_reason(const exploration::TuneResult& result);

// "Proved by 5 complete searches; …", without a line end; empty where there is no safe value.
std::string tune_proof(const exploration::TuneResult& result);

// The bounds that add up to the greatest unsafe value, the longest first; those of 0 ns are left out.
struct TuneTerm {
  std::int64_t ns = 0;  // less than 0: taken off
  std::string leg;      // "the reply to reader's SELECT"
  bool is_most = true;
};
std::vector<TuneTerm> tune_terms(const scenarios::Scenario& scenario, const exploration::TuneResult& result);
// One line for each, "+ 8 ms" and "the reply to reader's SELECT, at most"; where they come to the greatest
// unsafe value, their sum.
std::vector<std::pair<std::string, std::string>> tune_cover(const scenarios::Scenario& scenario,
                                                            const exploration::TuneResult& result);

// The order at the greatest unsafe value as a table, and why it is one. Precondition: there is a witness.
std::string tune_way(const scenarios::Scenario& scenario, const exploration::TuneResult& result,
                     Paint paint = Paint::plain);

// NAME:parameter=value,… as --strategy takes it, without the parameter that the answer is about.
std::string tuned_strategy(const scenarios::StrategyChoice& strategy, std::string_view parameter);

// The command that comes to the same again.
std::string tune_command(const exploration::TuneResult& result, const Source& source);
std::string risk_command(const exploration::RiskResult& result, const Source& source);

// The command that plays the order at the greatest unsafe value. Precondition: there is a witness.
std::string tune_replay_command(const exploration::TuneResult& result, const Source& source);

}  // namespace cacherace::reports
