// Redis, as far as a cache needs it: one command or script is atomic; an entry is missing at every instant at
// or after its expiry; every SET replaces value and TTL.
#pragma once

#include <optional>

#include "models/per_run.hpp"
#include "models/ports.hpp"
#include "models/setup.hpp"
#include "sim/time.hpp"

namespace cacherace::models {

struct CacheEntry {
  Row row;
  sim::Time expires = sim::time_never;
};

class Redis {
 public:
  Redis(const RedisSetup& setup, const KeysSetup& keys);

  void begin_run();

  std::optional<CacheEntry> get(Key key, sim::Time now);
  // The entry as it is afterwards, nothing where NX refused.
  std::optional<CacheEntry> set(Key key, Row row, SetOptions options, sim::Time now);
  // Whether there was an entry.
  bool del(Key key, sim::Time now);
  // The script's reply. An entry that the script wrote gets the cache's TTL; one that it left alone keeps its
  // own.
  bool eval(const Script& script, Key key, Row row, sim::Time now);
  // The entry stays until del(): its expiry is an event, and the clock may say nothing (it counts steps).
  void leave_expiry_to_event(Key key);

 private:
  std::optional<CacheEntry>& entry(Key key, sim::Time now);
  [[nodiscard]] sim::Time expiry(sim::Time now, std::optional<sim::Duration> px) const;

  std::optional<sim::Duration> ttl_;
  PerRun<std::optional<CacheEntry>> entries_;
};

// Sets the entry only if the row sent has a higher version than the one cached.
extern const Script set_if_newer;

}  // namespace cacherace::models
