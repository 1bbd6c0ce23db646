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

Redis::Redis(const RedisSetup& setup, const KeysSetup& keys)
    : keys_(keys),
      ttl_(setup.ttl),
      negative_ttl_(setup.negative_ttl),
      jittered_ttl_(jittered(setup)),
      entries_(keys.count, initial_entry(keys)),
      drawn_(jittered_ttl_ ? keys.count : 0, 0) {}

void Redis::begin_run(std::uint64_t seed, std::uint64_t run) {
  seed_ = seed;
  run_ = run;
  entries_.begin_run();
  drawn_.begin_run();
}

std::optional<CacheEntry>& Redis::entry(Key key, sim::Time now) {
  auto& found = entries_[index_of(key)];
  if (!found) return found;
  if (found->expires == not_known) found->expires = initial_expiry(key);
  if (now >= found->expires) found.reset();
  return found;
}

sim::Time Redis::initial_expiry(Key key) const {
  if (!keys_.starts_with_row(index_of(key))) return sim::time_zero;
  if (!ttl_) return sim::time_never;
  return sim::time_zero + (jittered_ttl_ ? draw_ttl(key, 0) : *ttl_);
}

sim::Duration Redis::draw_ttl(Key key, std::uint32_t number) const {
  const auto draws = sim::draw_pair(seed_, run_, purpose(index_of(key), Role::ttl_jitter), number);
  return jittered_ttl_->at(sim::fraction(draws.first));
}

sim::Time Redis::expiry(Key key, const Row& row, sim::Time now, std::optional<sim::Duration> px) {
  auto lifetime = px ? px : ttl_;
  if (!px && negative_ttl_ && keys_.is_absence(key, row)) {
    lifetime = negative_ttl_;
  } else if (!px && jittered_ttl_) {
    lifetime = draw_ttl(key, ++drawn_[index_of(key)]);
  }
  return lifetime && *lifetime < sim::time_never - now ? now + *lifetime : sim::time_never;
}

std::optional<CacheEntry> Redis::get(Key key, sim::Time now) {
  return entry(key, now);
}

std::optional<CacheEntry> Redis::set(Key key, Row row, SetOptions options, sim::Time now) {
  auto& found = entry(key, now);
  if (options.only_if_absent && found) return std::nullopt;
  found = CacheEntry{row, expiry(key, row, now, options.expires_after)};
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
    found = CacheEntry{*value, expiry(key, *value, now, std::nullopt)};
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
