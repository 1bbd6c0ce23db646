#include "reports/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "reports/json_parts.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

struct FigureToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(std::uint64_t count) const { return count; }
  Json operator()(std::int64_t ns) const { return ns; }
  Json operator()(double ratio) const { return ratio; }
  Json operator()(const Estimate& p) const { return json_of_estimate(p); }
};

// The place in `object` that the path names; what is missing on the way is made.
Json& place(Json& object, std::string_view path) {
  Json* at = &object;
  while (true) {
    const auto dot = path.find('.');
    at = &(*at)[std::string(path.substr(0, dot))];
    if (dot == std::string_view::npos) return *at;
    path.remove_prefix(dot + 1);
  }
}

Json strategy_result(const RunResult& result, const StrategyResult& strategy, const Source& source) {
  Json object = {{"strategy", strategy.strategy.info->name},
                 {"parameters", json_of_parameters(strategy.strategy)},
                 {"runs", strategy.runs}};
  for_each_figure(strategy, [&object](std::string_view path, const FigureValue& value) {
    place(object, path) = std::visit(FigureToJson{}, value);
  });
  object["first_violation"] = nullptr;
  if (const auto& violation = strategy.first_violation) {
    object["first_violation"] = {
        {"run", violation->run},
        {"kind", violation->kind},
        {"replay", replay_command(result, strategy.strategy, violation->run, source)}};
  }
  object["expectations"] = json_of_expectations(strategy.expectations);
  return object;
}

}  // namespace

std::string run_document(const RunResult& result, const Source& source) {
  Json document = {{"cacherace", source.version}, {"command", "run"},    {"scenario", result.scenario},
                   {"seed", result.seed},         {"runs", result.runs}, {"complete", result.complete},
                   {"strategies", Json::array()}};
  for (const auto& strategy : result.strategies) {
    document["strategies"].push_back(strategy_result(result, strategy, source));
  }
  document["verdict"] = verdict_name(result.verdict);
  return text_of(document);
}

}  // namespace cacherace::reports
