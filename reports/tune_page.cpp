#include "reports/tune_page.hpp"

#include <fmt/format.h>

#include "reports/page.hpp"
#include "reports/risk.hpp"
#include "reports/tune.hpp"
#include "reports/tune_words.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {

using namespace exploration;

std::string tune_page(const scenarios::Scenario& scenario, const TuneResult& result, const Source& source) {
  const Threshold& threshold = result.threshold;
  Json pictures = Json::array();
  if (threshold.witness) {
    pictures.push_back(json_of(Picture{
        .strategy = tuned_strategy(result.strategy, result.parameter),
        .properties = {std::string(property_names[index_of(result.property)])},
        .heading =
            fmt::format("{} = {}", result.parameter, duration_text(sim::nanos(*threshold.greatest_unsafe()))),
        .repeat = tune_command(result, source),
        .spacetime = spacetime_of_witness(scenario, result.strategy, *threshold.witness, result.property),
    }));
  }
  return page_with({{"command", "tune"},
                    {"document", Json::parse(tune_document(scenario, result, source, ""))},
                    {"answer", Json::array({tune_answer(result)})},
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
