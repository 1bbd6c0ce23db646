#include "reports/holdings.hpp"

#include <algorithm>

namespace cacherace::reports {

using models::Fact;

Holding& Holdings::of(models::Key key) {
  const auto [place, is_new] = keys_.try_emplace(key);
  Holding& holding = place->second;
  if (!is_new) return holding;
  holding.replicas.resize(setup_.mysql.replicas);
  const auto& ttl = setup_.redis.ttl;
  if (setup_.keys.cached && (!ttl || sim::time_zero + *ttl > now_)) {
    holding.cached = 0;
    if (ttl) holding.expires = sim::time_zero + *ttl;
    next_expiry_ = std::min(next_expiry_, holding.expires);
  }
  return holding;
}

std::optional<Expiry> Holdings::expire_one(sim::Time until) {
  if (next_expiry_ > until) return std::nullopt;
  std::optional<Expiry> first;
  for (const auto& [key, holding] : keys_) {
    if (!holding.cached) continue;
    if (!first || holding.expires < first->at) first = Expiry{holding.expires, key};
  }
  next_expiry_ = first ? first->at : sim::time_never;
  if (next_expiry_ > until) return std::nullopt;
  keys_[first->key].cached.reset();
  return first;
}

bool Holdings::apply(const models::Record& record) {
  now_ = record.at;
  Holding& holding = of(record.key);
  const std::uint32_t value = models::number_of(record.row.value);
  switch (record.fact) {
    case Fact::committed:
      holding.primary = value;
      return true;
    case Fact::applied:
      holding.replicas[record.replica] = value;
      return true;
    case Fact::cache_set:
      holding.cached = value;
      holding.expires = record.until;
      next_expiry_ = std::min(next_expiry_, record.until);
      return true;
    case Fact::cache_deleted:
    case Fact::evicted:
      if (!holding.cached) return false;
      holding.cached.reset();
      return true;
    default:
      return false;
  }
}

}  // namespace cacherace::reports
