// Write and fill under one lock for each key, in Redis.
//
// Who uses it: Redisson's locks around cache and database; many in-house wrappers.
// Source: Redis documentation, "Distributed Locks with Redis"; Kleppmann, "How to do distributed locking"
// (2016).
// Hole: a lock that expires while its holder still works: then two are inside. Every write waits for every
// fill.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class Locked final : public Strategy {
 public:
  explicit Locked(const Parameters& parameters)
      : fill_{parameters.duration("lock_ttl"), parameters.flag("fenced")},
        lock_fill_(parameters.flag("lock_fill")),
        lock_write_(parameters.flag("lock_write")) {}

  std::optional<Row> read(Session& session, Key key) const override {
    return lock_fill_ ? fill_.read(session, key) : read_plain(session, key);
  }

  void write(Session& session, Key key, WriteId value) const override {
    if (!lock_write_) return write_and_delete(session, key, value);
    const auto token = lock_key(session, key, fill_.ttl);
    write_and_delete(session, key, value);
    unlock_key(session, key, token);
  }

 private:
  static void write_and_delete(Session& session, Key key, WriteId value) {
    if (session.database().update(key, value)) session.cache().del(key);
  }

  LockedFill fill_;
  bool lock_fill_;
  bool lock_write_;
};

}  // namespace

extern const StrategyInfo locked{
    .name = "locked",
    .summary = "Write and fill under one lock for each key.",
    .writing = {"LOCK key (unless lock_write is false)", "UPDATE key; commits", "DEL key", "UNLOCK key"},
    .reading = {"GET key; a hit returns it",
                "LOCK key (unless lock_fill is false); GET again: a hit returns it", "SELECT key",
                "SET key (fenced: if the lock is still mine)", "UNLOCK key"},
    .users = "Redisson's locks around cache and database.",
    .hole = "A lock that expires while its holder still works.",
    .parameters = {{"lock_ttl", ParameterKind::duration, 30000000000, "how long a lock lives"},
                   {"lock_fill", ParameterKind::flag, 1, "fills take the lock"},
                   {"lock_write", ParameterKind::flag, 1, "writes take the lock"},
                   {"fenced", ParameterKind::flag, 0, "a fill is refused once the lock is another's"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<Locked>(p); },
};

}  // namespace cacherace::strategies
