#include "reports/tune.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/json_parts.hpp"
#include "reports/markdown.hpp"
#include "reports/tune_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_json.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// "What sleep must cover", a line for each part; empty where there is nothing to say.
std::string cover_text(const scenarios::Scenario& scenario, const TuneResult& result) {
  const auto lines = tune_cover(scenario, result);
  if (lines.empty()) return "";
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, line.first.size());
  std::string text = fmt::format("\nWhat {} must cover:\n", result.parameter);
  for (const auto& [how_long, what] : lines) {
    text += fmt::format("  {:>{}}{}{}\n", how_long, width, what.empty() ? "" : "  ", what);
  }
  return text;
}

}  // namespace

std::string tune_text(const scenarios::Scenario& scenario, const TuneResult& result, Paint paint) {
  const Threshold& threshold = result.threshold;
  std::string text = paragraph(tune_heading(result));
  if (!threshold.complete) {
    text += fmt::format("NOT COMPLETE  a limit or an interruption came after {}\n",
                        counted(threshold.searches, "search", "searches"));
  } else {
    text += "\n" + paragraph(tune_answer(result)) + cover_text(scenario, result);
    if (const auto proof = tune_proof(result); !proof.empty()) text += "\n" + proof + "\n";
  }
  if (threshold.witness) text += "\n" + tune_way(scenario, result, paint);
  const Expectations expectations = {{std::string(result.strategy.info->name), &result.expectations}};
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  return text;
}

std::string tune_markdown(const scenarios::Scenario& scenario, const TuneResult& result,
                          const Source& source) {
  std::string text =
      fmt::format("# {}\n\n{}\n", markdown_text(tune_heading(result)), markdown_text(tune_answer(result)));
  const std::string proof = result.threshold.complete ? tune_proof(result) : "";
  if (const auto cover = tune_cover(scenario, result); !cover.empty()) {
    text += fmt::format("\n## What {} must cover\n\n| length | of |\n|---|---|\n",
                        markdown_text(result.parameter));
    for (const auto& [length, of] : cover)
      text += fmt::format("| {} | {} |\n", markdown_text(length), markdown_text(of));
  }
  if (!proof.empty()) text += fmt::format("\n{}\n", proof);
  if (result.threshold.witness) {
    text +=
        fmt::format("\n## An order that is not safe\n\n{}\nPlay it:\n\n{}",
                    fenced(tune_way(scenario, result)), fenced(tune_replay_command(result, source) + "\n"));
  }
  if (!result.expectations.empty()) text += "\n## Expectations\n\n";
  for (const auto& checked : result.expectations) {
    text += fmt::format("- **{}** {}\n", verdict_name(checked.verdict),
                        markdown_text(expectation_text(result.strategy.info->name, checked)));
  }
  return text;
}

std::string tune_document(const scenarios::Scenario& scenario, const TuneResult& result, const Source& source,
                          const std::string& certificate) {
  const Threshold& threshold = result.threshold;
  const auto nanos_or_null = [](const std::optional<sim::Duration>& value) {
    return value ? Json(sim::nanos(*value)) : Json();
  };
  Json intervals = Json::array(), points = Json::array(), covers = Json::array();
  for (const DurationRange& range : threshold.unsafe) {
    intervals.push_back({{"from_ns", sim::nanos(range.from)}, {"to_ns", sim::nanos(range.to)}});
  }
  if (const auto unsafe = threshold.greatest_unsafe()) {
    points.push_back({{"value_ns", sim::nanos(*unsafe)}, {"safe", false}});
  }
  if (threshold.safe) points.push_back({{"value_ns", sim::nanos(*threshold.safe)}, {"safe", true}});
  for (const TuneTerm& term : tune_terms(scenario, result)) {
    covers.push_back({{"leg", term.leg}, {"bound", term.is_most ? "at most" : "at least"}, {"ns", term.ns}});
  }
  Json document = {
      {"cacherace", source.version},
      {"command", "tune"},
      {"scenario", result.scenario},
      {"complete", threshold.complete},
      {"strategy", result.strategy.info->name},
      {"parameters", json_of_parameters(result.strategy)},
      {"parameter", result.parameter},
      {"method", "exact"},
      {"property", property_names[index_of(result.property)]},
      {"range", {{"from_ns", sim::nanos(result.range.from)}, {"to_ns", sim::nanos(result.range.to)}}},
      {"safe_ns", nanos_or_null(threshold.safe)},
      {"unsafe_ns", nanos_or_null(threshold.greatest_unsafe())},
      {"resolution_ns", 1},
      {"monotone", threshold.complete ? Json(threshold.monotone(result.range)) : Json()},
      {"unsafe_intervals", std::move(intervals)},
      {"covers", std::move(covers)}};
  if (threshold.complete && !tune_reason(result).empty()) document["reason"] = tune_reason(result);
  document["witness"] =
      threshold.witness ? json_of_witness(scenario, *threshold.witness, result.property) : Json();
  document["certificate"] = Json();
  if (threshold.complete) {
    const auto claim = certificate_of(result);
    document["certificate"] = {
        {"states", claim.states}, {"classes", claim.classes}, {"digest", claim.digest}};
    if (!certificate.empty()) document["certificate"]["file"] = certificate;
  }
  document["points"] = std::move(points);
  document["expectations"] = json_of_expectations(result.expectations);
  document["verdict"] = verdict_name(result.verdict);
  return text_of(document);
}

}  // namespace cacherace::reports
