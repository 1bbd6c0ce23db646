// Write the database; a consumer of the binlog writes the new row into the cache.
//
// Who uses it: Redis Data Integration; Canal, Debezium or Maxwell with a queue behind them, where misses are
// dear.
// Source: Redis documentation, "Redis Data Integration", architecture: a collector of changes (Debezium), a
// stream, a processor that writes the rows into Redis
// (redis.io/docs/latest/integrate/redis-data-integration).
// Hole: as binlog-delete; and events that are repeated or out of order put an old row over a newer one.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class BinlogUpdate final : public Strategy {
 public:
  explicit BinlogUpdate(const Parameters& parameters)
      : consumers_(static_cast<unsigned>(parameters.count("consumers"))) {}

  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.consumers = consumers_}; }

  void consume(Session& session, const BinlogEvent& event) const override {
    session.cache().set(event.key, event.row);
  }

 private:
  unsigned consumers_;
};

}  // namespace

extern const StrategyInfo binlog_update{
    .name = "binlog-update",
    .summary = "Write the database; a consumer of the binlog sets the entry.",
    .writing = {"UPDATE key; commits; return", "binlog -> queue -> consumer: SET key to the event's row"},
    .reading = cache_aside_reading(),
    .users = "Canal, Debezium or Maxwell with a queue behind them, where misses are dear.",
    .hole = "Old until the event arrives; a late fill; repeated or reordered events; a lost event.",
    .parameters = {{"consumers", ParameterKind::count, 1, "consumers that share the queue's partitions"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<BinlogUpdate>(p);
    },
};

}  // namespace cacherace::strategies
