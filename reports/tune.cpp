#include "reports/tune.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exploration/reason.hpp"
#include "models/roles.hpp"
#include "reports/json_parts.hpp"
#include "reports/reason_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_json.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"
#include "scenarios/simulation.hpp"
#include "sim/unknown.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

std::int64_t nanos_of(const LegBound& bound) {
  return sim::nanos(bound.is_most ? bound.leg.delay.most : -bound.leg.delay.least);
}

// "UPDATE": the command's name without its store.
std::string command_name(models::Command command) {
  const std::string_view name = models::command_names[models::index_of(command)];
  std::string text(name.substr(name.find('.') + 1));
  std::ranges::transform(text, text.begin(),
                         [](char letter) { return static_cast<char>(letter - 'a' + 'A'); });
  return text;
}

std::string leg_words(const Leg& leg, const scenarios::Simulation& simulation) {
  const models::TagParts owner = models::parts_of(leg.tag);
  const std::string name =
      models::is_of_client(owner.actor) ? printable(simulation.client_name(owner.who)) : "";
  const std::string command = leg.command ? command_name(*leg.command) : "command";
  switch (leg.part) {
    case sim::Part::effect:
      return fmt::format("{}'s {} on its way", name, command);
    case sim::Part::reply:
      return fmt::format("the reply to {}'s {}", name, command);
    case sim::Part::opening:
      return fmt::format("{}'s start or thinking", name);
    case sim::Part::sleep:
      return fmt::format("{} stands still", name);
    case sim::Part::delivery:
      return "a message in the queue";
    case sim::Part::expiry:
      return "an entry's time to live";
    default:
      break;
  }
  if (owner.actor == models::Actor::replica) return "replication lag";
  return owner.actor == models::Actor::copy ? "a message's copy" : fmt::format("{}'s late command", name);
}

// The bounds that add up to the greatest unsafe value. Those of 0 ns say nothing.
std::vector<LegBound> terms_of(const TuneResult& result) {
  std::vector<LegBound> terms;
  for (const LegBound& bound : result.threshold.bounds) {
    if (sim::split(bound.leg.delay.most).unknowns == 0 && nanos_of(bound) != 0) terms.push_back(bound);
  }
  std::ranges::stable_sort(terms, std::greater<>(), nanos_of);
  return terms;
}

std::string terms_text(const scenarios::Scenario& scenario, const TuneResult& result) {
  const auto terms = terms_of(result);
  if (terms.empty()) return "";
  const scenarios::Simulation simulation(scenario, result.strategy);
  std::vector<std::pair<std::string, std::string>> lines;  // how long, and what
  std::int64_t sum = 0;
  for (const LegBound& term : terms) {
    const std::int64_t ns = nanos_of(term);
    sum += ns;
    lines.emplace_back(
        fmt::format("{} {}", ns < 0 ? '-' : '+', duration_text(ns < 0 ? -ns : ns)),
        fmt::format("{}, {}", leg_words(term.leg, simulation), term.is_most ? "at most" : "at least"));
  }
  if (sum == sim::nanos(*result.threshold.greatest_unsafe()))
    lines.emplace_back("= " + duration_text(sum), "");
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, line.first.size());
  std::string text = fmt::format("\nWhat {} must cover:\n", result.parameter);
  for (const auto& [how_long, what] : lines) {
    text += fmt::format("  {:>{}}{}{}\n", how_long, width, what.empty() ? "" : "  ", what);
  }
  return text;
}

std::string value_text(sim::Duration value) {
  const std::string exact = exact_duration(sim::nanos(value)), rounded = duration_text(sim::nanos(value));
  std::string compact = rounded;
  std::erase(compact, ' ');
  return exact == compact ? rounded : fmt::format("{} ({})", exact, rounded);
}

std::string range_text(const DurationRange& range) {
  return fmt::format("{} to {}", value_text(range.from), value_text(range.to));
}

// Why there is no safe, or no unsafe value; empty where there are both.
std::string reason_text(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  if (threshold.unsafe.empty()) {
    return fmt::format("no order violates it for any {} from {}", result.parameter, range_text(result.range));
  }
  if (!threshold.safe) {
    return fmt::format("an order violates it up to the end of the range, at {} = {}", result.parameter,
                       value_text(result.range.to));
  }
  return "";
}

}  // namespace

std::string tune_answer(const TuneResult& result) {
  const Threshold& threshold = result.threshold;
  const std::string property = spaced(property_names[index_of(result.property)]);
  std::string text;
  if (!threshold.safe) {
    text = fmt::format("No {} in {} is safe: {}.", result.parameter, range_text(result.range),
                       reason_text(result));
  } else if (threshold.unsafe.empty()) {
    text = fmt::format("Safe already at {} = {}: {}.", result.parameter, value_text(*threshold.safe),
                       reason_text(result));
  } else {
    text = fmt::format(
        "{} = {} is the smallest safe value: from there to {} no feasible order comes to \"{}\". At {} one "
        "does.",
        result.parameter, value_text(*threshold.safe), value_text(result.range.to), property,
        value_text(*threshold.greatest_unsafe()));
  }
  if (!threshold.monotone(result.range)) {
    text += " Larger is not always safer: it is unsafe";
    for (std::size_t i = 0; i < threshold.unsafe.size(); ++i) {
      text += fmt::format("{} from {}", i == 0 ? "" : " and", range_text(threshold.unsafe[i]));
    }
    text += ".";
  }
  return text;
}

std::string tune_text(const scenarios::Scenario& scenario, const TuneResult& result, Paint paint) {
  const Threshold& threshold = result.threshold;
  std::string text = paragraph(fmt::format("{}: {} of {}, exact, against \"{}\"", printable(result.scenario),
                                           result.parameter, result.strategy.info->name,
                                           spaced(property_names[index_of(result.property)])));
  if (!threshold.complete) {
    text += fmt::format("NOT COMPLETE  a limit or an interruption came after {}\n",
                        counted(threshold.searches, "search", "searches"));
  } else {
    text += "\n" + paragraph(tune_answer(result));
    text += terms_text(scenario, result);
    if (threshold.safe) {
      text += fmt::format("\nProved by {}; the last, at the safe value, met {} and {}.\n",
                          counted(threshold.searches + 1, "complete search", "complete searches"),
                          counted(threshold.states, "state"), counted(threshold.classes, "class", "classes"));
    }
  }
  if (threshold.witness) {
    const Reason reason = reason_of(scenario.setup, *threshold.witness, result.property);
    text += fmt::format("\nThe order at {} = {} (>> decides, ! wrong)\n", result.parameter,
                        value_text(*threshold.greatest_unsafe()));
    text += witness_table(scenario.setup, has_queue(result.strategy), *threshold.witness, reason, paint);
    text += "Why: " + paragraph(reason_words(reason, scenario.setup.mysql.replicas) + ".", 5);
  }
  const Expectations expectations = {{std::string(result.strategy.info->name), &result.expectations}};
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  return text;
}

std::string tune_document(const scenarios::Scenario& scenario, const TuneResult& result, const Source& source,
                          const std::string& certificate) {
  const Threshold& threshold = result.threshold;
  const auto nanos_or_null = [](const std::optional<sim::Duration>& value) {
    return value ? Json(sim::nanos(*value)) : Json();
  };
  const scenarios::Simulation simulation(scenario, result.strategy);
  Json intervals = Json::array(), points = Json::array(), covers = Json::array();
  for (const DurationRange& range : threshold.unsafe) {
    intervals.push_back({{"from_ns", sim::nanos(range.from)}, {"to_ns", sim::nanos(range.to)}});
  }
  if (const auto unsafe = threshold.greatest_unsafe()) {
    points.push_back({{"value_ns", sim::nanos(*unsafe)}, {"safe", false}});
  }
  if (threshold.safe) points.push_back({{"value_ns", sim::nanos(*threshold.safe)}, {"safe", true}});
  for (const LegBound& term : terms_of(result)) {
    covers.push_back({{"leg", leg_words(term.leg, simulation)},
                      {"bound", term.is_most ? "at most" : "at least"},
                      {"ns", nanos_of(term)}});
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
  if (threshold.complete && !reason_text(result).empty()) document["reason"] = reason_text(result);
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
