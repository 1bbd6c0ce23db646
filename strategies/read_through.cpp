// Read misses and writes go through the one owner of the key inside the service; a write deletes the entry.
//
// Who uses it: loading caches whose partitions have one owner (Caffeine, Guava, Coherence read-through).
// Source: Oracle Coherence 3.7.1, "Read-Through, Write-Through, Write-Behind, and Refresh-Ahead Caching"
// (docs.oracle.com/cd/E24290_01/coh.371/e22840/readthrough.htm).
// Hole: none while the owner is unique; two owners (a split service, an owner that crashed with a command
// under way) race like anybody.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class ReadThrough final : public Strategy {
 public:
  explicit ReadThrough(const Parameters&) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_owned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    session.enter(key);
    if (session.database().update(key, value)) session.cache().del(key);
    session.leave(key);
  }
};

}  // namespace

extern const StrategyInfo read_through{
    .name = "read-through",
    .summary = "Load misses, and write, through one owner of the key.",
    .writing = {"wait to be the key's owner", "UPDATE key; commits", "DEL key"},
    .reading = {"GET key; a hit returns it", "wait to be the key's owner; GET again: a hit returns it",
                "SELECT key", "SET key; return it"},
    .users = "Loading caches whose partitions have one owner.",
    .hole = "None while the owner is unique.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<ReadThrough>(p); },
};

}  // namespace cacherace::strategies
