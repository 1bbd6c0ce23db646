// Write the database only; an entry carries its own expiry, after which one reader rebuilds it in the
// background and the others are served the old one.
//
// Who uses it: hot-key caches of e-commerce sites ("logical expiration"); JetCache.
// Source: "Preventing Cache Penetration with Mutex Locks and Logical Expiration in Redis (Java)"
// (besthub.dev, article 6278788f61de).
// Hole: every entry is old until its logical expiry, and until the rebuild is done; the rebuild is a late
// fill.
#include "models/scripts.hpp"
#include "strategies/rebuilds.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class LogicalExpiry final : public Strategy {
 public:
  explicit LogicalExpiry(const Parameters& parameters) : logical_ttl_(parameters.duration("logical_ttl")) {}

  std::optional<Row> read(Session& session, Key key) const override {
    return read_and_rebuild(session, key, logical_ttl_);
  }

  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.fresh = logical_ttl_}; }

 private:
  sim::Duration logical_ttl_;
};

}  // namespace

extern const StrategyInfo logical_expiry{
    .name = "logical-expiry",
    .summary = "Write the database; entries are rebuilt by one reader after their logical expiry.",
    .writing = {"UPDATE key; commits"},
    .reading = {"GET key (script): a hit returns it; due: the first reader rebuilds it in the background: "
                "SELECT, SET",
                "a miss: SELECT key", "SET key, fresh again; return it"},
    .users = "Hot-key caches with logical expiration.",
    .hole = "Old until the logical expiry and the rebuild; the rebuild is a late fill.",
    .parameters = {{"logical_ttl", ParameterKind::duration, 10000000000, "after how long an entry is due"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<LogicalExpiry>(p);
    },
};

}  // namespace cacherace::strategies
