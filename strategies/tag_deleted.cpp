// Write the database, then tag the entry as deleted and keep its value: one loader refreshes it.
//
// Who uses it: dtm-labs/rockscache.
// Source: github.com/dtm-labs/rockscache, README and client.go (weak and strong fetch, TagAsDeleted).
// Hole: weak: the others are served the old value meanwhile, by design. strong: a loader that was overtaken
// returns what it read, though it may not put it into the cache (an inversion with two writers); a lagging
// replica.
#include "models/scripts.hpp"
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class TagDeleted final : public Strategy {
 public:
  explicit TagDeleted(const Parameters& parameters)
      : strong_(parameters.choice("mode") == "strong"),
        lock_ttl_(parameters.duration("lock_ttl")),
        retry_rejected_(parameters.flag("retry_rejected")) {}

  std::optional<Row> read(Session& session, Key key) const override {
    while (session.alive()) {
      const auto token = session.cache().new_token();
      const auto found = session.cache().eval(models::get_tagged, key, {.token = token, .ttl = lock_ttl_});
      if (found.busy && (strong_ || !found.row)) {
        session.start_over(poll_pause);
        continue;
      }
      if (!found.done) return found.row ? found.row : session.database().select(key);
      if (!strong_ && found.row) {
        session.background([key, token](Session& loader) { load(loader, key, token); });
        return found.row;
      }
      const auto loaded = load(session, key, token);
      if (!loaded.row || loaded.is_cached || !retry_rejected_) return loaded.row;
      session.start_over(sim::Duration{0});
    }
    return std::nullopt;
  }

  void write(Session& session, Key key, WriteId value) const override {
    if (!session.database().update(key, value)) return;
    session.cache().eval(models::tag_deleted, key, {});
  }

 private:
  struct Loaded {
    std::optional<Row> row;
    bool is_cached = false;
  };

  static Loaded load(Session& session, Key key, models::Token token) {
    const auto row = session.database().select(key);
    if (!row) return {};
    return {row, session.cache().eval(models::set_tagged, key, {.row = *row, .token = token}).done};
  }

  bool strong_;
  sim::Duration lock_ttl_;
  bool retry_rejected_;
};

}  // namespace

extern const StrategyInfo tag_deleted{
    .name = "tag-deleted",
    .summary = "Write the database, tag the entry as deleted; one loader refreshes it.",
    .writing = {"UPDATE key; commits",
                "TAG key as deleted, its value kept; whoever loads it is not the loader any more (script)"},
    .reading = {"GET key (script): untagged: return it; tagged or missing: the first becomes the loader",
                "others: weak: return the old value; strong, or no value: wait and look again",
                "loader: SELECT key; SET key if still the loader (weak with an old value: in the background)",
                "refused: again from the beginning (retry_rejected), or return"},
    .users = "dtm-labs/rockscache.",
    .hole = "weak: old values by design; strong: an inversion with two writers, unless retry_rejected.",
    .parameters = {{"mode",
                    ParameterKind::choice,
                    0,
                    "whether others are served the old value meanwhile",
                    {"weak", "strong"}},
                   {"lock_ttl", ParameterKind::duration, 3000000000, "how long one is the loader"},
                   {"retry_rejected", ParameterKind::flag, 0,
                    "a refused SET: read again from the beginning"}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> { return std::make_unique<TagDeleted>(p); },
};

}  // namespace cacherace::strategies
