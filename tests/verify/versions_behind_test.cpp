// How many versions behind: the orders that give the upper bound, measured by every pair of values.
#include "verify/versions_behind.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"
#include "verify/key_judge.hpp"

namespace cacherace::verify {
namespace {

using testing::describe;
using testing::Flavour;
using testing::RandomHistory;
using testing::Shape;

// The greatest number of writes between a value and a later one that had returned before a read of it.
template <typename Key>
std::uint32_t naive_behind(const Zones& zones, Key key) {
  std::vector<ZoneIndex> order;
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return != never) order.push_back(z);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](ZoneIndex a, ZoneIndex b) { return key(zones[a]) < key(zones[b]); });
  order.insert(order.begin(), 0);
  std::size_t behind = 0;
  for (std::size_t value = 0; value < order.size(); ++value) {
    for (std::size_t later = value + 1; later < order.size(); ++later) {
      const bool before = zones[order[later]].first_return < zones[order[value]].last_invocation;
      if (before) behind = std::max(behind, later - value);
    }
  }
  return static_cast<std::uint32_t>(behind);
}

TEST(VersionsBehind, TheOrdersAreMeasuredAsByEveryPair) {
  RandomHistory random(61);
  int above_two = 0;
  for (int i = 0; i < 40'000 / testing::scale && !HasFailure(); ++i) {
    const Shape shape{1 + random.below(5), 1, 4 + random.below(40), 1 + random.below(8),
                      1 + random.below(4), 0};
    const History history = random.draw(Flavour::unique, shape);
    std::vector<OperationIndex> all(history.operations.size());
    std::iota(all.begin(), all.end(), 0U);
    const OperationsView view = view_of(history, 0, all);
    ClientChains chains;
    chains.build(view);
    RegisterCheck check;
    if (chains.any_seam() || check.linearizable(view, chains) || check.faulty() || check.repeated()) continue;
    const Zones& zones = check.zones();
    const std::uint32_t lag = random.below(3);  // any that is not too great will do
    const VersionsBehind found = versions_behind(view, chains, zones, lag);
    const std::uint32_t behind =
        std::min({naive_behind(zones, [](const Zone& zone) { return zone.invoked; }),
                  naive_behind(zones, [](const Zone& zone) { return zone.first_return; }),
                  naive_behind(zones, [](const Zone& zone) { return zone.invoked + zone.first_return; })});
    SCOPED_TRACE(std::to_string(i) + describe(history));
    const std::uint32_t low = std::max(2U, lag + 1);
    const std::uint32_t expected = std::max(low, behind + 1);
    if (low > 2 || expected == 2) {
      EXPECT_EQ(found.high, expected);
    } else {
      EXPECT_LE(found.high, expected);  // 2, if it is
      EXPECT_GE(found.high, found.low);
    }
    above_two += low > 2 && expected > low ? 1 : 0;
  }
  EXPECT_GT(above_two, 20);
}

}  // namespace
}  // namespace cacherace::verify
