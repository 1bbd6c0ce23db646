// Write the database; a consumer of the binlog deletes the cache entry.
//
// Who uses it: Canal, Debezium or Maxwell with a queue behind them.
// Source: Morling, "Automating Cache Invalidation With Change Data Capture", Debezium blog, 2018
// (debezium.io/blog/2018/12/05/automating-cache-invalidation-with-change-data-capture).
// Hole: the cache is old until the event arrives; a reader that selected before the COMMIT may fill after the
// DEL; the DEL may outrun a replica that reads are sent to; a lost event leaves the old value for good.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

constexpr LeasedFill leased_fill{.ttl = std::chrono::seconds(10)};

class BinlogDelete final : public Strategy {
 public:
  explicit BinlogDelete(const Parameters& parameters)
      : consumers_(static_cast<unsigned>(parameters.count("consumers"))),
        leased_(parameters.choice("fill") == "lease") {}

  std::optional<Row> read(Session& session, Key key) const override {
    return leased_ ? leased_fill.read(session, key) : read_plain(session, key);
  }

  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.consumers = consumers_}; }

  void consume(Session& session, const BinlogEvent& event) const override {
    session.cache().del(event.key, leased_ ? std::optional(models::Slot::lease) : std::nullopt);
  }

 private:
  unsigned consumers_;
  bool leased_;
};

}  // namespace

extern const StrategyInfo binlog_delete{
    .name = "binlog-delete",
    .summary = "Write the database; a consumer of the binlog deletes the entry.",
    .writing = {"UPDATE key; commits; return",
                "binlog -> queue -> consumer: DEL key (fill lease: and its lease)"},
    .reading = cache_aside_reading(),
    .users = "Canal, Debezium or Maxwell with a queue behind them.",
    .hole =
        "Old until the event arrives; a late fill after the DEL; the DEL outruns a replica; a lost event.",
    .parameters = {{"consumers", ParameterKind::count, 1, "consumers that share the queue's partitions"},
                   {"fill", ParameterKind::choice, 0, "the guard of a fill", {"plain", "lease"}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<BinlogDelete>(p);
    },
};

}  // namespace cacherace::strategies
