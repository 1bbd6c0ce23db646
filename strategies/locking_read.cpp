// Write and delete in one transaction; a reader that misses fills while it holds the row shared (SELECT … FOR
// SHARE).
//
// Who uses it: services that let the database's row lock order fills and deletes.
// Source: MySQL 8.0 Reference Manual, 15.7.2.4 "Locking Reads".
// Hole: a reader whose session is killed loses the row before its SET is done. Reads that miss wait for
// writes, and hold them up.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class LockingRead final : public Strategy {
 public:
  explicit LockingRead(const Parameters&) {}

  std::optional<Row> read(Session& session, Key key) const override {
    if (const auto cached = session.cache().get(key)) return cached;
    session.database().begin();
    const auto row = session.database().select(key, models::RowLock::share);
    if (row) session.cache().set(key, *row);
    session.database().commit();
    return row;
  }

  void write(Session& session, Key key, WriteId value) const override {
    session.database().begin();
    if (!session.database().update(key, value)) return session.database().rollback();
    if (!session.cache().del(key)) return session.database().rollback();
    session.database().commit();
  }
};

}  // namespace

extern const StrategyInfo locking_read{
    .name = "locking-read",
    .summary = "Write and delete in one transaction; fill under SELECT … FOR SHARE.",
    .writing = {"BEGIN; UPDATE key", "DEL key; if it fails: ROLLBACK", "COMMIT"},
    .reading = {"GET key; a hit returns it", "BEGIN; SELECT key FOR SHARE", "SET key", "COMMIT; return it"},
    .users = "Services that let row locks order fills and deletes.",
    .hole = "A reader whose session is killed before its SET is done.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<LockingRead>(p); },
};

}  // namespace cacherace::strategies
