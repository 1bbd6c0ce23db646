// Write the database, then leave a tombstone with the version: older fills are refused while it lives.
//
// Who uses it: Shopify's IdentityCache (its marker has no version: memcached's CAS number tells a late fill
// from a new one).
// Source: IdentityCache, lib/identity_cache/cache_fetcher.rb, delete and upsert
// (github.com/Shopify/identity_cache); the scripts set_if_newer and bury of models/scripts.cpp do it with
// versions.
// Hole: a tombstone that expires or is evicted before the last late fill.
#include "models/scripts.hpp"
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class VersionedTombstone final : public Strategy {
 public:
  explicit VersionedTombstone(const Parameters& parameters)
      : tombstone_ttl_(parameters.duration("tombstone_ttl")) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_versioned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    const auto row = session.database().update(key, value);
    if (row) session.cache().eval(models::bury, key, {.row = *row, .ttl = tombstone_ttl_});
  }

 private:
  sim::Duration tombstone_ttl_;
};

}  // namespace

extern const StrategyInfo versioned_tombstone{
    .name = "versioned-tombstone",
    .summary = "Write the database, leave a tombstone with the version; fills are set-if-newer.",
    .writing = {"UPDATE key; commits", "DEL key, SET its tombstone to the version (script)"},
    .reading = {"GET key; a hit returns it", "SELECT key",
                "SET key if newer than the entry, and not older than the tombstone (script)"},
    .users = "Shopify's IdentityCache, with memcached's CAS number as the version.",
    .hole = "A tombstone that expires or is evicted before the last late fill.",
    .parameters = {{"tombstone_ttl", ParameterKind::duration, 10000000000, "how long a tombstone lives"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<VersionedTombstone>(p);
    },
};

}  // namespace cacherace::strategies
