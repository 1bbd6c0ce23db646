// cacherace schema: the JSON Schema of scenarios.
#include "scenarios/schema.hpp"

#include "tools/commands.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Prints the JSON Schema of scenarios, for editors and checks of your own.

  cacherace schema > scenario.schema.json
)";

ExitStatus print_schema() {
  std::string text = scenarios::scenario_schema();
  if (!text.ends_with('\n')) text += '\n';
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_schema(CLI::App& parent) {
  return {parent.add_subcommand("schema", help), print_schema};
}

}  // namespace cacherace::tools
