// Mark the key as being written, write the database, take the mark away; readers go past a marked key to the
// database, and fill nothing.
//
// Who uses it: Facebook's memcache between regions ("remote markers"); services that mark keys under write
// (an "invalidation pending" flag beside the entry).
// Source: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 5: a marker is set, the master
// is written, the key is deleted; who misses and finds the marker reads the master. Counted marks and leased
// fills are ours.
// Hole: with plain fills a reader that read before the mark fills after it; a mark that expires, or one mark
// for two writers (counted false), ends too early.
#include "models/scripts.hpp"
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

constexpr sim::Duration lease_ttl = std::chrono::seconds(10);

class PendingMarker final : public Strategy {
 public:
  explicit PendingMarker(const Parameters& parameters)
      : marker_ttl_(parameters.duration("marker_ttl")),
        counted_(parameters.flag("counted")),
        leased_(parameters.choice("fill") == "lease") {}

  std::optional<Row> read(Session& session, Key key) const override {
    const auto token = session.cache().new_token();
    const auto& get = leased_ ? models::get_unless_marked_or_lease : models::get_unless_marked;
    const auto found = session.cache().eval(get, key, {.token = token, .ttl = lease_ttl});
    if (found.row) return found.row;
    const auto row = session.database().select(key);
    if (!row || found.busy) return row;
    if (leased_ && found.done) {
      session.cache().eval(models::set_with_lease, key, {.row = *row, .token = token});
    }
    if (!leased_) session.cache().set(key, *row);
    return row;
  }

  // A mark whose write may still happen is left to its expiry.
  void write(Session& session, Key key, WriteId value) const override {
    const models::ScriptArguments sent{.ttl = marker_ttl_};
    session.cache().eval(counted_ ? models::mark_counted : models::mark, key, sent);
    if (!session.database().update(key, value)) return;
    session.cache().eval(counted_ ? models::clear_mark_counted : models::clear_mark, key, sent);
  }

 private:
  sim::Duration marker_ttl_;
  bool counted_;
  bool leased_;
};

}  // namespace

extern const StrategyInfo pending_marker{
    .name = "pending-marker",
    .summary = "Mark the key, write the database, clear the mark; readers bypass a marked key.",
    .writing = {"MARK key: DEL it, void its lease, set or count its marker (script)", "UPDATE key; commits",
                "CLEAR the marker, or count it down (script)"},
    .reading = {"GET key; a hit returns it; marked, or its lease is another's: SELECT and return",
                "SELECT key", "SET key (fill lease: if the lease is still mine); return it"},
    .users = "Facebook's memcache between regions; services that flag keys under write.",
    .hole = "Plain fills; a marker that expires; one mark for two writers (counted false).",
    .parameters = {{"marker_ttl", ParameterKind::duration, 10000000000, "how long a marker lives"},
                   {"counted", ParameterKind::flag, 1, "the marker counts the writes under way"},
                   {"fill", ParameterKind::choice, 0, "the guard of a fill", {"lease", "plain"}}},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<PendingMarker>(p);
    },
};

}  // namespace cacherace::strategies
