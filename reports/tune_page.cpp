#include "reports/tune_page.hpp"

#include <fmt/format.h>

#include "reports/page.hpp"
#include "reports/risk.hpp"
#include "reports/tune.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// Without the parameter, which is what the answer is about.
std::string tuned_strategy(const TuneResult& result) {
  scenarios::StrategyChoice strategy = result.strategy;
  for (const auto& declared : strategy.parameters.declared()) {
    if (declared.name == result.parameter) strategy.parameters.set_raw(declared.name, declared.fallback);
  }
  return strategy_argument(strategy);
}

std::string tune_command(const TuneResult& result, const Source& source) {
  return fmt::format("cacherace tune {} --exact --strategy {} --parameter {} --property {}",
                     shell_word(source.scenario), shell_word(tuned_strategy(result)), result.parameter,
                     property_names[index_of(result.property)]);
}

}  // namespace

std::string tune_page(const scenarios::Scenario& scenario, const TuneResult& result, const Source& source) {
  const Threshold& threshold = result.threshold;
  Json pictures = Json::array();
  if (threshold.witness) {
    pictures.push_back(json_of(Picture{
        .strategy = tuned_strategy(result),
        .properties = {std::string(property_names[index_of(result.property)])},
        .heading =
            fmt::format("{} = {}", result.parameter, duration_text(sim::nanos(*threshold.greatest_unsafe()))),
        .repeat = tune_command(result, source),
        .spacetime = spacetime_of_witness(scenario, result.strategy, *threshold.witness, result.property),
    }));
  }
  const std::string answer =
      threshold.complete ? tune_answer(result) : "A limit or an interruption came before the answer.";
  return page_with({{"command", "tune"},
                    {"document", Json::parse(tune_document(scenario, result, source, ""))},
                    {"answer", Json::array({answer})},
                    {"pictures", std::move(pictures)}});
}

std::string risk_page(const scenarios::Scenario& scenario, const RiskResult& result, const Source& source) {
  Json document = Json::parse(risk_document(scenario, result, source));
  Json answer = document["answer"];
  return page_with({{"command", "tune"},
                    {"document", std::move(document)},
                    {"answer", std::move(answer)},
                    {"pictures", Json::array()}});
}

}  // namespace cacherace::reports
