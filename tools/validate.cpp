// cacherace validate: checks scenarios and runs nothing.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "reports/units.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Checks scenarios, tells every fault with its place, and runs nothing.

  cacherace validate shop.json
  cacherace validate scenarios/*.json
)";

ExitStatus validate(const std::vector<std::string>& names) {
  auto status = ExitStatus::ok;
  std::string text;
  for (const auto& name : names) {
    const auto scenario = load_or_complain(name);
    if (!scenario) {
      status = ExitStatus::bad_input;
      continue;
    }
    const std::size_t strategies = scenario->strategies.size();
    text += fmt::format("{}: valid ({} {}, {})\n", name, strategies,
                        strategies == 1 ? "strategy" : "strategies", reports::counted(scenario->runs, "run"));
  }
  return print(text) ? status : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_validate(CLI::App& parent) {
  Declaration declare(parent, "validate", help);
  const auto names = std::make_shared<std::vector<std::string>>();
  declare.arguments("SCENARIO", *names,
                    "files, or names of scenarios that ship: see `cacherace list scenarios`");
  return {declare.app(), [names] { return validate(*names); }};
}

}  // namespace cacherace::tools
