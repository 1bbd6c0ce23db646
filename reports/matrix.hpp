// Strategies × faults as a table, a document and a page.
#pragma once

#include <string>
#include <string_view>

#include "exploration/matrix.hpp"
#include "reports/commands.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// "safe", "stale 6", "stuck 5": the worst, and the steps of the shortest way to it; "-": the strategy cannot
// meet the fault; "?": not all orders were explored, and none was wrong so far.
std::string cell_text(const exploration::MatrixCell& cell);

// The shortest way to the worst of a cell as a table, and why. Precondition: there is one with steps.
std::string cell_way(const exploration::MatrixRow& row, const exploration::MatrixCell& cell,
                     Paint paint = Paint::plain);
// "cold" or "cached": how what is told of the cell begins. Precondition: it has a witness or runs.
std::string_view cell_start(const exploration::MatrixCell& cell);

// The command that makes one cell again.
std::string cell_command(const exploration::MatrixRow& row, const exploration::MatrixFault& fault,
                         const Source& source);

// Several tables below each other where the faults do not fit beside each other. With few violations, those
// are told.
std::string matrix_table(const exploration::MatrixResult& result, const Source& source, Paint paint);
std::string matrix_document(const exploration::MatrixResult& result, const Source& source);
// The JSON Schema of the document.
std::string_view matrix_schema();
std::string matrix_markdown(const exploration::MatrixResult& result, const Source& source);

}  // namespace cacherace::reports
