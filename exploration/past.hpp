// The causal past of a violation: the commands without which it would not have come about, and nothing else.
//
// What flows into a command: its operation's commands before it; into what a GET finds, the SET or DEL that
// left it so; into what a SELECT finds, the commit (and a replica's applies); into a consumer's command, the
// commit it follows. Into a violation: the read, and what had returned before it that it contradicts; for
// `stuck`, the last SET and every write.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exploration/exploration.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {

// Whether a record counts in the length of a witness: a command's effect, a sleep, an apply, a crash, an
// expiry.
bool is_counted(const models::Record& record);

// When a step happened: at its command's effect.
sim::Time instant_of(const WitnessStep& step);

// The steps of a played violation, in order, each with what was said around it, and what followed. Without
// the schedule. Precondition: the run, recorded in detail to its end, has the property.
Witness tell_past(const models::Setup& setup, const std::vector<models::Record>& records,
                  const sim::RunEnd& end, Property property,
                  const std::function<std::string(std::uint32_t)>& name_of_client);

}  // namespace cacherace::exploration
