// A result of `check` as JUnit XML.
#pragma once

#include <string>

#include "reports/check.hpp"

namespace cacherace::reports {

// A case for each history and key: a failure where it is not linearizable, an error where it is undecided.
std::string check_junit(const CheckResult& result);

}  // namespace cacherace::reports
