// A run by time as an excerpt: its commands in the order in which they took effect. What the order of effects
// alone does not bring about (an expiry, say) is lost.
#pragma once

#include "exploration/excerpt.hpp"

namespace cacherace::exploration {

// `records`: in detail, of a run of `scenario` by time.
Excerpt excerpt_of_run(const Scenario& scenario, const std::vector<models::Record>& records);

}  // namespace cacherace::exploration
