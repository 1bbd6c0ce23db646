// Stretches of time in which nothing passes between two parties, or a replica applies nothing. What is on its
// way then arrives when they are over, as a network keeps sending what was not acknowledged.
//
// They are drawn when a run begins, so nobody has to wait for them. In runs by time only: orders that are
// chosen know no instants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/setup.hpp"
#include "sim/time.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

// When something arrives. `fault`: what held it up, if anything did.
struct Arrival {
  sim::Time at;
  const Fault* fault = nullptr;
};

class Outages {
 public:
  // `setup` must outlive it.
  Outages(const sim::World& world, const Setup& setup);

  void begin_run(std::uint64_t seed, std::uint64_t run);

  [[nodiscard]] bool any() const { return !outages_.empty(); }

  // Of what would arrive at `at`: between a client of a group and a store; over a link that has no client;
  // of an event at MySQL's replica, or its acknowledgement at the primary; and of an apply at that replica.
  [[nodiscard]] Arrival between(std::string_view group, Store store, sim::Time at) const;
  [[nodiscard]] sim::Time over(Link link, sim::Time at) const;
  [[nodiscard]] sim::Time to_replica(std::uint32_t replica, sim::Time at) const;
  [[nodiscard]] sim::Time at_replica(std::uint32_t replica, sim::Time at) const;

 private:
  struct Outage {
    const Fault* fault;
    sim::Time from, to;
  };

  template <class Concerns>
  [[nodiscard]] Arrival pass(sim::Time at, const Concerns& concerns) const;

  const sim::World& world_;
  const Setup& setup_;
  std::vector<Outage> outages_;  // of this run
};

}  // namespace cacherace::models
