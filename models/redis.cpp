#include "models/redis.hpp"

namespace cacherace::models {
namespace {

std::optional<CacheEntry> initial_entry(const RedisSetup& setup, const KeysSetup& keys) {
  if (!keys.cached) return std::nullopt;
  return CacheEntry{{}, setup.ttl ? sim::time_zero + *setup.ttl : sim::time_never};
}

}  // namespace

Redis::Redis(const RedisSetup& setup, const KeysSetup& keys)
    : ttl_(setup.ttl), entries_(keys.count, initial_entry(setup, keys)) {}

void Redis::begin_run() {
  entries_.begin_run();
}

std::optional<CacheEntry>& Redis::entry(Key key, sim::Time now) {
  auto& found = entries_[index_of(key)];
  if (found && now >= found->expires) found.reset();
  return found;
}

sim::Time Redis::expiry(sim::Time now, std::optional<sim::Duration> px) const {
  const auto lifetime = px ? px : ttl_;
  return lifetime && *lifetime < sim::time_never - now ? now + *lifetime : sim::time_never;
}

std::optional<CacheEntry> Redis::get(Key key, sim::Time now) {
  return entry(key, now);
}

std::optional<CacheEntry> Redis::set(Key key, Row row, SetOptions options, sim::Time now) {
  auto& found = entry(key, now);
  if (options.only_if_absent && found) return std::nullopt;
  found = CacheEntry{row, expiry(now, options.expires_after)};
  return found;
}

bool Redis::del(Key key, sim::Time now) {
  auto& found = entry(key, now);
  const bool existed = found.has_value();
  found.reset();
  return existed;
}

bool Redis::eval(const Script& script, Key key, Row row, sim::Time now) {
  auto& found = entry(key, now);
  std::optional<Row> value;
  if (found) value = found->row;
  const bool reply = script.model(value, row);
  if (!value) {
    found.reset();
  } else if (!found || found->row != *value) {
    found = CacheEntry{*value, expiry(now, std::nullopt)};
  }
  return reply;
}

void Redis::leave_expiry_to_event(Key key) {
  entries_[index_of(key)]->expires = sim::time_never;
}

const Script set_if_newer{
    .name = "set_if_newer",
    .lua =
        "local cached = redis.call('HGET', KEYS[1], 'version')\n"
        "if cached and tonumber(cached) >= tonumber(ARGV[2]) then return 0 end\n"
        "redis.call('HSET', KEYS[1], 'value', ARGV[1], 'version', ARGV[2])\n"
        "return 1\n",
    .model =
        [](std::optional<Row>& entry, const Row& sent) {
          if (entry && entry->version >= sent.version) return false;
          entry = sent;
          return true;
        },
};

}  // namespace cacherace::models
