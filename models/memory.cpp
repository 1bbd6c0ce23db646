#include "models/memory.hpp"

#include <algorithm>

#include "models/roles.hpp"

namespace cacherace::models {
namespace {

constexpr std::size_t samples = 5;
constexpr std::uint32_t uses_at_first = 5;
constexpr std::uint32_t uses_max = 255;

std::size_t slot_of(Key key, Thing thing) {
  return index_of(key) * thing_names.size() + thing;
}

bool is_volatile(Eviction policy) {
  return policy >= Eviction::volatile_lru;
}

// Uses that count now: one less for each minute without.
std::uint32_t frequency(std::uint32_t uses, sim::Duration unused) {
  const auto minutes = static_cast<std::uint64_t>(unused / std::chrono::minutes(1));
  return minutes >= uses ? 0 : uses - static_cast<std::uint32_t>(minutes);
}

}  // namespace

Memory::Memory(Redis& redis, const Setup& setup) : redis_(redis), setup_(setup) {
  if (is_limited()) place_of_.resize(setup.keys.count * thing_names.size());
}

void Memory::begin_run(std::uint64_t seed, std::uint64_t run) {
  if (!is_limited()) return;
  draws_ = {seed, run, purpose(0, Role::eviction)};
  for (const Item& item : items_) place_of_[slot_of(item.key, item.thing)] = 0;
  items_.clear();
  if (!setup_.keys.cached) return;
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) look(Key(key), sim::time_zero);
}

// When it ends; nothing: it is not there.
std::optional<sim::Time> Memory::expiry(Key key, Thing thing, sim::Time now) {
  if (thing == 0) {
    const auto entry = redis_.get(key, now);
    return entry ? std::optional(entry->expires) : std::nullopt;
  }
  const auto slot = redis_.slot(key, static_cast<Slot>(thing - 1), now);
  return slot ? std::optional(slot->expires) : std::nullopt;
}

void Memory::look(Key key, sim::Time now) {
  for (Thing thing = 0; thing < thing_names.size(); ++thing) {
    const bool is_there = expiry(key, thing, now).has_value();
    const std::uint32_t place = place_of_[slot_of(key, thing)];
    if (is_there && place == 0) {
      items_.push_back({key, thing, now, uses_at_first});
      place_of_[slot_of(key, thing)] = static_cast<std::uint32_t>(items_.size());
    } else if (!is_there && place != 0) {
      remove(place - 1);
    } else if (is_there) {
      use(key, thing, now);
    }
  }
}

void Memory::use(Key key, Thing thing, sim::Time now) {
  if (!is_limited()) return;
  const std::uint32_t place = place_of_[slot_of(key, thing)];
  if (place == 0) return;
  Item& item = items_[place - 1];
  item.uses = std::min(frequency(item.uses, now - item.used) + 1, uses_max);
  item.used = now;
}

void Memory::remove(std::size_t place) {
  place_of_[slot_of(items_[place].key, items_[place].thing)] = 0;
  items_[place] = items_.back();
  items_.pop_back();
  if (place == items_.size()) return;
  place_of_[slot_of(items_[place].key, items_[place].thing)] = static_cast<std::uint32_t>(place + 1);
}

bool Memory::goes_before(const Item& a, const Item& b, sim::Time now) {
  switch (setup_.redis.eviction) {
    case Eviction::allkeys_lru:
    case Eviction::volatile_lru:
      return a.used < b.used;
    case Eviction::allkeys_lfu:
    case Eviction::volatile_lfu:
      return frequency(a.uses, now - a.used) < frequency(b.uses, now - b.used);
    case Eviction::volatile_ttl:
      return expiry(a.key, a.thing, now) < expiry(b.key, b.thing, now);
    case Eviction::allkeys_random:
    case Eviction::volatile_random:
    case Eviction::noeviction:
      break;
  }
  return false;
}

// Looks at keys that stand side by side from a random one on, as Redis does; their order says nothing.
std::optional<Memory::Victim> Memory::choose(sim::Time now) {
  const std::size_t count = items_.size();
  const auto first = static_cast<std::size_t>(draws_.next_fraction() * static_cast<double>(count));
  std::optional<std::size_t> chosen;
  std::size_t seen = 0;
  for (std::size_t step = 0; step < count && seen < samples; ++step) {
    const std::size_t place = (first + step) % count;
    const Item item = items_[place];
    const auto ends = expiry(item.key, item.thing, now);
    if (!ends) {
      remove(place);
      return Victim{item.key, item.thing, true};
    }
    const Eviction policy = setup_.redis.eviction;
    if (policy == Eviction::noeviction || (is_volatile(policy) && *ends == sim::time_never)) continue;
    ++seen;
    if (!chosen || goes_before(item, items_[*chosen], now)) chosen = place;
  }
  if (!chosen) return std::nullopt;
  const Item item = items_[*chosen];
  return Victim{item.key, item.thing, false};
}

}  // namespace cacherace::models
