#include "reports/json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using Json = nlohmann::ordered_json;
using namespace scenarios;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

struct FigureToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(std::uint64_t count) const { return count; }
  Json operator()(std::int64_t ns) const { return ns; }
  Json operator()(double ratio) const { return ratio; }
  Json operator()(const Estimate& p) const {
    return {{"estimate", or_null(p.estimate)},
            {"low", or_null(p.low)},
            {"high", or_null(p.high)},
            {"confidence", confidence},
            {"method", p.method}};
  }
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

// Counts and nanoseconds without a point, ratios with one.
Json number(double value) {
  constexpr double exact_max = 9007199254740992.0;
  if (value == std::trunc(value) && std::abs(value) <= exact_max) return static_cast<std::int64_t>(value);
  return value;
}

Json parameters(const StrategyChoice& strategy) {
  Json object = Json::object();
  for (const auto& parameter : strategy.parameters.declared()) {
    const std::string name(parameter.name);
    const std::int64_t raw = strategy.parameters.raw(parameter.name);
    switch (parameter.kind) {
      case strategies::ParameterKind::duration:
        object[name + "_ns"] = raw;
        break;
      case strategies::ParameterKind::flag:
        object[name] = raw != 0;
        break;
      case strategies::ParameterKind::count:
        object[name] = raw;
        break;
      case strategies::ParameterKind::choice:
        object[name] = parameter_text(parameter, raw);
        break;
    }
  }
  return object;
}

Json expectation(const CheckedExpectation& checked) {
  const Expectation& expected = checked.expectation;
  Json object = {{"strategy", expected.strategy}};
  if (expected.command != "run") object["command"] = expected.command;
  if (!expected.mode.empty()) object["mode"] = expected.mode;
  object["figure"] = expected.figure;
  object[std::string(comparison_name(expected.comparison))] =
      expected.bound_is_flag ? Json(expected.bound != 0.0) : number(expected.bound);
  object["observed"] = checked.observed ? number(*checked.observed) : Json(nullptr);
  object["verdict"] = verdict_name(checked.verdict);
  if (!checked.remark.empty()) object["remark"] = checked.remark;
  return object;
}

Json strategy_result(const RunResult& result, const StrategyResult& strategy, const Source& source) {
  Json object = {{"strategy", strategy.strategy.info->name},
                 {"parameters", parameters(strategy.strategy)},
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
  object["expectations"] = Json::array();
  for (const auto& checked : strategy.expectations) object["expectations"].push_back(expectation(checked));
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
  constexpr int indent = 2;
  return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cacherace::reports
