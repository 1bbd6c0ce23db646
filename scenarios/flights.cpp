#include "scenarios/flights.hpp"

#include <cassert>
#include <utility>

namespace cacherace::scenarios {

void Flights::open(models::Key key) {
  if (idle_.empty()) {
    idle_.push_back(static_cast<std::uint32_t>(passengers_.size()));
    passengers_.emplace_back();
    idle_.reserve(passengers_.size());
  }
  flight_of_[models::index_of(key)] = idle_.back();
  idle_.pop_back();
}

void Flights::land(models::Key key, std::optional<models::Row> row) {
  const std::uint32_t flight = std::exchange(flight_of_[models::index_of(key)], none);
  for (Passenger* passenger : passengers_[flight]) {
    passenger->row = row;
    world_.wake(passenger->fiber);
  }
  passengers_[flight].clear();
  idle_.push_back(flight);
}

std::optional<models::Row> Flights::join(models::Key key) {
  assert(!world_.stopping());
  Passenger passenger{world_.self(), std::nullopt};
  passengers_[flight_of_[models::index_of(key)]].push_back(&passenger);
  world_.park();
  return passenger.row;
}

}  // namespace cacherace::scenarios
