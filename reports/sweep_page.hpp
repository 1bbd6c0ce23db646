// The result of a sweep as a page for a browser (reports/page.hpp): the figures that people decide by at each
// point, as plots of one axis and as heat maps of two.
#pragma once

#include <string>

#include "reports/sweep.hpp"

namespace cacherace::reports {

std::string sweep_page(const Sweep& sweep);

}  // namespace cacherace::reports
