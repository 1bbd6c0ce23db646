// Redis, as far as a cache needs it: one command or script is atomic; an entry is missing at every instant at
// or after its expiry; every SET replaces value and TTL. Beside its value a key has slots (ports.hpp), which
// are keys of their own.
//
// With a jitter the n-th entry of a key lives equally long under every strategy: draws have the key and n as
// their address. An entry that says that there is no row has a TTL of its own.
#pragma once

#include <array>
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

struct SlotEntry {
  std::uint32_t number = 0;  // a token, a count, a version
  sim::Time expires = sim::time_never;
};

// All that Redis holds of a key.
struct RedisCell {
  std::optional<CacheEntry> value;
  std::array<std::optional<SlotEntry>, slot_count> slots;
};

// What a script did to a key.
struct ScriptEffects {
  bool value_set = false, value_erased = false, value_retired = false;
  std::array<bool, slot_count> slot_set{}, slot_erased{};

  [[nodiscard]] bool any() const {
    bool slots = false;
    for (std::size_t i = 0; i < slot_count; ++i) slots = slots || slot_set[i] || slot_erased[i];
    return slots || value_set || value_erased || value_retired;
  }
};

class Redis {
 public:
  Redis(const RedisSetup& setup, const KeysSetup& keys);

  // `expires`: false where nothing ever expires.
  void begin_run(std::uint64_t seed = 1, std::uint64_t run = 0, bool expires = true);

  std::optional<CacheEntry> get(Key key, sim::Time now);
  // Whether there is an entry whose time is over, and which nobody has looked at since.
  [[nodiscard]] bool holds_expired(Key key, sim::Time now);
  // The entry as it is afterwards, nothing where NX refused.
  std::optional<CacheEntry> set(Key key, Row row, SetOptions options, sim::Time now);
  // Whether there was an entry.
  bool del(Key key, sim::Time now);
  // An entry that the script sets gets the cache's TTL, unless the script says another.
  ScriptReply eval(const Script& script, Key key, const ScriptArguments& sent, sim::Time now,
                   ScriptEffects& effects);

  std::optional<SlotEntry> slot(Key key, Slot slot, sim::Time now);
  void set_slot(Key key, Slot slot, std::uint32_t number, std::optional<sim::Duration> ttl, sim::Time now);
  void erase_slot(Key key, Slot slot);

  // They stay until they are erased: the expiry is an event, and the clock may say nothing (it counts steps).
  void leave_expiry_to_event(Key key);
  void leave_expiry_to_event(Key key, Slot slot);

  // What a key holds at `now`; and put back as it was.
  [[nodiscard]] RedisCell cell(Key key, sim::Time now);
  void put(Key key, const RedisCell& cell);

  // Of the entry that a key has at time 0 where `cached` says so: time 0 where its row is missing, too.
  [[nodiscard]] sim::Time initial_expiry(Key key) const;

 private:
  class View;
  using Slots = std::array<std::optional<SlotEntry>, slot_count>;

  std::optional<CacheEntry>& entry(Key key, sim::Time now);
  std::optional<SlotEntry>& slot_entry(Key key, Slot slot, sim::Time now);
  [[nodiscard]] sim::Time expiry(sim::Time now, std::optional<sim::Duration> lifetime) const;
  // Of an entry that is set now.
  [[nodiscard]] std::optional<sim::Duration> lifetime(Key key, const Row& row,
                                                      std::optional<sim::Duration> px);
  [[nodiscard]] sim::Duration draw_ttl(Key key, std::uint32_t number) const;

  KeysSetup keys_;
  std::optional<sim::Duration> ttl_, negative_ttl_;
  std::optional<sim::Latency> jittered_ttl_;
  std::uint64_t seed_ = 1;
  std::uint64_t run_ = 0;
  bool expires_ = true;
  PerRun<std::optional<CacheEntry>> entries_;
  PerRun<Slots> slots_;
  PerRun<std::uint32_t> drawn_;  // by key, where there is a jitter: entries since the initial one
};

}  // namespace cacherace::models
