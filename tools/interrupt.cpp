#include "tools/interrupt.hpp"

#include <csignal>

namespace cacherace::tools {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void note_interruption(int) {
  interrupted = true;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

void watch(int signal_number) {
  struct sigaction action = {};
  action.sa_handler = note_interruption;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& watch_for_interruption() {
  watch(SIGINT);
  watch(SIGTERM);
  return interrupted;
}

}  // namespace cacherace::tools
