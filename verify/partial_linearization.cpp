// An order for drawing. A register's operations before the first bad one are linearizable, and their values
// sorted by f + s are an order of them (register.hpp): if u is before v by time and not the reverse, f(u) <
// s(v) and s(u) <= f(v). Any other object is searched again, and the longest order found is taken.
#include <algorithm>
#include <tuple>

#include "verify/check.hpp"
#include "verify/first_bad.hpp"
#include "verify/key_judge.hpp"
#include "verify/search.hpp"

namespace cacherace::verify {
namespace {

std::vector<Position> by_zones(const OperationsView& view) {
  ClientChains chains;
  RegisterCheck check;
  chains.build(view);
  check.linearizable(view, chains);
  const Zones& zones = check.zones();
  std::vector<Position> order;
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (zones.of(i) != no_zone && zones[zones.of(i)].first_return != never) order.push_back(i);
  }
  const auto place = [&](Position at) {
    const ZoneIndex zone = zones.of(at);
    const Zone& its = zones[zone];
    const Nanos sum = zone == 0 ? before_all : its.first_return + its.last_invocation;
    return std::tuple(sum, zone, its.write != at, view.start(at), at);
  };
  std::sort(order.begin(), order.end(), [&](Position a, Position b) { return place(a) < place(b); });
  return order;
}

}  // namespace

std::vector<OperationIndex> partial_linearization(const History& history, const KeyVerdict& key,
                                                  std::size_t most) {
  if (key.first_bad == no_operation) return {};
  std::vector<OperationIndex> indices;
  Position first_bad = nowhere;
  for (OperationIndex i = 0; i < history.operations.size(); ++i) {
    if (history.operations[i].key != key.key) continue;
    if (i == key.first_bad) first_bad = static_cast<Position>(indices.size());
    indices.push_back(i);
  }
  const OperationsView view = view_of(history, key.key, indices);
  std::vector<Position> order;
  if (key.searched) {
    ClientChains chains;
    chains.build(view);
    order = search(history, view, chains, {}, true).partial;
  } else {
    order = by_zones(FirstBad::before(view, first_bad));
  }
  const std::size_t left_out = order.size() - std::min(order.size(), most);
  std::vector<OperationIndex> last;
  for (std::size_t i = left_out; i < order.size(); ++i) last.push_back(indices[order[i]]);
  return last;
}

}  // namespace cacherace::verify
