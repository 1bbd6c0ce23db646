// The result of `matrix` as a page for a browser (reports/page.hpp): the table, coloured, and behind each
// cell the shortest way to what is worst in it.
#pragma once

#include <string>

#include "exploration/matrix.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

std::string matrix_page(const exploration::MatrixResult& result, const Source& source);

}  // namespace cacherace::reports
