// The command line as a whole: which subcommand, and nothing that none of them knows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/suggest.hpp"
#include "tools/commands.hpp"
#include "tools/help.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Finds the races between a Redis cache and a MySQL database.

  cacherace run side-by-side                     seven strategies on the same latencies
  cacherace init                                 writes scenario.json, a scenario to change
  cacherace run scenario.json                    how often does each of its strategies go wrong?
  cacherace explore scenario.json --untimed      every order of commands: can it go wrong at all?
  cacherace tune article/late-reader --exact     how long must the sleep be?
  cacherace matrix field/all --clients 1w2r      strategies × faults: what breaks which
  cacherace explain delayed-double-delete        what a strategy does, and where it breaks
  cacherace list scenarios                       the scenarios that ship

`cacherace COMMAND --help` has the examples and options of each.
)";

using Names = std::vector<std::string>;

std::string unknown(std::string_view what, std::string_view wrong, const Names& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  return fmt::format("unknown {} {}; {}", what, scenarios::quoted(wrong),
                     scenarios::remedy_for_name(wrong, views));
}

Names option_names(const CLI::App& app) {
  Names names;
  for (const auto* option : app.get_options()) {
    if (!option->get_lnames().empty()) names.push_back("--" + option->get_lnames().front());
  }
  return names;
}

// Complains about what no option and no argument took. Values behind an unknown option are its own.
bool complain_about_rest(const CLI::App& app) {
  const auto rest = app.remaining();
  bool any_option = false;
  for (const auto& word : rest) {
    if (word.size() < 2 || word.front() != '-') continue;
    complain(unknown("option", word.substr(0, word.find('=')), option_names(app)));
    any_option = true;
  }
  if (any_option) return true;
  for (const auto& word : rest) complain(fmt::format("unexpected argument {}", scenarios::quoted(word)));
  return !rest.empty();
}

// Without a subcommand: what was typed instead of one.
ExitStatus complain_about_command(const CLI::App& app, const std::vector<Subcommand>& commands) {
  const auto rest = app.remaining();
  if (rest.empty()) {
    complain("expected a command; \"cacherace --help\" shows them");
  } else if (rest.front().starts_with('-')) {
    complain(unknown("option", rest.front(), option_names(app)));
  } else {
    Names names;
    for (const auto& command : commands) names.push_back(command.app->get_name());
    complain(unknown("command", rest.front(), names));
  }
  return ExitStatus::bad_input;
}

ExitStatus act(CLI::App& app, const std::vector<Subcommand>& commands) {
  const auto typed =
      std::ranges::find_if(commands, [](const auto& command) { return command.app->parsed(); });
  if (typed == commands.end()) return complain_about_command(app, commands);
  const bool any_rest = complain_about_rest(app);
  if (complain_about_rest(*typed->app) || any_rest) return ExitStatus::bad_input;
  return typed->act();
}

ExitStatus run_command(int argc, char** argv) {
  CLI::App app(help, "cacherace");
  app.set_version_flag("--version", std::string("cacherace ") + CACHERACE_VERSION,
                       "prints the version and does nothing else");
  app.require_subcommand(0, 1);
  app.formatter(std::make_shared<Help>());
  const std::vector<Subcommand> commands = {
      add_run(app),    add_explore(app),  add_tune(app),        add_matrix(app), add_replay(app),
      add_check(app),  add_compare(app),  add_list(app),        add_init(app),   add_explain(app),
      add_schema(app), add_validate(app), add_completions(app), add_man(app)};
  app.allow_extras();
  for (const auto& command : commands) command.app->allow_extras();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    std::ostringstream text;
    app.exit(asked, text, text);
    return print(text.str()) ? ExitStatus::ok : ExitStatus::bad_input;
  } catch (const CLI::ParseError& error) {
    bool told = false;
    for (const auto& command : commands)
      told = (command.app->parsed() && complain_about_rest(*command.app)) || told;
    if (!told) complain(error.what());
    return ExitStatus::bad_input;
  }
  return act(app, commands);
}

}  // namespace
}  // namespace cacherace::tools

int main(int argc, char** argv) {
  namespace tools = cacherace::tools;
  try {
    return static_cast<int>(tools::run_command(argc, argv));
  } catch (const std::bad_alloc&) {
    tools::complain("not enough memory; fewer clients, or --jobs 1, need less");
  } catch (const std::exception& error) {
    tools::complain(std::string("internal fault: ") + error.what());
  } catch (...) {
    tools::complain("internal fault");
  }
  return static_cast<int>(tools::ExitStatus::internal);
}
