// The sentences of `compare`, and the figures that its tables show.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// "base.json, delayed-double-delete:sleep=500ms, against new.json, delayed-double-delete:sleep=300ms".
std::string sides_text(const Comparison& comparison, const ComparedStrategy& strategy);
// How the two sides were taken together: "the same 10,000 runs on both sides".
std::string pairing_text(const ComparedStrategy& strategy);

// One line of a table.
struct ChangeRow {
  std::string figure, a, b;
  std::string change;     // with its interval where there is one
  std::string judgement;  // "better", "worse", "not told apart"; empty where nothing is known
  Colour colour = Colour::none;
};
// The figures that people decide by, and those that a condition names.
std::vector<ChangeRow> change_rows(const ComparedStrategy& strategy);

// That of the figure of one of the strategy's conditions.
ChangeRow change_row(const ComparedStrategy& strategy, const FailOn& condition);

// "failed: stuck.probability > +10%: it is +34 %", one for each condition.
std::string condition_text(const CheckedFailOn& checked);

}  // namespace cacherace::reports
