// Write the database, then delete the cache: the cache-aside pattern.
//
// Who uses it: the common default; Facebook's memcache before leases.
// Source: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 2; "Cache-Aside pattern", Azure
// Architecture Center (learn.microsoft.com/azure/architecture/patterns/cache-aside).
// Hole: a reader that selected before the COMMIT and fills after the DEL; a DEL that fails, or a writer that
// crashes before it, leaves the old value for good.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class WriteThenDelete final : public Strategy {
 public:
  explicit WriteThenDelete(const Parameters&) {}

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    session.cache().del(key);
  }
};

}  // namespace

extern const StrategyInfo write_then_delete{
    .name = "write-then-delete",
    .summary = "Write the database, then delete the cache entry (cache-aside).",
    .writing = {"UPDATE key; commits", "DEL key"},
    .reading = cache_aside_reading(),
    .users = "The common default of services with a cache beside a database.",
    .hole =
        "A reader that selected before the COMMIT and fills after the DEL; a failed DEL or a crash before "
        "it.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<WriteThenDelete>(p);
    },
};

}  // namespace cacherace::strategies
