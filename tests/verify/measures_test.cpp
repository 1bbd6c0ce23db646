// Distances, versions behind, ages, lags, windows and sessions: against their naive twins on random
// histories.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/verify/history.hpp"
#include "tests/verify/naive_measures.hpp"
#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"
#include "verify/check.hpp"

namespace cacherace::verify {
namespace {

using testing::describe;
using testing::Exhaustive;
using testing::Flavour;
using testing::Leniency;
using testing::NaiveMeasures;
using testing::RandomHistory;
using testing::read;
using testing::Shape;
using testing::write;

class Comparison {
 public:
  Comparison(const History& history, const HistoryVerdict& verdict)
      : history_(history), verdict_(verdict), key_(verdict.keys.at(0)), naive_(history) {
    for (std::size_t i = 0; i < history.operations.size(); ++i) {
      if (naive_.is_read(i) && naive_.faulty(i)) faulty_ = true;
    }
  }

  void expect_distances() const {
    EXPECT_EQ(key_.gamma, naive_.least(&Leniency::gamma, Nanos{0}, true));
    EXPECT_EQ(key_.delta, naive_.least(&Leniency::delta, Nanos{0}, true));
  }

  // Exact up to 2 where no operations of a client meet at an instant.
  void expect_versions(bool seams) const {
    if (faulty_) {
      EXPECT_FALSE(key_.k);
      return;
    }
    EXPECT_LE(key_.k ? key_.k->low : 0, key_.k ? key_.k->high.value_or(99) : 0);
    const auto least = naive_.least(&Leniency::versions, std::size_t{1}, false);
    if (!least) return;  // program order at a shared instant asks for what no k gives
    ASSERT_TRUE(key_.k);
    EXPECT_LE(key_.k->low, *least);
    EXPECT_EQ(key_.k->low == 1, *least == 1);
    EXPECT_GE(key_.k->high.value_or(99), *least);
    if (seams) return;
    ASSERT_TRUE(key_.k->high);
    EXPECT_EQ(*key_.k->high <= 2, *least <= 2);
    EXPECT_EQ(key_.k->low <= 2, *least <= 2);
  }

  void expect_old_reads() const {
    std::map<OperationIndex, std::pair<Nanos, std::uint32_t>> expected;
    for (OperationIndex i = 0; i < history_.operations.size(); ++i) {
      if (!naive_.is_read(i) || naive_.faulty(i) || naive_.lag(i) == 0) continue;
      expected[i] = {naive_.age(i), naive_.lag(i)};
    }
    std::map<OperationIndex, std::pair<Nanos, std::uint32_t>> found;
    for (const CertainlyOld& old : verdict_.old_reads) found[old.read] = {old.age.value(), old.lag};
    EXPECT_EQ(found, expected);
    EXPECT_EQ(found.size(), verdict_.old_reads.size());
    std::vector<std::tuple<Value, Nanos, Nanos>> windows;
    for (const ValueWindow& one : verdict_.windows) windows.emplace_back(one.value, one.from, one.to);
    std::sort(windows.begin(), windows.end());
    EXPECT_EQ(windows, naive_.windows());
  }

  void expect_violations() const {
    std::set<std::pair<OperationIndex, ViolationKind>> expected;
    for (OperationIndex i = 0; i < history_.operations.size(); ++i) {
      if (!naive_.is_read(i) || naive_.faulty(i)) continue;
      if (naive_.stale(i)) expected.emplace(i, ViolationKind::stale_read);
      if (naive_.inverted(i)) expected.emplace(i, ViolationKind::inversion);
    }
    std::set<std::pair<OperationIndex, ViolationKind>> found;
    for (const ReadViolation& one : verdict_.violations) {
      const bool faulty = one.kind != ViolationKind::stale_read && one.kind != ViolationKind::inversion;
      if (faulty) {
        EXPECT_TRUE(naive_.faulty(one.read));
        continue;
      }
      found.emplace(one.read, one.kind);
      EXPECT_LT(history_.operations[one.against].end, history_.operations[one.read].start);
      EXPECT_EQ(history_.operations[one.against].kind == OperationKind::write,
                one.kind == ViolationKind::stale_read);
    }
    EXPECT_EQ(found, expected);
  }

  void expect_sessions() const {
    const auto expect = [&](const Session& session, OperationKind first, OperationKind then, bool seen) {
      const bool holds = naive_.session_holds(first, then, seen);
      EXPECT_EQ(session.holds == false, !holds);
      EXPECT_EQ(session.holds == true, holds && (!faulty_ || key_.linearizable == true));
      EXPECT_EQ(session.cycle.empty(), holds);
    };
    constexpr auto read = OperationKind::read;
    constexpr auto write = OperationKind::write;
    expect(key_.sessions.read_your_writes, write, read, false);
    expect(key_.sessions.monotonic_reads, read, read, false);
    expect(key_.sessions.monotonic_writes, write, write, true);
    expect(key_.sessions.writes_follow_reads, read, write, true);
  }

 private:
  const History& history_;
  const HistoryVerdict& verdict_;
  const KeyVerdict& key_;
  NaiveMeasures naive_;
  bool faulty_ = false;
};

bool meets_itself(const History& history) {
  for (const Operation& a : history.operations) {
    for (const Operation& b : history.operations) {
      if (&a < &b && a.client == b.client && a.end == b.start) return true;
    }
  }
  return false;
}

void compare(std::uint32_t seed, int histories, const Shape& most) {
  RandomHistory random(seed);
  Checker checker;
  Checker general(0);
  for (int i = 0; i < histories / testing::scale && !::testing::Test::HasFailure(); ++i) {
    Shape shape = most;
    shape.clients = 1 + random.below(most.clients);
    shape.operations = 2 + random.below(static_cast<std::uint32_t>(most.operations) - 1);
    const History history = random.draw(Flavour::unique, shape);
    const HistoryVerdict verdict = i % 2 == 0 ? checker.check(history) : general.check(history);
    SCOPED_TRACE(std::to_string(i) + describe(history));
    const Comparison comparison(history, verdict);
    comparison.expect_distances();
    comparison.expect_versions(meets_itself(history));
    comparison.expect_old_reads();
    comparison.expect_violations();
    comparison.expect_sessions();
  }
}

// A value is read 20 after the write of the next had returned.
History one_old_read() {
  History history;
  history.operations = {write(0, 1, 0, 10), write(0, 2, 20, 30), read(1, 1, 50, 60), read(1, 2, 70, 80)};
  return history;
}

TEST(Measures, OfOneOldRead) {
  const HistoryVerdict verdict = Checker().check(one_old_read());
  EXPECT_EQ(verdict.delta, 20);
  EXPECT_EQ(verdict.gamma, 20);
  ASSERT_TRUE(verdict.k);
  EXPECT_EQ(verdict.k->low, 2U);
  EXPECT_EQ(verdict.k->high, 2U);
  ASSERT_EQ(verdict.old_reads.size(), 1U);
  EXPECT_EQ(verdict.old_reads[0].read, 2U);
  EXPECT_EQ(verdict.old_reads[0].age, 20);
  EXPECT_EQ(verdict.old_reads[0].lag, 1U);
  EXPECT_EQ(verdict.ages.p99, 20);
  EXPECT_EQ(verdict.lags.max, 1);
  ASSERT_EQ(verdict.windows.size(), 1U);
  EXPECT_EQ(verdict.windows[0].value, 1U);
  EXPECT_EQ(verdict.windows[0].from, 30);
  EXPECT_EQ(verdict.windows[0].to, 50);
  ASSERT_EQ(verdict.violations.size(), 1U);
  EXPECT_EQ(verdict.violations[0].kind, ViolationKind::stale_read);
  EXPECT_EQ(verdict.violations[0].against, 1U);
  EXPECT_EQ(verdict.reads, 2U);
  EXPECT_EQ(verdict.measured, 1U);
}

TEST(Measures, OfReadsAfterWrites) {
  const HistoryVerdict verdict = Checker().check(one_old_read());
  ASSERT_EQ(verdict.stale_after.size(), 1U);  // 20 and 40 after the write of 2: both of 20 to 50
  EXPECT_EQ(verdict.stale_after[0].from, 20);
  EXPECT_EQ(verdict.stale_after[0].reads, 2U);
  EXPECT_EQ(verdict.stale_after[0].stale, 1U);
  ASSERT_EQ(verdict.behind_by.size(), 1U);
  EXPECT_EQ(verdict.behind_by[0].versions, 1U);
  EXPECT_EQ(verdict.behind_by[0].reads, 1U);
}

TEST(Measures, TimesAfterWritesAreInClassesOfOneTwoAndFive) {
  for (Nanos from = 1, next = 0; from < 1'000'000'000'000'000; from = next) {
    Nanos digit = from;
    while (digit >= 10) digit /= 10;
    next = digit == 2 ? from / 2 * 5 : 2 * from;
    for (const Nanos time : {from, from + (next - from) / 2, next - 1}) {
      History history;
      history.operations = {write(0, 1, 0, 1), read(1, 1, 1 + time, 2 + time)};
      EXPECT_EQ(Checker().check(history).stale_after.at(0).from, from) << time;
    }
  }
}

TEST(Measures, AReadAsTheWriteReturnsIsNotAfterIt) {
  History history;
  history.operations = {write(0, 1, 0, 10), read(1, 0, 10, 12)};
  EXPECT_TRUE(Checker().check(history).stale_after.empty());
  history.operations[1].start = 11;
  EXPECT_EQ(Checker().check(history).stale_after.at(0).from, 1);
}

TEST(Measures, AgesAreByTheClockWhereThereIsOne) {
  History history = one_old_read();
  for (const Operation& one : history.operations) history.clock.push_back({one.start * 1000, one.end * 1000});
  const HistoryVerdict verdict = Checker().check(history);
  EXPECT_EQ(verdict.delta, 20'000);
  EXPECT_EQ(verdict.gamma, 20'000);
  EXPECT_EQ(verdict.old_reads.at(0).age, 20'000);
  EXPECT_EQ(verdict.windows.at(0).to, 50'000);
  EXPECT_EQ(verdict.stale_after.at(0).from, 20'000);
}

// By the clock the read began before the write returned: stale by the order of the log, and of no age.
TEST(Measures, TheClockMaySayOtherwise) {
  History history = one_old_read();
  history.clock = {{0, 10}, {20, 30}, {25, 60}, {70, 80}};
  const HistoryVerdict verdict = Checker().check(history);
  EXPECT_EQ(verdict.linearizable, false);
  EXPECT_EQ(verdict.delta, 0);
  EXPECT_EQ(verdict.old_reads.at(0).age, 0);
  EXPECT_EQ(verdict.old_reads.at(0).lag, 1U);
  EXPECT_TRUE(verdict.windows.empty());
}

TEST(Measures, WithoutTimesThereAreNone) {
  History history = one_old_read();
  history.timed = false;
  const HistoryVerdict verdict = Checker().check(history);
  EXPECT_EQ(verdict.delta, std::nullopt);
  EXPECT_EQ(verdict.gamma, std::nullopt);
  EXPECT_EQ(verdict.old_reads.at(0).age, std::nullopt);
  EXPECT_EQ(verdict.old_reads.at(0).lag, 1U);
  EXPECT_EQ(verdict.k->high, 2U);
  EXPECT_TRUE(verdict.stale_after.empty());
  EXPECT_TRUE(verdict.windows.empty());
}

TEST(Measures, AreNotGuessedWhereValuesRepeat) {
  History history = one_old_read();
  history.operations.push_back(write(0, 1, 90, 91));
  history.operations.push_back(read(0, 2, 92, 93));
  const HistoryVerdict bad = Checker().check(history);
  EXPECT_EQ(bad.linearizable, false);
  EXPECT_EQ(bad.delta, std::nullopt);
  ASSERT_TRUE(bad.k);
  EXPECT_EQ(bad.k->low, 2U);
  EXPECT_FALSE(bad.k->high);
  EXPECT_EQ(bad.sessions.monotonic_reads.holds, std::nullopt);
  EXPECT_EQ(bad.measured, 0U);
  history.operations.back().value = 1;
  history.operations[2].value = 2;
  const HistoryVerdict good = Checker().check(history);
  EXPECT_EQ(good.linearizable, true);
  EXPECT_EQ(good.delta, 0);
  EXPECT_EQ(good.sessions.monotonic_reads.holds, true);
}

TEST(Measures, ThreeVersionsBehind) {
  History history;
  history.operations = {write(0, 1, 0, 1), write(0, 2, 2, 3), write(0, 3, 4, 5), write(0, 4, 6, 7),
                        read(1, 1, 8, 9)};
  const HistoryVerdict verdict = Checker().check(history);
  EXPECT_EQ(verdict.k->low, 4U);
  EXPECT_EQ(verdict.k->high, 4U);
  ASSERT_EQ(verdict.behind_by.size(), 3U);
  EXPECT_EQ(verdict.behind_by[2].reads, 1U);
}

TEST(Measures, SessionsAndTheirCycles) {
  using Cycle = std::vector<OperationIndex>;
  const auto sessions = [](std::vector<Operation> operations) {
    History history;
    history.operations = std::move(operations);
    return Checker().check(history).sessions;
  };
  const Sessions own = sessions({write(0, 1, 0, 1), read(0, 0, 2, 3)});
  EXPECT_EQ(own.read_your_writes.holds, false);
  EXPECT_EQ(own.read_your_writes.cycle, (Cycle{0, 1}));
  EXPECT_EQ(own.monotonic_reads.holds, true);
  EXPECT_EQ(own.monotonic_writes.holds, true);
  EXPECT_EQ(own.writes_follow_reads.holds, true);
  // Another's writes, seen in the reverse order.
  const Sessions back = sessions({write(0, 1, 0, 1), write(0, 2, 2, 3), read(1, 2, 4, 5), read(1, 1, 6, 7)});
  EXPECT_EQ(back.read_your_writes.holds, true);
  EXPECT_EQ(back.monotonic_reads.holds, false);
  EXPECT_EQ(back.monotonic_writes.holds, false);
  EXPECT_EQ(back.writes_follow_reads.holds, true);
  // An answer seen before what it answers.
  const Sessions answer =
      sessions({write(0, 1, 0, 1), read(1, 1, 2, 3), write(1, 2, 4, 5), read(2, 2, 6, 7), read(2, 1, 8, 9)});
  EXPECT_EQ(answer.writes_follow_reads.holds, false);
  EXPECT_EQ(answer.monotonic_writes.holds, true);
}

TEST(Measures, OfManyKeysAreTheGreatest) {
  History history = one_old_read();
  std::vector<Operation> other = history.operations;
  for (Operation& one : other) {
    one.key = 7;
    one.start *= 2;
    one.end *= 2;
  }
  history.operations.insert(history.operations.end(), other.begin(), other.end());
  std::stable_sort(history.operations.begin(), history.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.start < b.start; });
  const HistoryVerdict verdict = Checker().check(history);
  ASSERT_EQ(verdict.keys.size(), 2U);
  EXPECT_EQ(verdict.delta, 40);
  EXPECT_EQ(verdict.keys[0].delta, 20);
  EXPECT_EQ(verdict.worst, 1U);
  EXPECT_EQ(verdict.ages.count, 2U);
  EXPECT_EQ(verdict.ages.p50, 20);
  EXPECT_EQ(verdict.ages.max, 40);
  EXPECT_EQ(verdict.ages.mean, 30);
}

TEST(Measures, AgreeWithTheirNaiveTwins) {
  compare(11, 40'000, {4, 1, 9, 4, 2, 0});
}

TEST(Measures, AgreeWithTheirNaiveTwinsWhereInstantsAreShared) {
  compare(12, 20'000, {4, 1, 9, 1, 0, 0});
}

TEST(Measures, AgreeWithTheirNaiveTwinsOnShortOperations) {
  compare(13, 40'000, {3, 1, 9, 2, 6, 0});
}

}  // namespace
}  // namespace cacherace::verify
