#include "reports/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exploration/past.hpp"
#include "reports/draw_words.hpp"
#include "reports/explore_markdown.hpp"
#include "reports/explore_words.hpp"
#include "reports/json_parts.hpp"
#include "reports/markdown.hpp"
#include "reports/sequence_diagram.hpp"
#include "reports/spacetime.hpp"
#include "reports/steps.hpp"
#include "reports/telling.hpp"
#include "reports/units.hpp"
#include "reports/witness_json.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// What led to each of its violations, in the form in which exploration has it.
ExploredStrategy traced(const Played& played) {
  ExploredStrategy strategy{.strategy = played.strategy, .timed = played.timed};
  if (!why_not_traced(played).empty()) return strategy;
  const auto name = [&](std::uint32_t client) { return played.name(client); };
  for (std::size_t i = 0; i < played.violations.size(); ++i) {
    if (!played.violations[i]) continue;
    Witness witness =
        tell_past(played.scenario.setup, played.records, played.end, static_cast<Property>(i), name);
    witness.timed = played.timed;
    if (!witness.steps.empty()) strategy.witnesses[i] = std::move(witness);
  }
  return strategy;
}

Json json_of(const Contents& held, bool has_queue) {
  Json object = {{"key", held.key},
                 {"redis", held.redis.empty() ? Json() : Json(held.redis)},
                 {"mysql", held.primary},
                 {"replicas", held.replicas}};
  if (has_queue) object["queue"] = held.queue;
  return object;
}

Json json_of_steps(const Telling& telling) {
  Json steps = Json::array();
  for (const TellingLine& line : telling.lines) {
    if (line.kind != LineKind::step) continue;
    Json step = {{telling.timed ? "at_ns" : "step_number", line.at}, {"who", line.who}, {"step", line.words}};
    if (line.held) step["holds"] = json_of(*line.held, telling.has_queue);
    if (line.violates) step["violates"] = true;
    steps.push_back(std::move(step));
  }
  return steps;
}

Json json_of_windows(const verify::Verdict& verdict) {
  Json windows = Json::array();
  for (const verify::Window& window : verdict.windows) {
    windows.push_back({{"key", fmt::format("k{}", window.key)},
                       {"from_ns", window.from},
                       {"to_ns", window.to},
                       {"open_at_end", window.open},
                       {"cause", verify::cause_names[static_cast<std::size_t>(window.cause)]}});
  }
  return windows;
}

Json json_of_violations(const Played& played) {
  Json all = Json::object();
  const ExploredStrategy strategy = traced(played);
  for (std::size_t i = 0; i < played.violations.size(); ++i) {
    if (!played.violations[i]) continue;
    const auto& witness = strategy.witnesses[i];
    auto& one = all[std::string(property_names[i])];
    if (!witness) continue;  // null: it is so, and what led to it is not told
    one = json_of_witness(played.scenario, *witness, static_cast<Property>(i));
    one.erase("schedule");
  }
  return all;
}

}  // namespace

std::string why_not_traced(const Played& played) {
  if (!played.is_judged) return "it met a limit before its end";
  if (played.records.size() <= records_most) return "";
  return fmt::format("it has {} records, and what led to a violation is looked for in at most {}",
                     count_text(played.records.size()), count_text(records_most));
}

std::string replay_document(const Played& played, const Source& source) {
  const Telling telling = tell(played);
  Json first = Json::array();
  for (const Contents& held : telling.first) first.push_back(json_of(held, telling.has_queue));
  Json document = {{"cacherace", source.version},
                   {"command", "replay"},
                   {"scenario", played.scenario.name},
                   {"complete", played.is_judged},
                   {"strategy", played.strategy.info->name},
                   {"parameters", json_of_parameters(played.strategy)},
                   {"mode", played.timed ? "timed" : "untimed"},
                   {"at_first", std::move(first)},
                   {"steps", json_of_steps(telling)}};
  if (played.timed) document["windows"] = json_of_windows(played.verdict);
  document["violations"] = played.is_judged ? json_of_violations(played) : Json();
  return text_of(document);
}

std::string replay_markdown(const Played& played, std::size_t bytes_most) {
  Capped text(bytes_most);
  text.add(fmt::format("# {}\n", markdown_text(played.title)));
  if (const auto why = why_not_traced(played); !why.empty()) {
    text.add(fmt::format("\nWhat led to a violation is not drawn: {}.\n", why));
  }
  const ExploredStrategy strategy = traced(played);
  for (const auto& one : told_witnesses(played.scenario, strategy)) {
    text.add("\n" + witness_section(played.scenario, strategy, one));
  }
  text.add("\n## Step by step\n\n" + fenced(steps_text(played)));
  return text.finish();
}

std::vector<std::string> reasons_of(const Played& played) {
  std::vector<std::string> reasons;
  const ExploredStrategy strategy = traced(played);
  for (const auto& one : told_witnesses(played.scenario, strategy)) {
    reasons.push_back(fmt::format("{}: {}", properties_text(one.properties), one.why));
  }
  return reasons;
}

std::optional<std::string> replay_diagram(const Played& played) {
  const ExploredStrategy strategy = traced(played);
  const auto all = told_witnesses(played.scenario, strategy);
  if (all.empty()) return std::nullopt;
  const ToldWitness& worst = all.front();
  std::string others;
  for (std::size_t i = 1; i < all.size(); ++i) {
    others += fmt::format("%% also {}, which --format markdown draws\n", properties_text(all[i].properties));
  }
  return fmt::format("%% {}\n%% why: {}\n{}{}", properties_text(worst.properties), diagram_text(worst.why),
                     others,
                     sequence_diagram(setup_of(played.scenario, *worst.witness), has_queue(played.strategy),
                                      *worst.witness, worst.reason));
}

}  // namespace cacherace::reports
