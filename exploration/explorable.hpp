// Which scenarios can be explored, and by which clients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/scenario.hpp"
#include "sim/time.hpp"

namespace cacherace::exploration {

// Why the scenario can only run by time, so that its orders can neither be explored nor drawn nor cut down;
// nothing where they can.
std::optional<std::string> why_only_by_time(const scenarios::Scenario& scenario);
// The same with a remedy, for whoever wants to draw orders of the scenario.
std::optional<std::string> why_not_drawable(const scenarios::Scenario& scenario);

// Why the scenario's orders, untimed or timed, cannot be explored, with a remedy; nothing where they can.
std::optional<std::string> why_not_explorable(const scenarios::Scenario& scenario, bool timed);

// No support that a timed search takes reaches further, so that sums of bounds fit; with an unknown duration
// among them (sim/unknown.hpp) they must be shorter still.
inline constexpr sim::Duration longest_timed = std::chrono::hours(1000);
inline constexpr sim::Duration longest_with_unknown = std::chrono::hours(24);
// The first support that is longer, as text; nothing where there is none.
std::optional<std::string> longer_than(const scenarios::Scenario& scenario, sim::Duration most);

// Writers and readers of one operation each.
struct Crowd {
  std::uint32_t writers = 0;
  std::uint32_t readers = 0;
};

// "2w3r"; nothing where it is something else.
std::optional<Crowd> read_crowd(std::string_view text);

// Replaces the clients by the crowd.
void replace_clients(scenarios::Scenario& scenario, const Crowd& crowd);

}  // namespace cacherace::exploration
