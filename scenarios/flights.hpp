// Single flight: reads of one key by clients of one process that overlap are one read, that of the client who
// came first. The others wait until it returns and get what it got, although it may have asked the stores
// before they began.
//
// Only in a run by time. Allocates nothing once warm.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/ports.hpp"
#include "sim/world.hpp"

namespace cacherace::scenarios {

// Those of one process; at most one of a key.
class Flights {
 public:
  Flights(sim::World& world, std::uint32_t keys) : world_(world), flight_of_(keys, none) {}

  [[nodiscard]] bool is_open(models::Key key) const { return flight_of_[models::index_of(key)] != none; }

  // The calling fiber begins one, and will land it whatever happens.
  void open(models::Key key);
  // It is over: those who joined get `row` and go on at this instant, in the order in which they came.
  void land(models::Key key, std::optional<models::Row> row);
  // Of the calling fiber, in a run that is not being wound up: waits until the flight lands. Nothing where it
  // came to nothing.
  std::optional<models::Row> join(models::Key key);

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  // On the stack of the fiber that waits.
  struct Passenger {
    sim::Wakeable& fiber;
    std::optional<models::Row> row;
  };

  sim::World& world_;
  std::vector<std::uint32_t> flight_of_;             // by key: in passengers_
  std::vector<std::vector<Passenger*>> passengers_;  // of each flight, open or not
  std::vector<std::uint32_t> idle_;                  // flights that are not open
};

}  // namespace cacherace::scenarios
