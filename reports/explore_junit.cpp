#include "reports/explore_junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/draw_words.hpp"
#include "reports/expectation_case.hpp"
#include "reports/explore_words.hpp"
#include "reports/reason_words.hpp"
#include "reports/table.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// The command that plays the way again; empty where no schedule of the explored scenario leads there.
std::string replay_line(const ExploredStrategy& strategy, Property property, const Source& source,
                        const std::string& clients) {
  const auto index = static_cast<std::size_t>(property);
  const auto& schedule =
      strategy.draws ? strategy.draws->schedules[index] : strategy.witnesses[index]->schedule;
  if (schedule.empty()) return "";
  std::string command =
      fmt::format("cacherace replay {} --strategy {} --schedule {}", shell_word(source.scenario),
                  shell_word(strategy_argument(strategy.strategy)), shell_word(schedule));
  if (!clients.empty()) command += " --clients " + shell_word(clients);
  return fmt::format("\nRepeat it: {}\n", command);
}

// The way to what "reachable.stuck" names, where it was found.
std::string evidence(const Scenario& scenario, const ExploredStrategy& strategy, std::string_view figure,
                     const Source& source, const std::string& clients) {
  for (const auto& told : told_witnesses(scenario, strategy)) {
    for (const Property property : told.properties) {
      if (figure != fmt::format("reachable.{}", property_names[static_cast<std::size_t>(property)])) continue;
      return witness_heading(strategy, property) + "\n" +
             witness_table(setup_of(scenario, *told.witness), has_queue(strategy.strategy), *told.witness,
                           told.reason) +
             "Why: " + told.why + ".\n" + replay_line(strategy, property, source, clients);
    }
  }
  return "";
}

}  // namespace

std::string explore_junit(const Scenario& scenario, const ExploreResult& result, const Source& source,
                          const std::string& clients) {
  std::vector<JunitCase> cases;
  for (const auto& strategy : result.strategies) {
    const auto name = strategy_argument(strategy.strategy);
    for (const auto& checked : strategy.expectations) {
      cases.push_back(expectation_case(
          name, checked, evidence(scenario, strategy, checked.expectation.figure, source, clients)));
    }
    if (strategy.expectations.empty()) {
      std::string seen;
      for (std::size_t i = 0; i < property_names.size(); ++i) {
        if (strategy.witnesses[i]) seen += (seen.empty() ? "" : ", ") + spaced(property_names[i]);
      }
      cases.push_back(no_expectation_case(name, seen.empty() ? "no violation found" : "found: " + seen));
    }
    if (const auto why = why_incomplete(strategy); !why.empty()) cases.push_back(incomplete_case(name, why));
  }
  return junit_document(result.scenario, cases);
}

}  // namespace cacherace::reports
