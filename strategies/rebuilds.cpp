#include "strategies/rebuilds.hpp"

#include "models/scripts.hpp"

namespace cacherace::strategies {
namespace {

// How long one is the one to rebuild.
constexpr sim::Duration lock_ttl = std::chrono::seconds(10);

std::optional<Row> rebuild(Session& session, Key key, models::Token token, sim::Duration fresh) {
  const auto row = session.database().select(key);
  if (row) session.cache().eval(models::set_rebuilt, key, {.row = *row, .token = token, .ttl = fresh});
  return row;
}

}  // namespace

std::optional<Row> read_and_rebuild(Session& session, Key key, sim::Duration fresh) {
  const auto token = session.cache().new_token();
  const auto found = session.cache().eval(models::get_or_rebuild, key, {.token = token, .ttl = lock_ttl});
  if (!found.row) return rebuild(session, key, token, fresh);
  if (found.done) {
    session.background([key, token, fresh](Session& rebuilder) { rebuild(rebuilder, key, token, fresh); });
  }
  return found.row;
}

}  // namespace cacherace::strategies
