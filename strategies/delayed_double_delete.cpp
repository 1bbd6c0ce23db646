// Delete the cache, write the database, wait, delete the cache again.
//
// Who uses it: the folk remedy "sleep 500 ms"; common advice for MySQL with replicas.
// Source: Maeteno, "Redis Cache Inconsistency - Delayed Double Deletion"
// (blog.maeteno.com/en/development/redis-cache-uniformity).
// Hole: a reader that is later than the sleep. The sleep must outlast the slowest SELECT and SET of a reader,
// and the replication lag where reads go to a replica.
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class DelayedDoubleDelete final : public Strategy {
 public:
  explicit DelayedDoubleDelete(const Parameters& parameters)
      : sleep_(parameters.duration("sleep")),
        async_(parameters.flag("async")),
        first_delete_(parameters.flag("first_delete")),
        abort_on_error_(parameters.choice("on_error") == "abort") {}

  void write(Session& session, Key key, WriteId value) const override {
    if (first_delete_ && !session.cache().del(key) && abort_on_error_) return;
    if (!session.database().update(key, value)) return;
    if (async_) {
      session.background([this, key](Session& timer) { delete_later(timer, key); });
    } else {
      delete_later(session, key);
    }
  }

 private:
  void delete_later(Session& session, Key key) const {
    session.sleep(sleep_);
    session.cache().del(key);
  }

  sim::Duration sleep_;
  bool async_;
  bool first_delete_;
  bool abort_on_error_;
};

}  // namespace

extern const StrategyInfo delayed_double_delete{
    .name = "delayed-double-delete",
    .summary = "Delete, write, sleep, delete again.",
    .writing = {"DEL key (unless first_delete is false; with on_error abort: give up if it fails)",
                "UPDATE key; commits", "sleep (async: return here, a timer does the rest)", "DEL key"},
    .reading = cache_aside_reading(),
    .users = "The folk remedy \"sleep 500 ms and delete again\".",
    .hole = "A reader later than the sleep; a second DEL that fails, or a crash during the sleep.",
    .parameters =
        {{"sleep", ParameterKind::duration, 500'000'000, "from the COMMIT's reply to the second DEL"},
         {"async", ParameterKind::flag, 0, "the write returns after the COMMIT, a timer deletes"},
         {"first_delete", ParameterKind::flag, 1, "whether the first DEL is done at all"},
         {"on_error", ParameterKind::choice, 0, "what a failed first DEL does", {"continue", "abort"}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<DelayedDoubleDelete>(p);
    },
};

}  // namespace cacherace::strategies
