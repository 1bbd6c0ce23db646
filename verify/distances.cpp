#include "verify/distances.hpp"

#include <algorithm>

#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {
namespace {

struct Sum {
  Nanos sum;
  ZoneIndex zone;
};

// The greatest distance that two values ask for.
Nanos between_values(const Zones& zones) {
  std::vector<Sum> sums;
  Nanos distance = 0;
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return == never) continue;
    sums.push_back({zones[z].first_return + zones[z].last_invocation, z});
    if (zones[0].last_invocation != before_all) {
      distance = std::max(distance, zones[0].last_invocation - zones[z].first_return);
    }
  }
  sort_nearly_sorted(sums, [](const Sum& a, const Sum& b) { return a.sum < b.sum; });
  if (sums.empty()) return distance;
  Nanos greatest = zones[sums.front().zone].last_invocation;
  for (std::size_t i = 1; i < sums.size(); ++i) {
    const Zone& zone = zones[sums[i].zone];
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
    const Nanos since = overwritten.since(z).any;
    if (since < zones[z].last_invocation) delta = std::max(delta, zones[z].last_invocation - since);
  }
  return {pairs, delta};
}

}  // namespace cacherace::verify
