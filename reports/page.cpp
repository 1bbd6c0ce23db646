#include "reports/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "reports/advice.hpp"
#include "reports/explore_json.hpp"
#include "reports/explore_words.hpp"
#include "reports/json.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Json json_of(const Lane& lane) {
  return {{"kind", lane_kind_names[static_cast<std::size_t>(lane.kind)]}, {"name", lane.name}};
}

Json json_of(const Contents& held) {
  return {{"key", held.key},           {"redis", held.redis}, {"primary", held.primary},
          {"replicas", held.replicas}, {"queue", held.queue}, {"differs", held.differs}};
}

Json json_of(const Moment& moment) {
  Json contents = Json::array();
  for (const Contents& held : moment.contents) contents.push_back(json_of(held));
  return {{"at", moment.at},       {"lane", moment.lane},       {"actor", moment.actor},
          {"words", moment.words}, {"decides", moment.decides}, {"contents", std::move(contents)}};
}

// Where a message is not known to have arrived its end is null.
Json json_of(const Passage& passage) {
  return {{"from", passage.from},
          {"to", passage.to ? Json(*passage.to) : Json()},
          {"toward", passage.toward},
          {"reply", passage.is_reply}};
}

Json json_of(const Stretch& stretch) {
  return {{"from", stretch.from},
          {"to", stretch.to},
          {"operation", stretch.is_operation},
          {"ends", stretch.ends}};
}

template <class Part>
Json json_of_all(const std::vector<Part>& parts) {
  Json all = Json::array();
  for (const Part& part : parts) all.push_back(json_of(part));
  return all;
}

// JSON that may stand in a script element: no character of it means anything to HTML or ends a line there.
std::string script_text(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i, 3);
    if (rest == "\u2028" || rest == "\u2029") {
      safe += rest == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (text[i] == '<' || text[i] == '>' || text[i] == '&') {
      safe += fmt::format("\\u{:04x}", text[i]);
    } else {
      safe += text[i];
    }
  }
  return safe;
}

std::string explore_command(const ExploredStrategy& strategy, const Source& source) {
  return fmt::format("cacherace explore {} --strategy {}{}", shell_word(source.scenario),
                     shell_word(strategy_argument(strategy.strategy)), strategy.timed ? "" : " --untimed");
}

}  // namespace

Json json_of(const Picture& picture) {
  const Spacetime& drawn = picture.spacetime;
  return {{"strategy", picture.strategy},
          {"properties", picture.properties},
          {"heading", picture.heading},
          {"repeat", picture.repeat},
          {"timed", drawn.timed},
          {"cause", drawn.cause},
          {"reason", drawn.reason},
          {"left_out", drawn.left_out},
          {"lanes", json_of_all(drawn.lanes)},
          {"moments", json_of_all(drawn.moments)},
          {"passages", json_of_all(drawn.passages)},
          {"stretches", json_of_all(drawn.stretches)}};
}

std::string page_with(const Json& data) {
  constexpr std::string_view place = "{\"place\":\"of the data\"}";
  const std::string_view page = embedded_files().front().text;
  const auto at = page.find(place);
  std::string text(page.substr(0, at));
  text += script_text(data);
  return text += page.substr(at + place.size());
}

std::string run_page(const scenarios::Scenario& scenario, const scenarios::RunResult& result,
                     const Source& source) {
  Json pictures = Json::array(), undrawn = Json::array();
  for (const auto& strategy : result.strategies) {
    if (!strategy.first_violation) continue;
    const auto& [run, kind] = *strategy.first_violation;
    const auto named = std::ranges::find(property_names, kind);
    const auto property = static_cast<Property>(named - property_names.begin());
    auto drawn = spacetime_of_run(scenario, strategy.strategy, run, property);
    const std::string name = strategy_argument(strategy.strategy);
    std::string heading = fmt::format("run {} of seed {}", count_text(run), result.seed);
    std::string repeat = replay_command(result, strategy.strategy, run, source);
    if (const auto* why = std::get_if<std::string>(&drawn)) {
      undrawn.push_back({{"strategy", name}, {"heading", heading}, {"why", *why}, {"repeat", repeat}});
      continue;
    }
    pictures.push_back(json_of(Picture{.strategy = name,
                                       .properties = {std::string(kind)},
                                       .heading = std::move(heading),
                                       .repeat = std::move(repeat),
                                       .spacetime = std::move(std::get<Spacetime>(drawn))}));
  }
  return page_with({{"command", "run"},
                    {"document", Json::parse(run_document(result, source))},
                    {"advice", advice(result)},
                    {"next", next_command(result, source)},
                    {"undrawn", std::move(undrawn)},
                    {"pictures", std::move(pictures)}});
}

std::string explore_page(const scenarios::Scenario& scenario, const ExploreResult& result,
                         const Source& source) {
  Json pictures = Json::array();
  for (const ExploredStrategy& strategy : result.strategies) {
    for (const ToldWitness& told : told_witnesses(scenario, strategy)) {
      std::vector<std::string> properties;
      for (const Property property : told.properties) {
        properties.emplace_back(property_names[index_of(property)]);
      }
      pictures.push_back(json_of(Picture{
          .strategy = strategy_argument(strategy.strategy),
          .properties = std::move(properties),
          .heading = counted(told.witness->steps.size(), "step"),
          .repeat = explore_command(strategy, source),
          .spacetime =
              spacetime_of_witness(scenario, strategy.strategy, *told.witness, told.properties.front()),
      }));
    }
  }
  return page_with({{"command", "explore"},
                    {"document", Json::parse(explore_document(scenario, result, source))},
                    {"pictures", std::move(pictures)}});
}

}  // namespace cacherace::reports
