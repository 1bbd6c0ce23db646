#include <fmt/format.h>

#include <array>

#include "reports/json_parts.hpp"
#include "reports/risk.hpp"
#include "reports/risk_words.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using scenarios::StrategyResult;

constexpr double error_of_each = 0.005;  // what the joint confidence leaves, halved

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json nanos_or_null(const std::optional<sim::Duration>& value) {
  return value ? Json(sim::nanos(*value)) : Json(nullptr);
}

Json json_of_risk(const RiskEstimate& estimate) {
  Json object = json_of_estimate({estimate.estimate, estimate.low, estimate.high, estimate.method});
  object["settled"] = estimate.settled;
  return object;
}

Json latency_of(const StrategyResult& result) {
  return {
      {"write",
       {{"p50_ns", or_null(result.write_latency.p50_ns)}, {"p99_ns", or_null(result.write_latency.p99_ns)}}}};
}

Json points_of(const RiskResult& result) {
  Json points = Json::array();
  for (std::size_t i = 0; i < result.sample.points.size(); ++i) {
    const RiskPoint& point = result.sample.points[i];
    Json object = {{"value_ns", sim::nanos(point.value)},
                   {"risk", json_of_risk(point.at)},
                   {"risk_from_here_on", json_of_risk(point.from)},
                   {"latency", nullptr},
                   {"state_time_share", nullptr}};
    if (i < result.costs.size()) {
      object["latency"] = latency_of(result.costs[i]);
      object["state_time_share"] = or_null(result.costs[i].state_time_share);
    }
    points.push_back(std::move(object));
  }
  return points;
}

// Neighbouring values that are unsafe, each measured.
Json unsafe_intervals(const RiskResult& result) {
  Json intervals = Json::array();
  bool open = false;
  for (const RiskPoint& point : result.sample.points) {
    const bool unsafe = point.at.is_above(result.risk);
    const std::int64_t ns = sim::nanos(point.value);
    if (unsafe && open) intervals.back()["to_ns"] = ns;
    if (unsafe && !open) intervals.push_back({{"from_ns", ns}, {"to_ns", ns}});
    open = unsafe;
  }
  return intervals;
}

Json cover_of_runs(const scenarios::Scenario& scenario, const RiskResult& result) {
  Json terms = Json::array();
  for (const CoverTerm& term : cover_terms(scenario, result)) {
    terms.push_back({{"leg", term.what}, {"median_ns", term.ns}});
  }
  return {
      {"runs", result.cover.runs}, {"median_ns", sim::nanos(result.cover.sum)}, {"terms", std::move(terms)}};
}

Json instead_of(const RiskResult& result) {
  Json list = Json::array();
  for (const StrategyResult& other : result.instead) {
    list.push_back({{"strategy", other.strategy.info->name},
                    {"parameters", json_of_parameters(other.strategy)},
                    {"runs", other.runs},
                    {"stuck", json_of_estimate(other.stuck)},
                    {"stale_share", json_of_estimate(other.stale_share)},
                    {"heals_after_max_ns", or_null(other.heals_after.max_ns)},
                    {"latency", latency_of(other)},
                    {"state_time_share", or_null(other.state_time_share)}});
  }
  return list;
}

Json sample_of(const RiskSample& sample) {
  constexpr std::array<std::string_view, 3> kinds = {"plain", "importance", "splitting"};
  const bool plain = sample.method == RiskMethod::plain;
  Json object = {{"kind", kinds[static_cast<std::size_t>(sample.method)]}};
  object[plain ? "runs_of_each_value" : "replications"] =
      plain ? Json(sample.runs) : Json(sample.replications);
  object["incomplete_runs"] = sample.incomplete_runs;
  return object;
}

}  // namespace

std::string risk_document(const scenarios::Scenario& scenario, const RiskResult& result,
                          const Source& source) {
  Json document = {
      {"cacherace", source.version},
      {"command", "tune"},
      {"scenario", result.scenario},
      {"complete", result.complete()},
      {"strategy", result.strategy.info->name},
      {"parameters", json_of_parameters(result.strategy)},
      {"parameter", result.parameter},
      {"method", "risk"},
      {"property", property_names[index_of(result.property)]},
      {"risk", result.risk},
      {"seed", result.seed},
      {"range", {{"from_ns", sim::nanos(result.range.from)}, {"to_ns", sim::nanos(result.range.to)}}},
      {"safe_ns", nanos_or_null(result.safe())},
      {"unsafe_ns", nanos_or_null(result.unsafe())},
      {"safe_is_exact", result.safe() && result.safe_is_exact()},
      {"impossible_from_ns", nanos_or_null(result.impossible_from)},
      {"stopped_at_ns", nanos_or_null(result.stopped_at)},
      {"resolution_ns", sim::nanos(result.resolution)},
      {"monotone", result.sample.complete ? Json(!result.sample.rises) : Json()},
      {"unsafe_intervals", unsafe_intervals(result)},
      {"confidence",
       {{"joint", scenarios::confidence}, {"safe_error", error_of_each}, {"unsafe_error", error_of_each}}},
      {"sample", sample_of(result.sample)},
      {"covers", cover_of_runs(scenario, result)}};
  if (const auto reason = risk_reason(result); !reason.empty()) document["reason"] = reason;
  document["witness"] = nullptr;
  document["certificate"] = nullptr;
  document["points"] = points_of(result);
  document["instead"] = instead_of(result);
  document["answer"] = risk_answer(scenario, result);
  document["expectations"] = json_of_expectations(result.expectations);
  document["verdict"] = verdict_name(result.verdict);
  return text_of(document);
}

}  // namespace cacherace::reports
