// Write the database, then write the new row into the cache.
//
// Who uses it: code beside a cache as Ehcache's guide has it; services that fear the miss after a delete.
// Source: Ehcache 2.10, "Cache Usage Patterns", cache-aside: write the system of record, then put
// (documentation.softwareag.com/terracotta/ehcache_210/webhelp/ehcache-webhelp/co-pattrn_cache_aside.html).
// Hole: two writers may set the cache in the opposite order of their commits; a late fill.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class WriteThenUpdate final : public Strategy {
 public:
  explicit WriteThenUpdate(const Parameters&) {}

  void write(Session& session, Key key, WriteId value) const override {
    if (const auto row = session.database().update(key, value)) session.cache().set(key, *row);
  }
};

}  // namespace

extern const StrategyInfo write_then_update{
    .name = "write-then-update",
    .summary = "Write the database, then set the cache entry.",
    .writing = {"UPDATE key; commits", "SET key to the new row"},
    .reading = cache_aside_reading(),
    .users = "Services that fear the miss after a delete.",
    .hole =
        "Two writers whose SETs land in the opposite order of their commits, no reader needed; a late fill.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<WriteThenUpdate>(p);
    },
};

}  // namespace cacherace::strategies
