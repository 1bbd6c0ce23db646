// Write the database, then delete the entry; a fill goes through a script that refuses older versions.
//
// Who uses it: services that added versions to their fills and kept the plain DEL.
// Source: "Cache made consistent", Engineering at Meta, 2022
// (engineering.fb.com/2022/06/08/core-infra/cache-made-consistent): versions order fills and invalidations
// only as long as the cache keeps the newest one.
// Hole: the DEL forgets the version: after it the script has nothing to compare with, and takes a late fill.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class VersionedFill final : public Strategy {
 public:
  explicit VersionedFill(const Parameters&) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_versioned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    session.cache().del(key);
  }
};

}  // namespace

extern const StrategyInfo versioned_fill{
    .name = "versioned-fill",
    .summary = "Write the database, delete the entry; fills are set-if-newer.",
    .writing = {"UPDATE key; commits", "DEL key"},
    .reading = {"GET key; a hit returns it", "SELECT key", "SET key if newer (script); return it"},
    .users = "Services that added versions to fills and kept the DEL.",
    .hole = "The DEL forgets the version: a common mistake.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<VersionedFill>(p);
    },
};

}  // namespace cacherace::strategies
