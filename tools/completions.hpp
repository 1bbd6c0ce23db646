// Completions of the command line for shells, as scripts.
#pragma once

#include <string>
#include <vector>

#include "tools/syntax.hpp"

namespace cacherace::tools {

// Commands as syntax_of() gives them. Every line ends.
std::string bash_completions(const std::vector<CommandSyntax>& commands);
std::string zsh_completions(const std::vector<CommandSyntax>& commands);
std::string fish_completions(const std::vector<CommandSyntax>& commands);

}  // namespace cacherace::tools
