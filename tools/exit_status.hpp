// What the command tells its caller in one number.
#pragma once

#include "scenarios/result.hpp"

namespace cacherace::tools {

enum class ExitStatus : int {
  ok = 0,          // done, and every expectation holds
  failed = 1,      // done, and an expectation failed
  bad_input = 2,   // bad usage, bad input, or a file that cannot be read or written
  unfinished = 3,  // a limit or an interruption came before the answer
  internal = 4,    // a fault of this program
};

// Of a result with expectations.
constexpr ExitStatus status_of(scenarios::ResultVerdict verdict) {
  switch (verdict) {
    case scenarios::ResultVerdict::held:
      return ExitStatus::ok;
    case scenarios::ResultVerdict::failed:
      return ExitStatus::failed;
    case scenarios::ResultVerdict::unknown:
      break;
  }
  return ExitStatus::unfinished;
}

}  // namespace cacherace::tools
