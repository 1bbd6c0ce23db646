// Two results of `run` against each other: what `cacherace compare` finds out.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reports/fail_on.hpp"
#include "reports/saved_result.hpp"
#include "scenarios/difference.hpp"
#include "scenarios/pairs.hpp"

namespace cacherace::reports {

// How much one figure differs. The difference is B - A; it has an interval where there is one to be had.
struct FigureChange {
  const scenarios::Figure* figure;
  std::optional<double> a, b;
  std::optional<scenarios::Difference> difference;
};

struct CheckedFailOn {
  const FailOn* condition;
  scenarios::ExpectationVerdict verdict;
  std::optional<double> observed;  // the change: a share of A's value, or as the figure is
  std::string remark;              // of undecided: what would decide
};

// How the two sides belong together.
enum class Pairing : std::uint8_t {
  apart,      // by their figures alone
  paired,     // run again, and compared run by run
  identical,  // run again: the same strategy of the same scenario, so the difference is 0
};

struct ComparedStrategy {
  std::string label_a, label_b;  // NAME:parameter=value,…
  Pairing pairing = Pairing::apart;
  std::uint64_t pairs = 0;            // of runs
  std::vector<FigureChange> changes;  // of all figures of `run`, in their order
  std::vector<CheckedFailOn> conditions;
};

struct Comparison {
  const SavedResult* a;
  const SavedResult* b;
  bool complete = true;
  bool of_different_scenarios = false;
  std::vector<ComparedStrategy> strategies;
  std::vector<std::string> remarks;
  scenarios::ResultVerdict verdict = scenarios::ResultVerdict::held;
};

struct CompareOptions {
  std::optional<std::string> strategy, against;  // of A and of B: a name, or NAME:parameter=value,…
  bool different_scenarios = false;              // allowed
  std::vector<FailOn> fail_on;
  std::string version;  // of this cacherace
  scenarios::ExperimentOptions runs;
};

// Strategies of one name and the same parameters belong together; so do the only ones of both sides. Where
// the scenario is known the runs are repeated, which also proves that a result belongs to it. `a`, `b` and
// `options` must outlive the comparison. Or why the two cannot be compared, and the remedy.
std::variant<Comparison, std::string> compare(const SavedResult& a, const SavedResult& b,
                                              const CompareOptions& options);

}  // namespace cacherace::reports
