// Write the database and leave the cache to its TTL.
//
// Who uses it: services that can bear data as old as the TTL.
// Source: Amazon ElastiCache, "Caching strategies", lazy loading and adding TTL
// (docs.aws.amazon.com/AmazonElastiCache/latest/dg/Strategies.html).
// Hole: every cached entry is stale until it expires (and a late fill starts the TTL anew); without redis.ttl
// forever.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class TtlOnly final : public Strategy {
 public:
  explicit TtlOnly(const Parameters&) {}

  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }
};

}  // namespace

extern const StrategyInfo ttl_only{
    .name = "ttl-only",
    .summary = "Write the database; the entry lives until its TTL (redis.ttl) ends.",
    .writing = {"UPDATE key; commits"},
    .reading = cache_aside_reading(),
    .users = "Services that can bear data as old as the TTL.",
    .hole = "Stale until the entry expires; without redis.ttl for good.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<TtlOnly>(p); },
};

}  // namespace cacherace::strategies
