// Room in Redis, where there is not room for all keys (maxmemory), and who has to go: the policies of Redis.
//
// Every value and every slot is a key. As Redis does, a policy compares a few keys taken at random, not all;
// what has expired takes room until it is found. "Least frequently" counts uses since a key came to be, minus
// one a minute without (lfu-decay-time 1); a new key has 5. Runs by time only: orders that are chosen take
// evictions at any instant, as a fault.
// Source: redis.io/docs/latest/develop/reference/eviction (policies, maxmemory-samples 5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/redis.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"

namespace cacherace::models {

class Memory {
 public:
  // Both must outlive it.
  Memory(Redis& redis, const Setup& setup);

  // Redis holds what it begins with.
  void begin_run(std::uint64_t seed, std::uint64_t run);

  [[nodiscard]] bool is_limited() const { return setup_.redis.maxmemory.has_value(); }
  [[nodiscard]] bool is_full() const { return items_.size() >= *setup_.redis.maxmemory; }
  [[nodiscard]] bool is_over() const { return items_.size() > *setup_.redis.maxmemory; }

  // What the key holds may have changed.
  void look(Key key, sim::Time now);
  // It was used.
  void use(Key key, Thing thing, sim::Time now);

  struct Victim {
    Key key;
    Thing thing;
    bool is_over;  // its time had ended: it is not there any more
  };
  // Who makes room, and does not count any more; nothing: the policy lets none go. O(samples), and O(keys)
  // where few have a TTL and only such may go.
  std::optional<Victim> choose(sim::Time now);

 private:
  struct Item {
    Key key;
    Thing thing;
    sim::Time used;
    std::uint32_t uses;
  };

  [[nodiscard]] std::optional<sim::Time> expiry(Key key, Thing thing, sim::Time now);
  [[nodiscard]] bool goes_before(const Item& a, const Item& b, sim::Time now);
  void remove(std::size_t place);

  Redis& redis_;
  const Setup& setup_;
  std::vector<Item> items_;
  std::vector<std::uint32_t> place_of_;  // by key and thing: in items_, from 1; 0: not there
  sim::Stream draws_;
};

}  // namespace cacherace::models
