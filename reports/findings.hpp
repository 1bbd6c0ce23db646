// The verdict on one run in words, with the operations that contradict each other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "reports/table.hpp"
#include "verify/execution.hpp"
#include "verify/verdict.hpp"

namespace cacherace::reports {

using ClientNames = std::function<std::string(std::uint32_t client)>;

// Every violation, the worst first, or that there was none. Every line ends.
std::string findings(const verify::Execution& execution, const verify::Verdict& verdict,
                     const ClientNames& name_of, Paint paint);

}  // namespace cacherace::reports
