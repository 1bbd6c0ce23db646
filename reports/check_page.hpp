// The result of `check` as a page for a browser (reports/page.hpp): the verdicts, and of the worst histories
// the operations that contradict each other, in time.
#pragma once

#include <string>

#include "reports/check.hpp"

namespace cacherace::reports {

// At most so many histories are drawn, and so many listed; the document has them all.
inline constexpr std::size_t drawn_histories_max = 20;
inline constexpr std::size_t listed_histories_max = 200;

std::string check_page(const CheckResult& result);

}  // namespace cacherace::reports
