#include "strategies/strategy.hpp"

#include "strategies/fills.hpp"

namespace cacherace::strategies {

std::optional<Row> Strategy::read(Session& session, Key key) const {
  return read_plain(session, key);
}

void Strategy::consume(Session&, const BinlogEvent&) const {}

}  // namespace cacherace::strategies
