// What the command tells its caller in one number.
#pragma once

namespace cacherace::tools {

enum class ExitStatus : int {
  ok = 0,          // done, and every expectation holds
  failed = 1,      // done, and an expectation failed
  bad_input = 2,   // bad usage, bad input, or a file that cannot be read or written
  unfinished = 3,  // a limit or an interruption came before the answer
  internal = 4,    // a fault of this program
};

}  // namespace cacherace::tools
