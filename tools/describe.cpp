// cacherace completions, cacherace man: the command line about itself.
#include <array>
#include <memory>

#include "tools/commands.hpp"
#include "tools/completions.hpp"
#include "tools/declare.hpp"
#include "tools/man.hpp"

namespace cacherace::tools {
namespace {

constexpr std::array<std::string_view, 3> shells = {"bash", "zsh", "fish"};

constexpr const char* completions_help =
    R"(Prints a script that completes commands, options, strategies and scenarios.

  source <(cacherace completions bash)
  cacherace completions zsh > ~/.zfunc/_cacherace
  cacherace completions fish > ~/.config/fish/completions/cacherace.fish

An installation brings all three.
)";

constexpr const char* man_help = R"(Prints the manual page.

  cacherace man | man -l -
)";

ExitStatus print_completions(const CLI::App& app, const std::string& shell) {
  OptionReader reader;
  const auto chosen = reader.choice("completions", shell, shells);
  if (!reader.sound()) return ExitStatus::bad_input;
  constexpr std::array<std::string (*)(const std::vector<CommandSyntax>&), shells.size()> writers = {
      bash_completions, zsh_completions, fish_completions};
  return print(writers[chosen](syntax_of(app))) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

// What is declared later is there when it acts, so the order of the commands does not matter.
Subcommand add_completions(CLI::App& parent) {
  Declaration declare(parent, "completions", completions_help);
  const auto shell = std::make_shared<std::string>();
  declare.argument("SHELL", *shell, shells, "the shell that the script is for");
  return {declare.app(), [&parent, shell] { return print_completions(parent, *shell); }};
}

Subcommand add_man(CLI::App& parent) {
  Declaration declare(parent, "man", man_help);
  return {declare.app(), [&parent] {
            return print(man_page(syntax_of(parent), CACHERACE_VERSION)) ? ExitStatus::ok
                                                                         : ExitStatus::bad_input;
          }};
}

}  // namespace cacherace::tools
