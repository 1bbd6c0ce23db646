// Redis, as far as a cache needs it: one command or script is atomic; an entry is missing at every instant at
// or after its expiry; every SET replaces value and TTL.
//
// With a jitter the n-th entry of a key lives equally long under every strategy: draws have the key and n as
// their address. An entry that says that there is no row has a TTL of its own.
#pragma once

#include <optional>

#include "models/per_run.hpp"
#include "models/ports.hpp"
#include "models/setup.hpp"
#include "sim/latency.hpp"
#include "sim/time.hpp"

namespace cacherace::models {

struct CacheEntry {
  Row row;
  sim::Time expires = sim::time_never;
};

class Redis {
 public:
  Redis(const RedisSetup& setup, const KeysSetup& keys);

  void begin_run(std::uint64_t seed = 1, std::uint64_t run = 0);

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

  // Of the entry that a key has at time 0 where `cached` says so: time 0 where its row is missing, too.
  [[nodiscard]] sim::Time initial_expiry(Key key) const;

 private:
  std::optional<CacheEntry>& entry(Key key, sim::Time now);
  [[nodiscard]] sim::Time expiry(Key key, const Row& row, sim::Time now, std::optional<sim::Duration> px);
  [[nodiscard]] sim::Duration draw_ttl(Key key, std::uint32_t number) const;

  KeysSetup keys_;
  std::optional<sim::Duration> ttl_, negative_ttl_;
  std::optional<sim::Latency> jittered_ttl_;
  std::uint64_t seed_ = 1;
  std::uint64_t run_ = 0;
  PerRun<std::optional<CacheEntry>> entries_;
  PerRun<std::uint32_t> drawn_;  // by key, where there is a jitter: entries since the initial one
};

// Sets the entry only if the row sent has a higher version than the one cached.
extern const Script set_if_newer;

}  // namespace cacherace::models
