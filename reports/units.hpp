// Figures as people read them: few digits, a unit, thousands apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/result.hpp"

namespace cacherace::reports {

enum class Rounding : std::uint8_t { nearest, up, down };

// `value` >= 0 with that many significant digits, without an exponent and without trailing zeros.
std::string significant(double value, int digits, Rounding rounding = Rounding::nearest);

// Three significant digits: "412 ms", "1.25 s", "3.2 µs"; "-" for nothing.
std::string duration_text(std::int64_t ns);
// The same, not rounded: "199.45 ms".
std::string unrounded_duration(std::int64_t ns);
std::string duration_text(std::optional<std::int64_t> ns);

// "12,345".
std::string count_text(std::uint64_t count);
// "1 run", "12,345 runs".
std::string counted(std::uint64_t count, const std::string& noun, const std::string& plural = "");

// A share of 1 in percent, without the sign: "0.48", "12.3", "100".
std::string percent_number(double share, Rounding rounding = Rounding::nearest);
// "0.48 %".
std::string percent_text(double share);

// In percent, without the sign: "0.48 (0.32–0.69)"; "<0.0053" (the upper bound) where none was seen; "-" for
// nothing.
std::string estimate_cell(const scenarios::Estimate& estimate);
// The same without the interval: "0.48", "<0.0053", "-".
std::string estimate_number(const scenarios::Estimate& estimate);
// "0.48 %", "< 0.0053 %" or "-".
std::string estimate_text(const scenarios::Estimate& estimate);

}  // namespace cacherace::reports
