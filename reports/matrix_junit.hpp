// A result of `matrix` as JUnit XML.
#pragma once

#include <string>

#include "exploration/matrix.hpp"
#include "reports/commands.hpp"

namespace cacherace::reports {

// A suite for the scenario, a case for each strategy and fault. Passed where every order was explored and
// none is wrong. Nothing is expected of a matrix, so what it finds is no failure: it is skipped, and tells
// the shortest way and the command that repeats it; so is what only runs can say, and what a strategy cannot
// meet. A cell whose orders were not all explored is an error.
std::string matrix_junit(const exploration::MatrixResult& result, const Source& source);

}  // namespace cacherace::reports
