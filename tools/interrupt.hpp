// Ctrl-C (SIGINT) and SIGTERM: the first asks to stop soon, the second ends the program at once. What follows
// within 0.2 s is the same one: `timeout` sends it to the program and to its group.
#pragma once

#include <atomic>

namespace cacherace::tools {

// Watches from now on. What it returns becomes true at the first signal.
const std::atomic<bool>& watch_for_interruption();

}  // namespace cacherace::tools
