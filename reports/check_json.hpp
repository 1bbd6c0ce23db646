// A result of `check` as the JSON document that `--format json` prints; check.schema.json describes it.
#pragma once

#include <string>
#include <string_view>

#include "reports/check.hpp"

namespace cacherace::reports {

// So many violations and windows of a history are told one by one; the rest is counted.
inline constexpr std::size_t told_of_history_max = 10'000;

// Indented, with a newline at its end. A pure function of its argument.
std::string check_document(const CheckResult& result);

// The JSON Schema of that document.
std::string_view check_schema();

}  // namespace cacherace::reports
