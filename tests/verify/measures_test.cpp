// Distances, versions behind, ages, lags, windows and sessions: against their naive twins on random histories.
#include <gtest/gtest.h>

#include <map>
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
using testing::Shape;

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
