#include "exploration/property.hpp"

#include "exploration/ledger.hpp"

namespace cacherace::exploration {

std::uint32_t marks_of(Property property) {
  switch (property) {
    case Property::stuck:
      return marks::stuck;
    case Property::stale_read:
      return marks::stale_read;
    case Property::inversion:
      return marks::inversion;
    case Property::nonlinearizable:
      return marks::nonlinearizable;
    case Property::dirty_read:
      return marks::dirty_read;
    case Property::cache_ahead:
      return marks::cache_ahead;
    case Property::lost_write:
      return marks::lost_write;
    case Property::deadlock:
      break;
  }
  return marks::hangs;
}

}  // namespace cacherace::exploration
