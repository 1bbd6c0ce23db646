// The reason of a witness as one sentence.
#pragma once

#include <string>

#include "exploration/reason.hpp"

namespace cacherace::reports {

// "reader#2's SET of v0 landed after writer's second DEL, because its SELECT was answered before the COMMIT
// of v1": without a full stop. `replicas`: how many there are.
std::string reason_words(const exploration::Reason& reason, std::uint32_t replicas);

// The sentence of a reason that nothing better is known of; tests look for it.
std::string fallback_words(const exploration::Reason& reason);

}  // namespace cacherace::reports
