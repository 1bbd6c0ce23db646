#include "verify/distances.hpp"

#include <algorithm>

namespace cacherace::verify {
namespace {

// The greatest distance that two values ask for.
Nanos between_values(const Zones& zones) {
  std::vector<ZoneIndex> by_sum;
  order_by_sums(zones, by_sum);
  Nanos distance = 0;
  for (const ZoneIndex z : by_sum) {
    if (zones[0].last_invocation == before_all) break;
    distance = std::max(distance, zones[0].last_invocation - zones[z].first_return);
  }
  Nanos greatest = by_sum.empty() ? 0 : zones[by_sum.front()].last_invocation;
  for (std::size_t i = 1; i < by_sum.size(); ++i) {
    const Zone& zone = zones[by_sum[i]];
    distance = std::max(distance, greatest - zone.first_return);
    greatest = std::max(greatest, zone.last_invocation);
  }
  return distance;
}

}  // namespace

Distances distances(const OperationsView& view, const Zones& zones, const Overwritten& overwritten) {
  Nanos early = 0;
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!view.tells(i) || zones.of(i) != no_zone) continue;
    const ZoneIndex zone = zones.find(view.read_value(i));
    if (zone == no_zone) return {};
    early = std::max(early, zones[zone].invoked - view.end(i));
  }
  if (early > 0) {
    Zones all;
    all.build_by_times(view, true);
    return {std::max(between_values(all), early), std::nullopt};
  }
  const Nanos pairs = between_values(zones);
  Nanos delta = pairs;
  for (ZoneIndex z = 0; z < zones.size(); ++z) {
    const Nanos since = overwritten.since(view, z).any();
    if (since < zones[z].last_invocation) delta = std::max(delta, zones[z].last_invocation - since);
  }
  return {pairs, delta};
}

}  // namespace cacherace::verify
