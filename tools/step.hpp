// The terminal interface of `replay --step`.
#pragma once

#include "reports/stepper.hpp"
#include "tools/exit_status.hpp"

namespace cacherace::tools {

// Shows the execution until its user leaves; complains where there is no terminal for it.
ExitStatus step_through(reports::Stepper stepper);

}  // namespace cacherace::tools
