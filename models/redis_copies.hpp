// Copies of what Redis holds: a replica, to which changes come after a lag and in order, and a snapshot.
//
// A replica hides what has expired and does not expire it. After a failover it is the primary, and what had
// not arrived there is lost; a new replica holds the same at once.
#pragma once

#include <vector>

#include "models/outages.hpp"
#include "models/per_run.hpp"
#include "models/redis.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class RedisCopies {
 public:
  // Told of each change that arrives at the replica.
  using Arrived = void (*)(void* who, Key key);

  RedisCopies(sim::World& world, Redis& redis, const Setup& setup, const Outages& outages, Arrived arrived,
              void* who);
  ~RedisCopies();

  // Redis holds what it begins with.
  void begin_run(std::uint64_t seed, std::uint64_t run);

  [[nodiscard]] bool has_replica() const { return setup_.redis.replica; }
  // The key has changed, and the change is on its way to the replica.
  void follow(Key key);
  void take_snapshot();
  // Changes so far in this run; and, on the calling fiber, whether the first `changes` of them have arrived
  // within `patience` (WAIT). Those that a failover lost never do.
  [[nodiscard]] std::size_t changes() const { return changes_.size(); }
  bool arrive(std::size_t changes, sim::Duration patience, sim::Tag tag);

  // The replica takes over, or Redis starts from the snapshot (without one: from nothing). Adds the keys that
  // may differ from then on.
  void fail_over(std::vector<Key>& changed);
  void restart(std::vector<Key>& changed);

 private:
  class Replica;
  struct Change {
    Key key;
    RedisCell cell;
  };

  sim::World& world_;
  Redis& redis_;
  const Setup& setup_;
  const Outages& outages_;
  Arrived arrived_;
  void* who_;
  std::unique_ptr<Replica> replica_;
  PerRun<RedisCell> copy_;       // at the replica
  std::vector<Change> changes_;  // on their way there, in order, from `first_` on
  std::size_t first_ = 0;
  std::size_t void_ = 0;  // arrivals still to come of changes that were lost
  struct Waiting {
    std::size_t changes;
    sim::Wakeable* fiber;
  };
  std::vector<Waiting> waiting_;
  bool has_snapshot_ = false;
  std::vector<RedisCell> snapshot_;
};

}  // namespace cacherace::models
