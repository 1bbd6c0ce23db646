// What is left out where a register is looked at more closely: against every chain of values, and against the
// same history without what is left out.
#include "verify/tangle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "tests/verify/history.hpp"
#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"
#include "verify/check.hpp"
#include "verify/key_judge.hpp"

namespace cacherace::verify {
namespace {

using testing::describe;
using testing::Flavour;
using testing::RandomHistory;
using testing::read;
using testing::Shape;
using testing::write;

std::vector<OperationIndex> all_of(const History& history) {
  std::vector<OperationIndex> all(history.operations.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

// Which values are before which, by time or by a client's own order, over any number of others.
class Before {
 public:
  Before(const OperationsView& view, const Zones& zones, const ClientChains& chains)
      : reach_(zones.size(), std::vector<bool>(zones.size(), false)) {
    for (ZoneIndex u = 0; u < zones.size(); ++u) {
      for (ZoneIndex v = 0; v < zones.size(); ++v) {
        const bool there = zones[u].first_return != never && zones[v].first_return != never;
        if (u != v && there && zones[u].first_return < zones[v].last_invocation) reach_[u][v] = true;
      }
    }
    for (Position i = 0; i < view.operation_count(); ++i) {
      for (Position p = chains.previous(i); p != nowhere; p = chains.previous(p)) {
        const bool both = zones.of(p) != no_zone && zones.of(i) != no_zone && zones.of(p) != zones.of(i);
        if (both && zones[zones.of(i)].first_return != never) reach_[zones.of(p)][zones.of(i)] = true;
      }
    }
    for (ZoneIndex by = 0; by < zones.size(); ++by) {
      for (ZoneIndex u = 0; u < zones.size(); ++u) {
        for (ZoneIndex v = 0; v < zones.size(); ++v) {
          if (reach_[u][by] && reach_[by][v]) reach_[u][v] = true;
        }
      }
    }
  }

  [[nodiscard]] bool itself(ZoneIndex zone) const { return reach_[zone][zone]; }

 private:
  std::vector<std::vector<bool>> reach_;
};

TEST(Tangle, KeepsEveryValueThatIsBeforeItself) {
  RandomHistory random(41);
  std::size_t left_out = 0;
  for (int i = 0; i < 20'000 / testing::scale && !HasFailure(); ++i) {
    const Shape shape{1 + random.below(4), 1, 5 + random.below(30), 1 + random.below(4), random.below(3), 0};
    const History history = random.draw(Flavour::unique, shape);
    const auto all = all_of(history);
    const OperationsView view = view_of(history, 0, all);
    ClientChains chains;
    chains.build(view);
    RegisterCheck check(0);
    if (check.linearizable(view, chains) || check.repeated()) continue;
    Tangle tangle(0);
    const OperationsView part = tangle.cut_out(view, check, chains.any_seam());
    SCOPED_TRACE(std::to_string(i) + describe(history));
    Zones zones;
    zones.build_by_times(view, true);
    const Before before(view, zones, chains);
    for (Position at = 0; at < view.operation_count(); ++at) {
      const ZoneIndex zone = zones.of(at);
      const bool wrong = zone == no_zone ? view.tells(at) : before.itself(zone);
      if (!wrong) continue;
      EXPECT_TRUE(std::binary_search(part.operation_indices.begin(), part.operation_indices.end(), at));
    }
    left_out += part.operation_count() < view.operation_count() ? 1 : 0;
  }
  EXPECT_GT(left_out, 100U);
}

TEST(Tangle, LeavesOutAllButTheValuesRoundAStaleRead) {
  History history;
  for (Value value = 1; value <= 100; ++value) {
    const Nanos at = 10 * Nanos{value};
    history.operations.push_back(write(0, value, at, at + 1));
    history.operations.push_back(read(1, value == 50 ? 48 : value, at + 3, at + 4));
  }
  const auto all = all_of(history);
  const OperationsView view = view_of(history, 0, all);
  ClientChains chains;
  chains.build(view);
  RegisterCheck check(0);
  ASSERT_FALSE(check.linearizable(view, chains));
  Tangle tangle(0);
  const OperationsView part = tangle.cut_out(view, check, false);
  const std::vector<OperationIndex> kept(part.operation_indices.begin(), part.operation_indices.end());
  EXPECT_EQ(kept, (std::vector<OperationIndex>{94, 95, 96, 97, 98, 99}));
}

// Goes on with what is right: writes and reads one after the other, of values of their own.
History go_on(History history, std::uint32_t operations) {
  Nanos at = 1000;
  for (std::uint32_t i = 0; i < operations; ++i, at += 10) {
    const Value value = 900'000 + i / 2;
    history.operations.push_back(i % 2 == 0 ? write(0, value, at, at + 5) : read(1, value, at, at + 5));
  }
  return history;
}

void expect_same(const HistoryVerdict& a, const HistoryVerdict& b) {
  const KeyVerdict& x = a.keys.at(0);
  const KeyVerdict& y = b.keys.at(0);
  EXPECT_EQ(x.linearizable, y.linearizable);
  EXPECT_EQ(x.first_bad, y.first_bad);
  EXPECT_EQ(x.kind, y.kind);
  EXPECT_EQ(x.witness, y.witness);
  EXPECT_EQ(x.gamma, y.gamma);
  EXPECT_EQ(x.delta, y.delta);
  ASSERT_EQ(x.k.has_value(), y.k.has_value());
  if (x.k) {
    EXPECT_EQ(x.k->low, y.k->low);
    EXPECT_EQ(x.k->high, y.k->high);
  }
  for (const auto& [name, words, of] : session_guarantees) {
    EXPECT_EQ((x.sessions.*of).holds, (y.sessions.*of).holds) << name;
    EXPECT_EQ((x.sessions.*of).cycle, (y.sessions.*of).cycle) << name;
  }
  const auto findings = [](const HistoryVerdict& all) {
    std::vector<std::vector<std::int64_t>> list;
    for (const auto& one : all.violations) list.push_back({1, one.read, one.against, int(one.kind)});
    for (const auto& one : all.old_reads) list.push_back({2, one.read, one.age.value_or(-1), one.lag});
    for (const auto& one : all.windows) list.push_back({3, one.key, one.value, one.from, one.to});
    return list;
  };
  EXPECT_EQ(findings(a), findings(b));
}

TEST(Tangle, WhatFollowsAndIsRightChangesNothing) {
  RandomHistory random(42);
  Checker checker(0);
  int bad = 0;
  for (int i = 0; i < 20'000 / testing::scale && !HasFailure(); ++i) {
    const Shape shape{1 + random.below(5), 1, 5 + random.below(40), 1 + random.below(4), random.below(3), 0};
    const History history = random.draw(Flavour::unique, shape);
    SCOPED_TRACE(std::to_string(i) + describe(history));
    const HistoryVerdict alone = checker.check(history);
    expect_same(alone, checker.check(go_on(history, 200)));
    bad += alone.linearizable == false ? 1 : 0;
  }
  EXPECT_GT(bad, 100);
}

}  // namespace
}  // namespace cacherace::verify
