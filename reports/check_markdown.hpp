// A result of `check` as Markdown, for an issue or a pull request.
#pragma once

#include <string>

#include "reports/check.hpp"

namespace cacherace::reports {

std::string check_markdown(const CheckResult& result);

}  // namespace cacherace::reports
