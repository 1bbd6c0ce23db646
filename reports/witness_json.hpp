// A witness as a part of a document.
#pragma once

#include "exploration/exploration.hpp"
#include "reports/json_parts.hpp"

namespace cacherace::reports {

Json json_of_witness(const scenarios::Scenario& scenario, const exploration::Witness& witness,
                     exploration::Property property);

}  // namespace cacherace::reports
