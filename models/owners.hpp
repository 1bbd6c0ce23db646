// The one owner of each key inside the service: whoever is inside for a key, the others wait, in order.
#pragma once

#include <vector>

#include "models/row_locks.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class Owners {
 public:
  Owners(sim::World& world, std::uint32_t keys) : world_(world), locks_(keys) {}

  void begin_run();

  // Whether the client is the owner at once. If not, `wait` until it is.
  bool enter(Connection who, Key key);
  // On the calling fiber.
  void wait(Connection who);
  // Leaves every key; whoever is next goes on.
  void leave(Connection who);

 private:
  sim::World& world_;
  RowLocks locks_;
  std::vector<sim::Wakeable*> waiting_;  // by connection
  std::vector<Connection> granted_;
};

}  // namespace cacherace::models
