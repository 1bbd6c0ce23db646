// The neighbourhood of a violation as a drawing.
#pragma once

#include <string>

#include "reports/check.hpp"

namespace cacherace::reports {

// The worst key of the first history that is not linearizable: its operations around the violation as bars, a
// lane for each client; the longest order that explains them numbered, the operation that cannot be placed
// and the witness marked. Where every history is linearizable (or undecided), a drawing that says so.
std::string check_svg(const CheckResult& result);

}  // namespace cacherace::reports
