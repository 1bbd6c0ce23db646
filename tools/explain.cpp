// cacherace explain: what a strategy does, who runs it, and where it breaks.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "scenarios/suggest.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

using strategies::ParameterInfo;
using strategies::ParameterKind;
using strategies::StrategyInfo;

constexpr const char* help = R"(Explains a strategy: its steps, who runs it, its hole, its parameters.

  cacherace explain delayed-double-delete
  cacherace explain ours shop.json
  cacherace list strategies
)";

constexpr std::size_t indent = 10;

// A strategy that a scenario defines says nothing about some of its sections.
std::string section(std::string_view word, std::string_view text) {
  if (text.empty()) return "";
  return fmt::format("{:<{}}", word, indent) + reports::paragraph(text, indent);
}

std::string steps(std::string_view word, const std::vector<std::string_view>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += section(i == 0 ? word : "", fmt::format("{}. {}", i + 1, lines[i]));
  }
  return text;
}

std::string values(const ParameterInfo& parameter) {
  switch (parameter.kind) {
    case ParameterKind::duration:
      return "a duration";
    case ParameterKind::flag:
      return "true or false";
    case ParameterKind::count:
      return "a count";
    case ParameterKind::choice:
      break;
  }
  std::string text;
  for (const auto choice : parameter.choices) text += (text.empty() ? "" : " or ") + std::string(choice);
  return text;
}

std::string parameters(const StrategyInfo& info) {
  if (info.parameters.empty()) return "It has no parameters.\n";
  using reports::Align;
  reports::Table table({{"parameter", Align::left},
                        {"default", Align::left},
                        {"values", Align::left},
                        {"meaning", Align::left}});
  for (const auto& parameter : info.parameters) {
    table.add({{std::string(parameter.name)},
               {reports::parameter_text(parameter, parameter.fallback)},
               {values(parameter)},
               {std::string(parameter.meaning)}});
  }
  return table.text();
}

// The value to show in an example: not the default.
std::int64_t example_value(const ParameterInfo& parameter) {
  switch (parameter.kind) {
    case ParameterKind::duration:
      return parameter.fallback == 0 ? 1'000'000 : parameter.fallback * 2;
    case ParameterKind::flag:
      return parameter.fallback == 0 ? 1 : 0;
    case ParameterKind::count:
      return parameter.fallback + 1;
    case ParameterKind::choice:
      break;
  }
  return parameter.fallback == 0 && parameter.choices.size() > 1 ? 1 : 0;
}

std::string example(scenarios::StrategyChoice choice, const std::string& scenario) {
  if (!choice.info->parameters.empty()) {
    const auto& first = choice.info->parameters.front();
    choice.parameters.set_raw(first.name, example_value(first));
  }
  return fmt::format("Try it:   cacherace run {} --strategy {}\n",
                     scenario.empty() ? "side-by-side" : reports::shell_word(scenario),
                     reports::strategy_argument(choice));
}

// `path`: of a scenario that may define the strategy, or empty.
ExitStatus explain(const std::string& name, const std::string& path) {
  scenarios::OwnStrategies own;
  if (!path.empty()) {
    auto scenario = load_or_complain(path);
    if (!scenario) return ExitStatus::bad_input;
    own = std::move(scenario->own_strategies);
  }
  const auto choice = scenarios::choose_strategy(name, own);
  if (!choice) {
    std::vector<std::string_view> names;
    for (const auto& known : scenarios::every_strategy(own)) names.push_back(known.info->name);
    complain(fmt::format("unknown strategy {}; {}", scenarios::quoted(name),
                         scenarios::remedy_for_name(name, names)));
    return ExitStatus::bad_input;
  }
  const StrategyInfo& info = *choice->info;
  std::string text = fmt::format("{}: {}\n\n", info.name, info.summary);
  text += steps("write", info.writing) + steps("read", info.reading) + "\n";
  const std::string facts = section("users", info.users) + section("hole", info.hole);
  text += facts + (facts.empty() ? "" : "\n") + parameters(info) + "\n";
  text += example(*choice, choice->own ? path : "");
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_explain(CLI::App& parent) {
  Declaration declare(parent, "explain", help);
  const auto name = std::make_shared<std::string>();
  const auto scenario = std::make_shared<std::string>();
  declare.argument("STRATEGY", *name, "its name: see `cacherace list strategies`");
  declare.argument_or_none("SCENARIO", *scenario,
                           "of a strategy of your own: the scenario that defines its steps");
  return {declare.app(), [name, scenario] { return explain(*name, *scenario); }};
}

}  // namespace cacherace::tools
