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

// Several tables below each other where the faults do not fit beside each other. With few violations, those
// are told.
std::string matrix_table(const exploration::MatrixResult& result, const Source& source, Paint paint);
std::string matrix_document(const exploration::MatrixResult& result, const Source& source);
// The JSON Schema of the document.
std::string_view matrix_schema();
std::string matrix_markdown(const exploration::MatrixResult& result);

}  // namespace cacherace::reports
