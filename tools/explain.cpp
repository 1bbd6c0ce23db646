// cacherace explain: what a strategy does, who runs it, and where it breaks.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "scenarios/suggest.hpp"
#include "strategies/registry.hpp"
#include "tools/commands.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

using strategies::ParameterInfo;
using strategies::ParameterKind;
using strategies::StrategyInfo;

constexpr const char* help = R"(Explains a strategy: its steps, who runs it, its hole, its parameters.

  cacherace explain delayed-double-delete
  cacherace list strategies
)";

constexpr std::size_t indent = 10;

std::string section(std::string_view word, std::string_view text) {
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

std::string example(const StrategyInfo& info) {
  scenarios::StrategyChoice choice{&info, strategies::Parameters(info.parameters)};
  if (!info.parameters.empty()) {
    const auto& first = info.parameters.front();
    choice.parameters.set_raw(first.name, example_value(first));
  }
  return fmt::format("Try it:   cacherace run side-by-side --strategy {}\n",
                     reports::strategy_argument(choice));
}

ExitStatus explain(const std::string& name) {
  const auto* const info = strategies::find_strategy(name);
  if (info == nullptr) {
    std::vector<std::string_view> names;
    for (const auto* known : strategies::all_strategies()) names.push_back(known->name);
    complain(fmt::format("unknown strategy {}; {}", scenarios::quoted(name),
                         scenarios::remedy_for_name(name, names)));
    return ExitStatus::bad_input;
  }
  std::string text = fmt::format("{}: {}\n\n", info->name, info->summary);
  text += steps("write", info->writing) + steps("read", info->reading) + "\n";
  text += section("users", info->users) + section("hole", info->hole) + "\n";
  text += parameters(*info) + "\n" + example(*info);
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_explain(CLI::App& parent) {
  auto* const app = parent.add_subcommand("explain", help);
  const auto name = std::make_shared<std::string>();
  app->add_option("STRATEGY", *name, "its name")->type_name("")->required();
  return {app, [name] { return explain(*name); }};
}

}  // namespace cacherace::tools
