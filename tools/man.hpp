// The manual page, made of the command line's declarations.
#pragma once

#include <string>
#include <vector>

#include "tools/syntax.hpp"

namespace cacherace::tools {

// For `man`, in roff; only ASCII. Commands as syntax_of() gives them.
std::string man_page(const std::vector<CommandSyntax>& commands, const std::string& version);

}  // namespace cacherace::tools
