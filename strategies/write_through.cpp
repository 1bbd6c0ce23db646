// Write database and cache through the one owner of the key inside the service.
//
// Who uses it: caches that own the way to the database (JetCache, Caffeine or Guava loading caches with a
// partition owner; Ehcache write-through).
// Source: Oracle Coherence 3.7.1, "Read-Through, Write-Through, Write-Behind, and Refresh-Ahead Caching"
// (docs.oracle.com/cd/E24290_01/coh.371/e22840/readthrough.htm).
// Hole: none while the owner is unique; two owners (a split service, an owner that crashed with a command
// under way) race like anybody.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class WriteThrough final : public Strategy {
 public:
  explicit WriteThrough(const Parameters&) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_owned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    session.enter(key);
    const auto row = session.database().update(key, value);
    if (row && !session.cache().set(key, *row)) session.cache().del(key);
    session.leave(key);
  }
};

}  // namespace

extern const StrategyInfo write_through{
    .name = "write-through",
    .summary = "Write database, then cache, through one owner of the key.",
    .writing = {"wait to be the key's owner", "UPDATE key; commits", "SET key to the new row"},
    .reading = {"GET key; a hit returns it", "wait to be the key's owner; GET again: a hit returns it",
                "SELECT key", "SET key; return it"},
    .users = "Caches that own the way to the database.",
    .hole = "None while the owner is unique.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<WriteThrough>(p);
    },
};

}  // namespace cacherace::strategies
