// Write the database, then delete the entry; shortly before an entry expires one reader rebuilds it in the
// background.
//
// Who uses it: Caffeine's refreshAfterWrite, Coherence's refresh-ahead caches, JetCache's refresh policy.
// Source: Caffeine, "Refresh" (github.com/ben-manes/caffeine/wiki/Refresh); Oracle Coherence 3.7.1,
// "Read-Through, Write-Through, Write-Behind, and Refresh-Ahead Caching".
// Hole: the rebuild is a late fill that no DEL waits for.
#include "models/scripts.hpp"
#include "strategies/rebuilds.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class RefreshAhead final : public Strategy {
 public:
  explicit RefreshAhead(const Parameters& parameters)
      : refresh_before_(parameters.duration("refresh_before")) {}

  std::optional<Row> read(Session& session, Key key) const override {
    const auto ttl = session.cache().ttl();
    const auto fresh = ttl ? std::max(*ttl - refresh_before_, sim::Duration{1}) : sim::Duration{0};
    return read_and_rebuild(session, key, fresh);
  }

  void write(Session& session, Key key, WriteId value) const override {
    if (session.database().update(key, value)) session.cache().del(key);
  }

  [[nodiscard]] ServiceSetup service() const override { return {.refresh_before = refresh_before_}; }

 private:
  sim::Duration refresh_before_;
};

}  // namespace

extern const StrategyInfo refresh_ahead{
    .name = "refresh-ahead",
    .summary = "Write, delete; one reader rebuilds an entry before its TTL ends.",
    .writing = {"UPDATE key; commits", "DEL key"},
    .reading = {"GET key (script): a hit returns it; due: the first reader rebuilds it in the background: "
                "SELECT, SET",
                "a miss: SELECT key", "SET key, fresh again; return it"},
    .users = "Caffeine's refreshAfterWrite, Coherence, JetCache.",
    .hole = "The rebuild is a late fill.",
    .parameters = {{"refresh_before", ParameterKind::duration, 1000000000,
                    "how long before the end of redis.ttl an entry is due"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<RefreshAhead>(p);
    },
};

}  // namespace cacherace::strategies
