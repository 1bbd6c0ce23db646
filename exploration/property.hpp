// What exploration looks for; the words are the contract's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cacherace::exploration {

enum class Property : std::uint8_t {
  stuck,
  stale_read,
  inversion,
  nonlinearizable,
  dirty_read,
  cache_ahead,
  lost_write,
  deadlock,  // it cannot come to an end any more
};
inline constexpr std::size_t property_count = 8;
inline constexpr std::array<std::string_view, property_count> property_names = {
    "stuck",      "stale_read",  "inversion",  "nonlinearizable",
    "dirty_read", "cache_ahead", "lost_write", "deadlock"};

constexpr std::size_t index_of(Property property) {
  return static_cast<std::size_t>(property);
}

// The bit with which the ledger marks steps and final states that show it.
std::uint32_t marks_of(Property property);

}  // namespace cacherace::exploration
