// What `cacherace compare` prints.
#pragma once

#include <string>
#include <string_view>

#include "reports/comparison.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

std::string compare_table(const Comparison& comparison, Paint paint = Paint::plain);
std::string compare_markdown(const Comparison& comparison);
std::string compare_document(const Comparison& comparison, std::string_view version);
// The JSON Schema of that document.
std::string_view compare_schema();

}  // namespace cacherace::reports
