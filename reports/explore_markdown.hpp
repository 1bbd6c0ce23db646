// What exploration found as a Markdown document, as GitHub renders it: a table of all, then the shortest way
// to each violation as a sequence diagram.
#pragma once

#include <string>

#include "exploration/exploration.hpp"
#include "reports/explore_words.hpp"

namespace cacherace::reports {

// One way: headings, why, and the diagram. Every line ends.
std::string witness_section(const scenarios::Scenario& scenario,
                            const exploration::ExploredStrategy& strategy, const ToldWitness& told);

// `scenario` is the one that was explored. Every line ends.
std::string explore_markdown(const scenarios::Scenario& scenario, const exploration::ExploreResult& result);

}  // namespace cacherace::reports
