#include "reports/holdings.hpp"

#include <algorithm>

#include "reports/step_words.hpp"

namespace cacherace::reports {

using models::Fact;

Holding& Holdings::of(models::Key key) {
  const auto [place, is_new] = keys_.try_emplace(key);
  Holding& holding = place->second;
  if (!is_new) return holding;
  holding.replicas.resize(setup_.mysql.replicas);
  const auto& ttl = setup_.redis.ttl;
  // With a jitter the key's first operation will say it.
  const sim::Time expires = !ttl || is_jittered() ? sim::time_never : sim::time_zero + *ttl;
  const bool has_row = setup_.keys.starts_with_row(models::index_of(key));
  if (setup_.keys.cached && has_row && expires > now_) {
    holding.cached = 0;
    holding.expires = expires;
    next_expiry_ = std::min(next_expiry_, holding.expires);
  }
  return holding;
}

Contents Holdings::contents(models::Key key) {
  const Holding& holding = of(key);
  Contents all{.key = key_text(key), .primary = version_text(holding.primary)};
  if (holding.cached) all.redis = version_text(*holding.cached);
  for (const auto value : holding.replicas) all.replicas.push_back(version_text(value));
  for (const auto value : holding.queue) all.queue += (all.queue.empty() ? "" : " ") + version_text(value);
  all.differs = holding.cached && *holding.cached != holding.primary;
  return all;
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

void Holdings::apply_to_queue(const models::Record& record) {
  auto& messages = of(record.key).queue;
  const auto value = models::number_of(record.row.value);
  if (record.fact == Fact::published || record.fact == Fact::sent_again) messages.push_back(value);
  if (record.fact != Fact::delivered) return;
  const auto gone = std::ranges::find(messages, value);
  if (gone != messages.end()) messages.erase(gone);
}

bool Holdings::is_overtaken(const models::Record& record) {
  return of(record.key).primary != models::number_of(record.row.value);
}

bool Holdings::apply(const models::Record& record) {
  now_ = record.at;
  if (has_queue_) apply_to_queue(record);
  Holding& holding = of(record.key);
  const std::uint32_t value = models::number_of(record.row.value);
  switch (record.fact) {
    case Fact::invoked:
      if (!is_jittered() || !holding.is_first || !holding.cached) return false;
      holding.expires = record.until;
      if (holding.expires <= now_) holding.cached.reset();
      next_expiry_ = std::min(next_expiry_, holding.expires);
      return false;
    case Fact::committed:
      holding.primary = value;
      return true;
    case Fact::rolled_back:
      holding.primary = value;
      return true;
    case Fact::applied:
      holding.replicas[record.replica] = value;
      return true;
    case Fact::cache_set:
    case Fact::restored:
      holding.cached = value;
      holding.is_first = false;
      holding.expires = record.until;
      next_expiry_ = std::min(next_expiry_, record.until);
      return true;
    case Fact::cache_deleted:
    case Fact::evicted:
    case Fact::expired:
      if (!holding.cached) return false;
      holding.cached.reset();
      return true;
    default:
      return false;
  }
}

}  // namespace cacherace::reports
