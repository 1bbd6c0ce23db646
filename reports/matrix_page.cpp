#include "reports/matrix_page.hpp"

#include <fmt/format.h>

#include "reports/matrix.hpp"
#include "reports/page.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// How bad a cell is: one of the page's colours.
std::string_view shade_of(const MatrixCell& cell) {
  switch (cell.verdict) {
    case CellVerdict::not_applicable:
      return "none";
    case CellVerdict::safe:
    case CellVerdict::unmet:
      return "good";
    case CellVerdict::unknown:
      return "unknown";
    case CellVerdict::transient:
      return "unsure";
    default:
      return "bad";
  }
}

Picture picture_of(const MatrixRow& row, const MatrixFault& fault, const CellWitness& found,
                   const Source& source) {
  const std::string strategy = strategy_argument(row.strategy);
  return {.strategy = strategy,
          .properties = {std::string(property_names[index_of(found.property)])},
          .heading = fmt::format("{}, {} start, {}", fault.name,
                                 found.scenario.setup.keys.cached ? "cached" : "cold",
                                 counted(found.witness.steps.size(), "step")),
          .repeat = cell_command(row, fault, source),
          .spacetime = spacetime_of_witness(found.scenario, row.strategy, found.witness, found.property)};
}

}  // namespace

std::string matrix_page(const MatrixResult& result, const Source& source) {
  Json pictures = Json::array(), rows = Json::array();
  for (const MatrixRow& row : result.rows) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const MatrixCell& cell = row.cells[i];
      Json object = {{"words", cell_text(cell)}, {"shade", shade_of(cell)}, {"picture", Json()}};
      if (cell.witness && !cell.witness->witness.steps.empty()) {
        object["picture"] = pictures.size();
        pictures.push_back(json_of(picture_of(row, result.faults[i], *cell.witness, source)));
      }
      cells.push_back(std::move(object));
    }
    rows.push_back({{"strategy", strategy_argument(row.strategy)}, {"cells", std::move(cells)}});
  }
  return page_with({{"command", "matrix"},
                    {"document", Json::parse(matrix_document(result, source))},
                    {"rows", std::move(rows)},
                    {"pictures", std::move(pictures)}});
}

}  // namespace cacherace::reports
