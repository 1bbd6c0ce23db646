// Write the database, then delete the cache entry; a DEL that fails is put into a queue, whose consumer tries
// again.
//
// Who uses it: the article's remedy against deletes that fail; services with a message queue at hand.
// Source: Kaito, "Ensuring Cache and Database Consistency: Strategies and Best Practices", the part about
// retries through a message queue (besthub.dev, article 0372334a254d).
// Hole: the old value lives until the retry; a late fill, as in write-then-delete; a message that is lost, or
// a writer that crashes before it is sent.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class DeleteWithRetry final : public Strategy {
 public:
  explicit DeleteWithRetry(const Parameters& parameters) : retry_delay_(parameters.duration("retry_delay")) {}

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    delete_or_enqueue(session, key);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.consumers = 1, .follows_binlog = false}; }

  void consume(Session& session, const BinlogEvent& message) const override {
    delete_or_enqueue(session, message.key);
  }

 private:
  void delete_or_enqueue(Session& session, Key key) const {
    if (!session.cache().del(key)) session.enqueue(key, retry_delay_);
  }

  sim::Duration retry_delay_;
};

}  // namespace

extern const StrategyInfo delete_with_retry{
    .name = "delete-with-retry",
    .summary = "Write the database, delete the entry; a failed DEL is retried by a consumer.",
    .writing = {"UPDATE key; commits", "DEL key; if it fails: enqueue, return",
                "consumer, retry_delay later: DEL key, until it succeeds"},
    .reading = cache_aside_reading(),
    .users = "Services with a message queue at hand (the article's remedy).",
    .hole = "The old value until the retry; a late fill; a lost message, or a crash before it is sent.",
    .parameters = {{"retry_delay", ParameterKind::duration, 100000000,
                    "from the failed DEL to the next try"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<DeleteWithRetry>(p);
    },
};

}  // namespace cacherace::strategies
