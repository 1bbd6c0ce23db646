#include "exploration/monitor.hpp"

namespace cacherace::exploration {

void KeyMonitor::write_returned(std::uint32_t value) {
  now_.returned_writes |= set_of(value);
  returned(value);
}

void KeyMonitor::write_failed(std::uint32_t value) {
  failed_ |= set_of(value);
  if ((now_.returned_reads & set_of(value)) != 0) linearizable_ = false;
}

void KeyMonitor::returned(std::uint32_t value) {
  now_.values |= set_of(value);
  const auto contradicts = [&](std::uint32_t other) {
    return other != value && (before_[other] & set_of(value)) != 0;
  };
  if (any(before_[value] & now_.values, contradicts)) linearizable_ = false;
}

}  // namespace cacherace::exploration
