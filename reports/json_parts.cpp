#include "reports/json_parts.hpp"

#include <cmath>

#include "reports/commands.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// Counts and nanoseconds without a point, ratios with one.
Json number(double value) {
  constexpr double exact_max = 9007199254740992.0;
  if (value == std::trunc(value) && std::abs(value) <= exact_max) return static_cast<std::int64_t>(value);
  return value;
}

Json expectation(const CheckedExpectation& checked) {
  const Expectation& expected = checked.expectation;
  const auto value = [&](double of) { return expected.bound_is_flag ? Json(of != 0.0) : number(of); };
  Json object = {{"strategy", expected.strategy}};
  if (expected.command != "run") object["command"] = expected.command;
  if (!expected.mode.empty()) object["mode"] = expected.mode;
  object["figure"] = expected.figure;
  object[std::string(comparison_name(expected.comparison))] = value(expected.bound);
  object["observed"] = checked.observed ? value(*checked.observed) : Json(nullptr);
  object["verdict"] = verdict_name(checked.verdict);
  if (!checked.remark.empty()) object["remark"] = checked.remark;
  return object;
}

}  // namespace

Json json_of_parameters(const StrategyChoice& strategy) {
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

Json json_of_expectations(const std::vector<CheckedExpectation>& expectations) {
  Json list = Json::array();
  for (const auto& checked : expectations) list.push_back(expectation(checked));
  return list;
}

Json json_of_estimate(const Estimate& p) {
  const auto or_null = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  return {{"estimate", or_null(p.estimate)},
          {"low", or_null(p.low)},
          {"high", or_null(p.high)},
          {"confidence", confidence},
          {"method", p.method}};
}

Json json_of_fault(const models::Fault& fault) {
  Json about = Json::object();
  if (fault.kind == models::FaultKind::evict || fault.kind == models::FaultKind::expire) {
    about["what"] = models::thing_names[fault.thing];
  }
  if (fault.kind == models::FaultKind::partition) {
    if (fault.link == models::Link::client_store) {
      about["between"] = {*fault.client,
                          std::string(models::store_names[static_cast<std::size_t>(fault.store)])};
      about["after_ns"] = sim::nanos(fault.after);
    } else {
      about["between"] = models::link_names[static_cast<std::size_t>(fault.link)];
    }
  }
  if (fault.replica) about["replica"] = *fault.replica + 1;
  if (fault.kind == models::FaultKind::clock_jump) about["by_ns"] = sim::nanos(fault.by);
  if (fault.command) about["command"] = models::command_names[models::index_of(*fault.command)];
  if (fault.client && fault.kind != models::FaultKind::partition) about["client"] = *fault.client;
  if (fault.occurrence) about["occurrence"] = *fault.occurrence;
  if (fault.probability) about["probability"] = *fault.probability;
  if (fault.time) about["count"] = fault.count;
  return {{models::fault_names[static_cast<std::size_t>(fault.kind)], std::move(about)}};
}

std::string text_of(const Json& document) {
  constexpr int indent = 2;
  return document.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cacherace::reports
