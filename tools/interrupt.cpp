#include "tools/interrupt.hpp"

#include <csignal>
#include <cstdint>
#include <ctime>

namespace cacherace::tools {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

std::atomic<std::int64_t> first_at = 0;  // ms; 0: none came yet
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t now_in_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 + 1;
}

extern "C" void note_interruption(int number) {
  constexpr std::int64_t same_ms = 200;
  const std::int64_t now = now_in_ms();
  std::int64_t none = 0;
  interrupted = true;
  if (first_at.compare_exchange_strong(none, now) || now - none < same_ms) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
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
