// Write the database and a row of an outbox table in one transaction; a relay reads the table and publishes;
// a consumer deletes the entry.
//
// Who uses it: transactional outboxes (Debezium's outbox router, in-house pollers).
// Source: Richardson, "Pattern: Transactional outbox", microservices.io.
// Hole: as binlog-delete, and older by the relay's interval; but no event comes before its commit is visible.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class Outbox final : public Strategy {
 public:
  explicit Outbox(const Parameters& parameters) : poll_interval_(parameters.duration("poll_interval")) {}

  // The row and its outbox row are sent and committed together.
  void write(Session& session, Key key, WriteId value) const override {
    session.database().update(key, value);
  }

  [[nodiscard]] ServiceSetup service() const override {
    return {.consumers = 1, .reads_outbox = true, .polled_every = poll_interval_};
  }

  void consume(Session& session, const BinlogEvent& event) const override { session.cache().del(event.key); }

 private:
  sim::Duration poll_interval_;
};

}  // namespace

extern const StrategyInfo outbox{
    .name = "outbox",
    .summary = "Write database and outbox in one transaction; a relay publishes, a consumer deletes.",
    .writing = {"UPDATE key and INSERT into the outbox, one transaction; return",
                "within poll_interval: the relay publishes -> queue -> consumer: DEL key"},
    .reading = cache_aside_reading(),
    .users = "Transactional outboxes.",
    .hole = "As binlog-delete, older by the relay's interval.",
    .parameters = {{"poll_interval", ParameterKind::duration, 100000000,
                    "how often the relay reads the outbox"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<Outbox>(p); },
};

}  // namespace cacherace::strategies
