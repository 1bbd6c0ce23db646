// Write the database, then delete the entry and void the lease; only a reader with a valid lease may fill.
//
// Who uses it: Facebook's memcache.
// Source: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1.
// Hole: readers without the lease that go to the database may return a newer version than one that the leased
// reader, refused, returns later (an inversion); a replica that lags fills an old version under a valid
// lease.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class Lease final : public Strategy {
 public:
  explicit Lease(const Parameters& parameters)
      : fill_{parameters.duration("lease_ttl"),
              parameters.choice("losers") == "wait" ? Losers::wait : Losers::read_database,
              parameters.flag("retry_rejected")} {}

  std::optional<Row> read(Session& session, Key key) const override { return fill_.read(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    session.cache().del(key, models::Slot::lease);
  }

 private:
  LeasedFill fill_;
};

}  // namespace

extern const StrategyInfo lease{
    .name = "lease",
    .summary = "Write the database, delete the entry and void the lease; only a valid lease fills.",
    .writing = {"UPDATE key; commits", "DEL key and its lease"},
    .reading =
        {"GET key; a hit returns it; a miss takes the lease, if nobody has it",
         "without the lease: wait and look again (losers wait), or SELECT and return", "SELECT key",
         "SET key if the lease is still mine; refused: again from the beginning (retry_rejected), or return"},
    .users = "Facebook's memcache (Nishtala et al., NSDI 2013).",
    .hole = "Inversions without retry_rejected or with losers read-database; a fill from a lagging replica.",
    .parameters = {{"losers",
                    ParameterKind::choice,
                    0,
                    "what a reader does that misses while another has the lease",
                    {"wait", "read-database"}},
                   {"retry_rejected", ParameterKind::flag, 1, "a refused SET: read again from the beginning"},
                   {"lease_ttl", ParameterKind::duration, 10000000000, "how long a lease lives"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<Lease>(p); },
};

}  // namespace cacherace::strategies
