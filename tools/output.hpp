// What goes to the standard streams.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/table.hpp"
#include "scenarios/reader.hpp"

namespace cacherace::tools {

// "cacherace: TEXT" on standard error.
void complain(std::string_view text);
void complain(const std::vector<scenarios::Fault>& faults);

// Text on standard output. False where it could not be written (told on standard error); a reader that has
// gone away (`| head`) is no failure.
bool print(std::string_view text);

// Whether standard output takes colours: a terminal, and neither NO_COLOR nor TERM=dumb.
reports::Paint paint_of_stdout();

// Whether standard error shows a line that is written over again and again.
bool stderr_is_live();

}  // namespace cacherace::tools
