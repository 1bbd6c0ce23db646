#include "strategies/strategy.hpp"

namespace cacherace::strategies {

std::optional<Row> Strategy::read(Session& session, Key key) const {
  if (const auto cached = session.cache().get(key)) return cached;
  const auto row = session.database().select(key);
  if (row) session.cache().set(key, *row);
  return row;
}

void Strategy::consume(Session&, const BinlogEvent&) const {}

}  // namespace cacherace::strategies
