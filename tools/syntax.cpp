#include "tools/syntax.hpp"

#include <CLI/App.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "scenarios/shipped.hpp"
#include "strategies/registry.hpp"

namespace cacherace::tools {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Values values_of(std::string_view name, std::string_view type) {
  if (type.find('|') != std::string_view::npos) return {split(type, '|'), false};
  if (name == "SCENARIO") return {scenarios::shipped_scenario_names(), true};
  if (name == "STRATEGY" || name == "--strategy" || name == "--against") {
    Values values;
    for (const auto* info : strategies::all_strategies()) values.words.emplace_back(info->name);
    return values;
  }
  constexpr std::array<std::string_view, 6> paths = {"FILE", "DIR", "A", "B", "HISTORY", "SCENARIO"};
  const bool is_argument = !name.starts_with('-');
  return {{}, std::ranges::find(paths, is_argument ? name : type) != paths.end()};
}

std::string first_sentence(std::string_view help) {
  const auto line = help.substr(0, help.find_first_of(".:\n"));
  return std::string(line);
}

OptionSyntax option_of(const CLI::Option& option) {
  const bool positional = option.get_positional();
  OptionSyntax syntax;
  syntax.name = positional ? option.get_name() : "--" + option.get_lnames().front();
  syntax.value = option.get_type_name();
  if (option.get_items_expected_max() == 0) syntax.value.clear();
  syntax.description = option.get_description();
  syntax.repeatable = option.get_items_expected_max() > 1;
  syntax.values = values_of(syntax.name, syntax.value);
  return syntax;
}

CommandSyntax command_of(const CLI::App& app) {
  CommandSyntax command{.name = app.get_name(),
                        .summary = first_sentence(app.get_description()),
                        .help = app.get_description(),
                        .options = {},
                        .arguments = {}};
  for (const auto* option : app.get_options()) {
    (option->get_positional() ? command.arguments : command.options).push_back(option_of(*option));
  }
  return command;
}

}  // namespace

std::vector<CommandSyntax> syntax_of(const CLI::App& app) {
  std::vector<CommandSyntax> commands = {command_of(app)};
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(command_of(*sub));
  return commands;
}

}  // namespace cacherace::tools
