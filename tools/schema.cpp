// cacherace schema: the JSON Schemas that ship.
#include "scenarios/schema.hpp"

#include <array>
#include <memory>

#include "reports/check_json.hpp"
#include "reports/compare.hpp"
#include "reports/matrix.hpp"
#include "reports/replay.hpp"
#include "reports/risk.hpp"
#include "reports/sweep.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Prints the JSON Schema of scenarios, for editors and checks of your own.

  cacherace schema > scenario.schema.json
  cacherace schema check                         that of `check --format json`
  cacherace schema compare                       that of `compare --format json`
  cacherace schema matrix                        that of `matrix --format json`
  cacherace schema replay                        that of `replay --format json`
  cacherace schema sweep                         that of `run --sweep … --format json`
  cacherace schema tune                          that of `tune --format json`
)";

constexpr std::array<std::string_view, 7> topics = {"scenario", "check", "compare", "matrix",
                                                    "replay",   "sweep", "tune"};

ExitStatus print_schema(const OptionText& topic) {
  OptionReader reader;
  const std::size_t chosen = reader.choice("schema", topic, topics);
  if (!reader.sound()) return ExitStatus::bad_input;
  std::string text;
  if (chosen == 0) text = scenarios::scenario_schema();
  if (chosen == 1) text = reports::check_schema();
  if (chosen == 2) text = reports::compare_schema();
  if (chosen == 3) text = reports::matrix_schema();
  if (chosen == 4) text = reports::replay_schema();
  if (chosen == 5) text = reports::sweep_schema();
  if (chosen == 6) text = reports::tune_schema();
  if (!text.ends_with('\n')) text += '\n';
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_schema(CLI::App& parent) {
  Declaration declare(parent, "schema", help);
  const auto topic = std::make_shared<OptionText>();
  declare.argument_or_none("TOPIC", *topic, topics, "the schema of what (default: of a scenario)");
  return {declare.app(), [topic] { return print_schema(*topic); }};
}

}  // namespace cacherace::tools
