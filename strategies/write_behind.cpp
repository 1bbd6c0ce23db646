// Write the cache and return; flush to the database later.
//
// Who uses it: Hazelcast and Coherence write-behind maps; counters kept in Redis.
// Source: Oracle Coherence 3.7.1, "Read-Through, Write-Through, Write-Behind, and Refresh-Ahead Caching"
// (docs.oracle.com/cd/E24290_01/coh.371/e22840/readthrough.htm).
// Hole: what is not yet flushed is lost with its writer, though it was acknowledged; until the flush every
// reader sees an uncommitted version.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class WriteBehind final : public Strategy {
 public:
  explicit WriteBehind(const Parameters& parameters) : flush_delay_(parameters.duration("flush_delay")) {}

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.cache().set(key, Row{.value = value})) {
      session.database().update(key, value);
      return;
    }
    session.acknowledge();
    session.background([this, key, value](Session& flusher) {
      flusher.sleep(flush_delay_);
      flusher.database().update(key, value);
    });
  }

 private:
  sim::Duration flush_delay_;
};

}  // namespace

extern const StrategyInfo write_behind{
    .name = "write-behind",
    .summary = "Write the cache and return; flush to the database later.",
    .writing = {"SET key to the new value; return (if it fails: UPDATE at once)",
                "flush_delay later: UPDATE key; commits"},
    .reading = cache_aside_reading(),
    .users = "Hazelcast and Coherence write-behind maps.",
    .hole = "A crash before the flush: an acknowledged write is lost.",
    .parameters = {{"flush_delay", ParameterKind::duration, 1000000000, "from the SET to the UPDATE"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<WriteBehind>(p); },
};

}  // namespace cacherace::strategies
