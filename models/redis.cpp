#include "models/redis.hpp"

#include <variant>

#include "models/roles.hpp"
#include "sim/laws.hpp"
#include "sim/random.hpp"

namespace cacherace::models {
namespace {

// The expiry of an initial entry that nobody has looked at yet.
constexpr sim::Time not_known = sim::time_zero - sim::Duration{1};

std::optional<CacheEntry> initial_entry(const KeysSetup& keys) {
  if (!keys.cached) return std::nullopt;
  return CacheEntry{{}, not_known};
}

std::optional<sim::Latency> jittered(const RedisSetup& setup) {
  if (!setup.ttl || setup.ttl_jitter == sim::Duration{0}) return std::nullopt;
  return std::get<sim::Latency>(
      sim::Latency::of(sim::uniform(*setup.ttl, *setup.ttl + setup.ttl_jitter), {}));
}

}  // namespace

// One key at one instant, in the eyes of a script.
class Redis::View final : public CacheView {
 public:
  View(Redis& redis, Key key, sim::Time now, ScriptEffects& effects)
      : redis_(redis), key_(key), now_(now), effects_(effects) {
    if (const auto& found = redis.entry(key, now)) value_ = found->row;
  }

  const std::optional<Row>& value() override { return value_; }

  void set_value(Row row, std::optional<sim::Duration> expires_after) override {
    redis_.set(key_, row, {.expires_after = expires_after}, now_);
    value_ = row;
    effects_.value_set = true;
    effects_.value_erased = false;
  }

  void erase_value() override {
    redis_.del(key_, now_);
    value_.reset();
    effects_.value_set = false;
    effects_.value_erased = true;
  }

  void retire_value() override { effects_.value_retired = true; }

  std::optional<std::uint32_t> slot(Slot slot) override {
    const auto& found = redis_.slot_entry(key_, slot, now_);
    return found ? std::optional(found->number) : std::nullopt;
  }

  void set_slot(Slot slot, std::uint32_t number, std::optional<sim::Duration> expires_after) override {
    redis_.set_slot(key_, slot, number, expires_after, now_);
    effects_.slot_set[index_of(slot)] = true;
    effects_.slot_erased[index_of(slot)] = false;
  }

  void erase_slot(Slot slot) override {
    if (!redis_.slot_entry(key_, slot, now_)) return;
    redis_.erase_slot(key_, slot);
    effects_.slot_set[index_of(slot)] = false;
    effects_.slot_erased[index_of(slot)] = true;
  }

 private:
  Redis& redis_;
  Key key_;
  sim::Time now_;
  ScriptEffects& effects_;
  std::optional<Row> value_;
};

Redis::Redis(const RedisSetup& setup, const KeysSetup& keys)
    : keys_(keys),
      ttl_(setup.ttl),
      negative_ttl_(setup.negative_ttl),
      jittered_ttl_(jittered(setup)),
      entries_(keys.count, initial_entry(keys)),
      slots_(keys.count, {}),
      drawn_(jittered_ttl_ ? keys.count : 0, 0) {}

void Redis::begin_run(std::uint64_t seed, std::uint64_t run, bool expires) {
  seed_ = seed;
  run_ = run;
  expires_ = expires;
  entries_.begin_run();
  slots_.begin_run();
  drawn_.begin_run();
}

bool Redis::holds_expired(Key key, sim::Time now) {
  const auto& found = entries_[index_of(key)];
  if (!found) return false;
  return now >= (found->expires == not_known ? initial_expiry(key) : found->expires);
}

std::optional<CacheEntry>& Redis::entry(Key key, sim::Time now) {
  auto& found = entries_[index_of(key)];
  if (!found) return found;
  if (found->expires == not_known) found->expires = initial_expiry(key);
  if (now >= found->expires) found.reset();
  return found;
}

std::optional<SlotEntry>& Redis::slot_entry(Key key, Slot slot, sim::Time now) {
  auto& found = slots_[index_of(key)][index_of(slot)];
  if (found && now >= found->expires) found.reset();
  return found;
}

sim::Time Redis::initial_expiry(Key key) const {
  if (!keys_.starts_with_row(index_of(key))) return sim::time_zero;
  if (!ttl_ || !expires_) return sim::time_never;
  return sim::time_zero + (jittered_ttl_ ? draw_ttl(key, 0) : *ttl_);
}

sim::Duration Redis::draw_ttl(Key key, std::uint32_t number) const {
  const auto draws = sim::draw_pair(seed_, run_, purpose(index_of(key), Role::ttl_jitter), number);
  return jittered_ttl_->at(sim::fraction(draws.first));
}

sim::Time Redis::expiry(sim::Time now, std::optional<sim::Duration> lifetime) const {
  if (!expires_ || !lifetime || *lifetime >= sim::time_never - now) return sim::time_never;
  return now + *lifetime;
}

std::optional<sim::Duration> Redis::lifetime(Key key, const Row& row, std::optional<sim::Duration> px) {
  if (px) return px;
  if (negative_ttl_ && keys_.is_absence(key, row)) return negative_ttl_;
  if (jittered_ttl_) return draw_ttl(key, ++drawn_[index_of(key)]);
  return ttl_;
}

std::optional<CacheEntry> Redis::get(Key key, sim::Time now) {
  return entry(key, now);
}

std::optional<CacheEntry> Redis::set(Key key, Row row, SetOptions options, sim::Time now) {
  auto& found = entry(key, now);
  if (options.only_if_absent && found) return std::nullopt;
  found = CacheEntry{row, expiry(now, lifetime(key, row, options.expires_after))};
  return found;
}

bool Redis::del(Key key, sim::Time now) {
  auto& found = entry(key, now);
  const bool existed = found.has_value();
  found.reset();
  return existed;
}

ScriptReply Redis::eval(const Script& script, Key key, const ScriptArguments& sent, sim::Time now,
                        ScriptEffects& effects) {
  View view(*this, key, now, effects);
  return script.model(view, sent);
}

std::optional<SlotEntry> Redis::slot(Key key, Slot slot, sim::Time now) {
  return slot_entry(key, slot, now);
}

void Redis::set_slot(Key key, Slot slot, std::uint32_t number, std::optional<sim::Duration> ttl,
                     sim::Time now) {
  slots_[index_of(key)][index_of(slot)] = SlotEntry{number, expiry(now, ttl)};
}

void Redis::erase_slot(Key key, Slot slot) {
  slots_[index_of(key)][index_of(slot)].reset();
}

RedisCell Redis::cell(Key key, sim::Time now) {
  RedisCell cell{entry(key, now), {}};
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    cell.slots[slot] = slot_entry(key, static_cast<Slot>(slot), now);
  }
  return cell;
}

void Redis::put(Key key, const RedisCell& cell) {
  entries_[index_of(key)] = cell.value;
  slots_[index_of(key)] = cell.slots;
}

void Redis::leave_expiry_to_event(Key key) {
  entries_[index_of(key)]->expires = sim::time_never;
}

void Redis::leave_expiry_to_event(Key key, Slot slot) {
  slots_[index_of(key)][index_of(slot)]->expires = sim::time_never;
}

}  // namespace cacherace::models
