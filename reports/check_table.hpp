// A result of `check` as people read it.
#pragma once

#include <string>

#include "reports/check.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

// Of many histories an overview by file and strategy, and the first ones that are not right in full.
std::string check_table(const CheckResult& result, Paint paint);

// The witness of a key as bars over its time or its places in the log; a line each.
std::string witness_bars(const CheckedHistory& checked, const verify::KeyVerdict& key);

}  // namespace cacherace::reports
