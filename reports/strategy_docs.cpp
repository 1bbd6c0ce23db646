#include "reports/strategy_docs.hpp"

#include <fmt/format.h>

#include "reports/commands.hpp"
#include "strategies/registry.hpp"

namespace cacherace::reports {
namespace {

using strategies::StrategyInfo;

constexpr std::string_view introduction = R"(# Strategies

How a service may keep its cache and its database in step, and where each way breaks.
`cacherace explain NAME` says the same in a terminal; `cacherace run side-by-side` shows what it costs.
This page is made from the strategies' own descriptions: after changing one, run the test `StrategyDocs` with
`CACHERACE_UPDATE_DOCS=1`.

| strategy | in a line | known hole |
|---|---|---|
)";

void add_steps(std::string& text, std::string_view title, const std::vector<std::string_view>& steps) {
  text += fmt::format("{}:\n\n", title);
  for (std::size_t i = 0; i < steps.size(); ++i) text += fmt::format("{}. {}\n", i + 1, steps[i]);
  text += '\n';
}

void add_parameters(std::string& text, const StrategyInfo& info) {
  if (info.parameters.empty()) return;
  text += "| parameter | default | meaning |\n|---|---|---|\n";
  for (const auto& parameter : info.parameters) {
    text += fmt::format("| `{}` | `{}` | {} |\n", parameter.name,
                        parameter_text(parameter, parameter.fallback), parameter.meaning);
  }
  text += '\n';
}

void add_section(std::string& text, const StrategyInfo& info) {
  text += fmt::format("## {}\n\n{}\n\n", info.name, info.summary);
  add_steps(text, "A write", info.writing);
  add_steps(text, "A read", info.reading);
  add_parameters(text, info);
  text += fmt::format("Who runs it: {}\n\nHole: {}\n\n", info.users, info.hole);
}

}  // namespace

std::string strategy_rows(std::string_view page) {
  std::string text;
  for (const StrategyInfo* info : strategies::all_strategies()) {
    text += fmt::format("| [{0}]({1}#{0}) | {2} | {3} |\n", info->name, page, info->summary, info->hole);
  }
  return text;
}

std::string strategy_docs() {
  std::string text(introduction);
  text += strategy_rows("");
  text += '\n';
  for (const StrategyInfo* info : strategies::all_strategies()) add_section(text, *info);
  text.pop_back();
  return text;
}

}  // namespace cacherace::reports
