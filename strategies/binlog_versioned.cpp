// Write the database; a consumer of the binlog sets the entry if the event is newer; fills do the same.
//
// Who uses it: Uber's CacheFront (its Flux reads the binlog), LinkedIn's cache of profiles.
// Source: Uber Engineering, "How Uber Serves Over 40 Million Reads Per Second from Online Storage Using an
// Integrated Cache" (2024); Pham and Lu, "Upscaling LinkedIn's Profile Datastore While Reducing Costs" (2023,
// engineering.linkedin.com/blog/2023/upscaling-profile-datastore-while-reducing-costs).
// Hole: the cache is old until the event arrives; it never stays so, unless the event is lost.
#include "models/scripts.hpp"
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class BinlogVersioned final : public Strategy {
 public:
  explicit BinlogVersioned(const Parameters& parameters)
      : consumers_(static_cast<unsigned>(parameters.count("consumers"))) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_versioned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.consumers = consumers_}; }

  void consume(Session& session, const BinlogEvent& event) const override {
    session.cache().eval(models::set_if_newer, event.key, {.row = event.row});
  }

 private:
  unsigned consumers_;
};

}  // namespace

extern const StrategyInfo binlog_versioned{
    .name = "binlog-versioned",
    .summary = "Write the database; a consumer of the binlog sets the entry if newer.",
    .writing = {"UPDATE key; commits; return",
                "binlog -> queue -> consumer: SET key to the event's row if newer (script)"},
    .reading = {"GET key; a hit returns it", "SELECT key", "SET key if newer (script); return it"},
    .users = "Uber's CacheFront, LinkedIn's cache of profiles.",
    .hole = "Old until the event arrives; a lost event.",
    .parameters = {{"consumers", ParameterKind::count, 1, "consumers that share the queue's partitions"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<BinlogVersioned>(p);
    },
};

}  // namespace cacherace::strategies
