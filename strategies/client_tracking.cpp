// Each client keeps copies in its own memory, and Redis tells it when a key has changed (CLIENT TRACKING).
//
// Who uses it: Redis's client-side caching in Lettuce, Jedis, redis-py and rueidis; Caffeine before Redis.
// Source: redis.io/docs/latest/develop/reference/client-side-caching; what it calls
// a placeholder (under "avoiding race conditions") marks that a reply is awaited, so that news drops it.
// Hole: until the news of a DEL has arrived, the copy is served. Without the placeholder it may overtake the
// reply to the GET: then an old copy is kept that Redis tells nothing about any more. What Redis has wrong,
// the copies have wrong, too.
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class ClientTracking final : public Strategy {
 public:
  explicit ClientTracking(const Parameters& parameters) : placeholder_(parameters.flag("placeholder")) {}

  std::optional<Row> read(Session& session, Key key) const override {
    if (const auto copy = session.copy(key)) return copy;
    session.expect_copy(key);
    if (const auto cached = session.cache().get_tracked(key)) {
      session.keep_copy(key, *cached, placeholder_);
      return cached;
    }
    const auto row = session.database().select(key);
    if (row) session.cache().set(key, *row);
    return row;
  }

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    session.cache().del(key);
  }

 private:
  bool placeholder_;
};

}  // namespace

extern const StrategyInfo client_tracking{
    .name = "client-tracking",
    .summary = "Copies in each client's memory, of whose changes Redis tells (CLIENT TRACKING).",
    .writing = {"UPDATE key; commits", "DEL key; Redis tells those who have a copy"},
    .reading = {"its own copy, if there is one", "GET key, tracked; a hit is kept as a copy and returned",
                "SELECT key", "SET key; return it"},
    .users = "Client-side caching of Redis in Lettuce, Jedis, redis-py, rueidis.",
    .hole =
        "The copy is served until the news has arrived; without the placeholder, news that overtakes a "
        "reply is missed for good.",
    .parameters = {{"placeholder",
                    ParameterKind::flag,
                    1,
                    "keep a copy only if no news of the key came since its GET was sent",
                    {}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<ClientTracking>(p);
    },
};

}  // namespace cacherace::strategies
