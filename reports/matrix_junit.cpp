#include "reports/matrix_junit.hpp"

#include <fmt/format.h>

#include "reports/junit.hpp"
#include "reports/matrix.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

std::string share_message(const MatrixCell& cell) {
  const std::string runs = counted(cell.sampled->runs, "run") + " by the scenario's own latencies";
  if (cell.verdict == CellVerdict::unmet)
    return fmt::format("none of {} goes wrong, which proves nothing", runs);
  return fmt::format("{}, of {} from a {} start{}", cell_text(cell), runs, cell_start(cell),
                     cell.without ? "; in brackets, the same without the fault" : "");
}

std::string message_of(const MatrixCell& cell) {
  if (cell.witness) {
    return fmt::format("{} after {}, from a {} start",
                       spaced(property_names[index_of(cell.witness->property)]),
                       counted(cell.witness->witness.steps.size(), "step"), cell_start(cell));
  }
  if (cell.verdict == CellVerdict::not_applicable) return "the strategy cannot meet the fault";
  if (cell.verdict == CellVerdict::unknown) return "none of the orders that were explored is wrong";
  return share_message(cell);
}

JunitCase case_of(const MatrixRow& row, const MatrixFault& fault, const MatrixCell& cell,
                  const Source& source) {
  JunitCase one{.group = strategy_argument(row.strategy), .name = fault.name};
  if (cell.complete && cell.verdict == CellVerdict::safe) return one;
  one.outcome = JunitOutcome::skipped;
  one.message = message_of(cell);
  if (!cell.complete) {
    one.outcome = JunitOutcome::error;
    one.type = "incomplete";
    one.message =
        (fault.by_time ? "not every run came to its end: " : "not all orders were explored: ") + one.message;
  }
  if (cell.complete && cell.verdict == CellVerdict::not_applicable) return one;
  one.text = fmt::format("{}: {}\n", fault.name, fault.meaning);
  if (cell.witness && !cell.witness->witness.steps.empty()) one.text += "\n" + cell_way(row, cell);
  one.text += fmt::format("\nRepeat it: {}\n", cell_command(row, fault, source));
  return one;
}

}  // namespace

std::string matrix_junit(const MatrixResult& result, const Source& source) {
  std::vector<JunitCase> cases;
  for (const MatrixRow& row : result.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      cases.push_back(case_of(row, result.faults[i], row.cells[i], source));
  }
  return junit_document(result.scenario, cases);
}

}  // namespace cacherace::reports
