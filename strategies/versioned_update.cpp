// Write the database, then set the entry if the row is newer; fills do the same.
//
// Who uses it: Uber's CacheFront; caches that keep a version or a timestamp beside the value.
// Source: Uber Engineering, "How Uber Serves Over 40 Million Reads Per Second from Online Storage Using an
// Integrated Cache" (2024).
// Hole: an entry that is evicted or expires takes its version with it: then a late fill meets nothing to
// compare with.
#include "models/scripts.hpp"
#include "strategies/fills.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

class VersionedUpdate final : public Strategy {
 public:
  explicit VersionedUpdate(const Parameters&) {}

  std::optional<Row> read(Session& session, Key key) const override { return read_versioned(session, key); }

  void write(Session& session, Key key, WriteId value) const override {
    const auto row = session.database().update(key, value);
    if (row) session.cache().eval(models::set_if_newer, key, {.row = *row});
  }
};

}  // namespace

extern const StrategyInfo versioned_update{
    .name = "versioned-update",
    .summary = "Write the database, set the entry if newer; fills do the same.",
    .writing = {"UPDATE key; commits", "SET key to the new row if newer (script)"},
    .reading = {"GET key; a hit returns it", "SELECT key", "SET key if newer (script); return it"},
    .users = "Uber's CacheFront; caches with a version beside the value.",
    .hole = "An evicted or expired entry takes its version with it.",
    .parameters = {},
    .make = [](const Parameters& p) -> std::unique_ptr<Strategy> {
      return std::make_unique<VersionedUpdate>(p);
    },
};

}  // namespace cacherace::strategies
