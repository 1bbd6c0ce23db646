// The command line as data, read from its declarations: what completions and the manual are made of.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cacherace::tools {

// What may stand for a value.
struct Values {
  std::vector<std::string> words;  // in order; empty: anything
  bool files = false;              // … or a file
};

struct OptionSyntax {
  std::string name;         // "--format"; "SCENARIO" of an argument
  std::string value;        // "FILE"; empty: it takes none
  std::string description;  // one line
  bool repeatable = false;
  Values values;
};

struct CommandSyntax {
  std::string name;
  std::string summary;  // the first sentence of its help
  std::string help;     // all of it
  std::vector<OptionSyntax> options;
  std::vector<OptionSyntax> arguments;
};

// Of the command as a whole (name "cacherace") first, then of each subcommand.
std::vector<CommandSyntax> syntax_of(const CLI::App& app);

}  // namespace cacherace::tools
