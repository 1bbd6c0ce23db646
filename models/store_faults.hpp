// The faults that befall a store at an instant of their own: evictions, early expiries, killed sessions.
//
// Each strikes something that is there (one of several by chance), or finds nothing and does nothing. A run
// does not go on for them alone: what would strike once all is over does not. Where orders are chosen without
// time, each may strike at any instant; at the end, that is as good as not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class StoreFaults {
 public:
  // What there is to strike, and how.
  class Target {
   public:
    // How many victims there are now.
    virtual std::size_t victims(const Fault& fault) = 0;
    virtual void strike(const Fault& fault, std::size_t victim) = 0;
    // Redis remembers all that it holds.
    virtual void take_snapshot() = 0;

   protected:
    ~Target() = default;
  };

  // `target` and `setup` must outlive it.
  StoreFaults(sim::World& world, Target& target, const Setup& setup);
  ~StoreFaults();

  void begin_run(std::uint64_t seed, std::uint64_t run);

 private:
  class Strike;
  class Snapshot;

  sim::World& world_;
  bool swarm_;
  Target& target_;
  std::size_t pending_ = 0;  // strikes to come
  std::vector<std::unique_ptr<Strike>> strikes_;
  std::vector<std::unique_ptr<Snapshot>> snapshots_;  // of restarts
};

}  // namespace cacherace::models
