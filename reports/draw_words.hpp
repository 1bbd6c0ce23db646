// What drawn orders met, in words that the table and the documents of `explore --choose` share.
#pragma once

#include <string>

#include "exploration/exploration.hpp"
#include "models/setup.hpp"

namespace cacherace::reports {

// "every order of commands, untimed; …", or which orders were drawn and what the numbers about them are.
std::string orders_text(const exploration::ExploreResult& result);

// Whether orders were drawn.
bool is_drawn(const exploration::ExploreResult& result);

// Why a strategy's part of the result is not all that was asked for; empty: it is.
std::string why_incomplete(const exploration::ExploredStrategy& strategy);

// Of the scenario in which the witness happens.
const models::Setup& setup_of(const scenarios::Scenario& scenario, const exploration::Witness& witness);

// "minimal", or "locally minimal"; empty: it was not cut down.
std::string_view reduction_text(const exploration::Witness& witness);

}  // namespace cacherace::reports
