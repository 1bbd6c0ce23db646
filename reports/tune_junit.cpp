#include "reports/tune_junit.hpp"

#include <fmt/format.h>

#include "reports/expectation_case.hpp"
#include "reports/risk_words.hpp"
#include "reports/tune_words.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// What both methods found, as far as cases need it.
struct Found {
  bool complete, has_safe;
  std::string answer;
  std::string evidence;  // below the answer: what it rests on, and the command
};

// `result`: of either method.
template <class Result>
std::string document_of(const Result& result, const std::string& method, const Found& found) {
  const std::string name = tuned_strategy(result.strategy, result.parameter);
  JunitCase first{.group = name,
                  .name = fmt::format("{}: a safe {}, {}", spaced(property_names[index_of(result.property)]),
                                      result.parameter, method)};
  if (!found.complete) {
    first.outcome = JunitOutcome::error;
    first.type = "incomplete";
  } else if (!found.has_safe) {
    first.outcome = JunitOutcome::skipped;
  }
  const bool passed = first.outcome == JunitOutcome::passed;
  if (!passed) first.message = found.answer;
  first.text = (passed ? found.answer + "\n" : "") + found.evidence;
  std::vector<JunitCase> cases = {std::move(first)};
  for (const auto& checked : result.expectations)
    cases.push_back(expectation_case(name, checked, found.answer + "\n" + found.evidence));
  return junit_document(result.scenario, cases);
}

}  // namespace

std::string tune_junit(const scenarios::Scenario& scenario, const TuneResult& result, const Source& source) {
  Found found{result.threshold.complete, result.threshold.safe.has_value(), tune_answer(result), ""};
  if (result.threshold.witness) {
    found.evidence =
        fmt::format("\n{}\nPlay it: {}", tune_way(scenario, result), tune_replay_command(result, source));
  }
  found.evidence += "\nRepeat it: " + tune_command(result, source) + "\n";
  return document_of(result, "exact", found);
}

std::string risk_junit(const scenarios::Scenario& scenario, const RiskResult& result, const Source& source) {
  const auto sentences = risk_answer(scenario, result);
  Found found{result.complete(), result.safe().has_value(), sentences.front(), ""};
  for (std::size_t i = 1; i < sentences.size(); ++i) found.evidence += sentences[i] + "\n";
  if (const auto next = risk_next(scenario, result, source); !next.empty())
    found.evidence += "\nA bad run: " + next;
  found.evidence += "\nRepeat it: " + risk_command(result, source) + "\n";
  return document_of(result, fmt::format("risk {}", result.risk), found);
}

}  // namespace cacherace::reports
