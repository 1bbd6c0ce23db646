// How many fewer random histories under sanitizers, which make everything much slower; and how to show one.
#pragma once

#include <string>

#include "verify/history.hpp"

namespace cacherace::verify::testing {

#ifdef __SANITIZE_ADDRESS__
inline constexpr int scale = 20;
#else
inline constexpr int scale = 1;
#endif

inline std::string describe(const History& history) {
  std::string text;
  for (const Operation& one : history.operations) {
    text += "\n  c" + std::to_string(one.client) + " " + "rwca"[static_cast<int>(one.kind)] + " " +
            std::to_string(one.from) + ">" + std::to_string(one.value) + " [" + std::to_string(one.start) +
            ", " + std::to_string(one.end) + "] " + "ofu"[static_cast<int>(one.outcome)];
  }
  return text + "\n  initial " + std::to_string(history.initial) + " nil " +
         std::to_string(static_cast<int>(history.nil_reads)) + " cas " +
         std::to_string(static_cast<int>(history.failed_cas));
}

}  // namespace cacherace::verify::testing
