// The names of verdicts and comparisons, in documents and in sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/table.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// "at_most" …
std::string_view comparison_name(scenarios::Comparison comparison);
// "held" …
std::string_view verdict_name(scenarios::ExpectationVerdict verdict);
std::string_view verdict_name(scenarios::ResultVerdict verdict);

// A name of a document as words: "late_fill" -> "late fill".
std::string spaced(std::string_view name);

// A figure of a result in words: "stale reads" of "reads.stale_share"; of one that nobody named its path.
std::string_view figure_words(std::string_view path);

// The bound of an expectation, exactly: "0.001", "500 ms", "10000001ns (10 ms)", "false".
std::string bound_text(const scenarios::Expectation& expected);

// The expectation and what was observed: "write-then-delete: stuck.probability is 0.0048, expected at most
// 0.001".
std::string expectation_text(std::string_view strategy, const scenarios::CheckedExpectation& checked);

// The expectations of one strategy, and its name.
struct ExpectationsOf {
  std::string strategy;
  const std::vector<scenarios::CheckedExpectation>* checked;
};
using Expectations = std::vector<ExpectationsOf>;

// How many hold, and those that do not. Every line ends; empty where there is none.
std::string expectations_text(const Expectations& expectations, Paint paint);

}  // namespace cacherace::reports
