// The subcommands: one file each. Every function adds one to the command line.
#pragma once

#include <functional>

#include "tools/exit_status.hpp"

namespace CLI {
class App;
}

namespace cacherace::tools {

// A subcommand, and what it does once the whole command line was found to be sound.
struct Subcommand {
  CLI::App* app;
  std::function<ExitStatus()> act;
};

Subcommand add_run(CLI::App& parent);
Subcommand add_explore(CLI::App& parent);
Subcommand add_matrix(CLI::App& parent);
Subcommand add_tune(CLI::App& parent);
Subcommand add_replay(CLI::App& parent);
Subcommand add_check(CLI::App& parent);
Subcommand add_compare(CLI::App& parent);
Subcommand add_list(CLI::App& parent);
Subcommand add_init(CLI::App& parent);
Subcommand add_explain(CLI::App& parent);
Subcommand add_schema(CLI::App& parent);
Subcommand add_validate(CLI::App& parent);
Subcommand add_completions(CLI::App& parent);
Subcommand add_man(CLI::App& parent);

}  // namespace cacherace::tools
