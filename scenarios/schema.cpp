#include "scenarios/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/figures.hpp"
#include "scenarios/shipped.hpp"
#include "strategies/registry.hpp"

namespace cacherace::scenarios {
namespace {

using Json = nlohmann::ordered_json;
using strategies::ParameterInfo;
using strategies::ParameterKind;
using strategies::StrategyInfo;

Json schema_of(const ParameterInfo& parameter) {
  Json schema;
  switch (parameter.kind) {
    case ParameterKind::duration:
      schema["$ref"] = "#/$defs/duration";
      break;
    case ParameterKind::flag:
      schema["type"] = "boolean";
      schema["default"] = parameter.fallback != 0;
      break;
    case ParameterKind::count:
      schema["type"] = "integer";
      schema["minimum"] = 1;
      schema["maximum"] = 1000;
      schema["default"] = parameter.fallback;
      break;
    case ParameterKind::choice:
      schema["enum"] = parameter.choices;
      schema["default"] = parameter.choices[static_cast<std::size_t>(parameter.fallback)];
      break;
  }
  schema["description"] = parameter.meaning;
  if (parameter.kind == ParameterKind::duration) {
    schema["default"] = std::to_string(parameter.fallback) + "ns";
  }
  return schema;
}

Json schema_of(const StrategyInfo& info) {
  Json properties;
  properties["name"] = {{"const", info.name}};
  for (const auto& parameter : info.parameters)
    properties[std::string(parameter.name)] = schema_of(parameter);
  Json schema;
  schema["type"] = "object";
  schema["description"] = info.summary;
  schema["required"] = Json::array({"name"});
  schema["additionalProperties"] = false;
  schema["properties"] = std::move(properties);
  return schema;
}

}  // namespace

std::string scenario_schema() {
  const auto files = embedded_files();
  const auto file = std::ranges::find(files, "scenarios/scenario.schema.json", &EmbeddedFile::path);
  auto schema = Json::parse(file->text);
  auto& definitions = schema["$defs"];
  Json names = Json::array();
  Json with_parameters = Json::array();
  for (const auto* info : strategies::all_strategies()) {
    names.push_back(info->name);
    with_parameters.push_back(schema_of(*info));
  }
  definitions["strategy_name"]["enum"] = std::move(names);
  definitions["strategy_with_parameters"] = {{"description", "A strategy's name and its parameters."},
                                             {"oneOf", std::move(with_parameters)}};
  Json figures = Json::array();
  for (const auto& figure : run_figures()) figures.push_back(figure.path);
  auto is_run = Json::parse(R"({"if": {"properties": {"command": {"const": "run"}}}})");
  is_run["then"] = {{"properties", {{"figure", {{"enum", std::move(figures)}}}}}};
  definitions["expectation"]["allOf"].push_back(std::move(is_run));
  return schema.dump(2) + "\n";
}

}  // namespace cacherace::scenarios
