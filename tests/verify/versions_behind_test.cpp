// How many versions behind: the orders that give the upper bound, measured by every pair of values.
#include "verify/versions_behind.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"
#include "verify/key_judge.hpp"
#include "verify/tangle.hpp"

namespace cacherace::verify {
namespace {

using testing::describe;
using testing::Flavour;
using testing::RandomHistory;
using testing::Shape;

// By zone: how many places in the order of f + s, up to its own, have no value in front that was read after
// one behind was there.
std::vector<int> naive_blocks(const Zones& zones) {
  std::vector<ZoneIndex> by_sum(zones.size());
  std::iota(by_sum.begin(), by_sum.end(), 0U);
  std::erase_if(by_sum, [&](ZoneIndex z) { return zones[z].first_return == never; });
  const auto sum = [&](ZoneIndex z) { return zones[z].first_return + zones[z].last_invocation; };
  std::stable_sort(by_sum.begin() + 1, by_sum.end(),
                   [&](ZoneIndex a, ZoneIndex b) { return sum(a) < sum(b); });
  std::vector<int> block_of(zones.size(), 0);
  int block = 0;
  for (std::size_t place = 1; place < by_sum.size(); ++place) {
    bool cut = true;
    for (std::size_t front = 0; front < place; ++front) {
      for (std::size_t behind = place; behind < by_sum.size(); ++behind) {
        if (zones[by_sum[front]].last_invocation > zones[by_sum[behind]].first_return) cut = false;
      }
    }
    block += cut ? 1 : 0;
    block_of[by_sum[place]] = block;
  }
  return block_of;
}

// The greatest number of writes between a value and a later one that had returned before a read of it.
template <typename Key>
std::uint32_t naive_behind(const Zones& zones, Key key) {
  const std::vector<int> block_of = naive_blocks(zones);
  std::vector<ZoneIndex> order;
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return != never) order.push_back(z);
  }
  std::stable_sort(order.begin(), order.end(), [&](ZoneIndex a, ZoneIndex b) {
    return std::pair(block_of[a], key(zones[a])) < std::pair(block_of[b], key(zones[b]));
  });
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

// A random register that is not linearizable, though every read could be right.
class BadHistory {
 public:
  // False where what was drawn is another.
  bool draw(RandomHistory& random) {
    const Shape shape{1 + random.below(5), 1, 4 + random.below(40), 1 + random.below(8),
                      1 + random.below(4), 0};
    history = random.draw(Flavour::unique, shape);
    all_.resize(history.operations.size());
    std::iota(all_.begin(), all_.end(), 0U);
    view = view_of(history, 0, all_);
    chains.build(view);
    const bool good = check.linearizable(view, chains);
    return !good && !chains.any_seam() && !check.faulty() && !check.repeated();
  }

  History history;
  OperationsView view;
  ClientChains chains;
  RegisterCheck check{0};

 private:
  std::vector<OperationIndex> all_;
};

TEST(VersionsBehind, TheOrdersAreMeasuredAsByEveryPair) {
  RandomHistory random(61);
  int above_two = 0;
  for (int i = 0; i < 40'000 / testing::scale && !HasFailure(); ++i) {
    BadHistory bad;
    if (!bad.draw(random)) continue;
    const Zones& zones = bad.check.zones();
    const std::uint32_t lag = random.below(3);  // any that is not too great will do
    const VersionsBehind found = versions_behind(bad.view, bad.chains, zones, zones, lag);
    const std::uint32_t behind =
        std::min({naive_behind(zones, [](const Zone& zone) { return zone.invoked; }),
                  naive_behind(zones, [](const Zone& zone) { return zone.first_return; }),
                  naive_behind(zones, [](const Zone& zone) { return zone.invoked + zone.first_return; })});
    SCOPED_TRACE(std::to_string(i) + describe(bad.history));
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
  EXPECT_GT(above_two, 0);
}

TEST(VersionsBehind, ThePartThatIsTangledDecidesAsTheWhole) {
  RandomHistory random(62);
  int two = 0, more = 0;
  for (int i = 0; i < 100'000 / testing::scale && !HasFailure(); ++i) {
    BadHistory bad;
    if (!bad.draw(random)) continue;
    Tangle tangle(0);
    const OperationsView part = tangle.cut_out(bad.view, bad.check, false);
    if (part.operation_count() == bad.view.operation_count()) continue;
    const Zones& zones = bad.check.zones();
    Zones tangled;
    tangled.build_by_times(part, false);
    const std::uint32_t lag = random.below(3);
    const VersionsBehind by_part = versions_behind(bad.view, bad.chains, zones, tangled, lag);
    const VersionsBehind by_whole = versions_behind(bad.view, bad.chains, zones, zones, lag);
    SCOPED_TRACE(std::to_string(i) + describe(bad.history));
    EXPECT_EQ(by_part.low, by_whole.low);
    EXPECT_EQ(by_part.high, by_whole.high);
    ++(by_whole.low == 2 ? two : more);
  }
  EXPECT_GT(two, 5);
  EXPECT_GT(more, 5);
}

}  // namespace
}  // namespace cacherace::verify
