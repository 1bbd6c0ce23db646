// Delete the cache entry inside the transaction, before its COMMIT.
//
// Who uses it: cache annotations on a transactional method (Spring's @CacheEvict inside @Transactional, where
// the proxies are nested the wrong way round).
// Source: Spring Framework reference, "Cache Abstraction" and "Transaction Management": the order of the
// advices decides.
// Hole: a reader between the DEL and the COMMIT misses, reads the old version and puts it back.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class DeleteInTransaction final : public Strategy {
 public:
  explicit DeleteInTransaction(const Parameters&) {}

  void write(Session& session, Key key, WriteId value) const override {
    session.database().begin();
    if (!session.database().update(key, value)) return session.database().rollback();
    session.cache().del(key);
    session.database().commit();
  }
};

}  // namespace

extern const StrategyInfo delete_in_transaction{
    .name = "delete-in-transaction",
    .summary = "Delete the entry inside the transaction, before its COMMIT.",
    .writing = {"BEGIN; UPDATE key", "DEL key", "COMMIT"},
    .reading = cache_aside_reading(),
    .users = "Cache annotations inside a transaction.",
    .hole = "A reader between the DEL and the COMMIT puts the old value back.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<DeleteInTransaction>(p);
    },
};

}  // namespace cacherace::strategies
