// The verdict on histories from anywhere: each rule in a test of its own, then exhaustive search on random
// histories.
#include "verify/check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "tests/verify/exhaustive.hpp"
#include "tests/verify/history.hpp"
#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"

namespace cacherace::verify {
namespace {

using testing::cas;
using testing::describe;
using testing::Exhaustive;
using testing::failed;
using testing::Flavour;
using testing::RandomHistory;
using testing::read;
using testing::Shape;
using testing::unknown;
using testing::write;

History history(std::vector<Operation> operations) {
  History made;
  made.operations = std::move(operations);
  return made;
}

struct Tally {
  int good = 0;
  int bad = 0;
  int searched = 0;
};

Tally compare(std::uint32_t seed, int histories, Flavour flavour, const Shape& most) {
  RandomHistory random(seed);
  Checker checker;
  Checker general(0);
  Tally tally;
  for (int i = 0; i < histories / testing::scale && !::testing::Test::HasFailure(); ++i) {
    Shape shape = most;
    shape.clients = 1 + random.below(most.clients);
    shape.operations = 2 + random.below(static_cast<std::uint32_t>(most.operations) - 1);
    const History drawn = random.draw(flavour, shape);
    const HistoryVerdict verdict = checker.check(drawn);
    Exhaustive exhaustive(drawn);
    const bool expected = exhaustive.linearizable();
    EXPECT_EQ(verdict.linearizable, expected) << i << describe(drawn);
    EXPECT_EQ(verdict.keys.at(0).first_bad, exhaustive.first_bad().value_or(no_operation))
        << i << describe(drawn);
    EXPECT_EQ(general.check(drawn).keys.at(0).first_bad, verdict.keys.at(0).first_bad)
        << i << describe(drawn);
    ++(expected ? tally.good : tally.bad);
    tally.searched += verdict.keys.at(0).searched ? 1 : 0;
  }
  // Neither verdict is rare.
  EXPECT_GT(10 * tally.good, histories / testing::scale);
  EXPECT_GT(10 * tally.bad, histories / testing::scale);
  return tally;
}

TEST(Check, NothingHappened) {
  const HistoryVerdict verdict = Checker().check({});
  EXPECT_EQ(verdict.linearizable, true);
  EXPECT_TRUE(verdict.keys.empty());
}

std::optional<bool> linearizable(const History& judged) {
  return Checker().check(judged).linearizable;
}

TEST(Check, ANilReadSaysWhatItsSourceMeans) {
  History judged = history({write(0, 1, 0, 9), read(1, History::nothing, 10, 11)});
  judged.nil_reads = NilRead::initial;
  EXPECT_EQ(linearizable(judged), false);
  judged.nil_reads = NilRead::absent;
  EXPECT_EQ(linearizable(judged), false);
  judged.nil_reads = NilRead::wildcard;
  EXPECT_EQ(linearizable(judged), true);
  judged.operations[1] = read(1, History::nothing, 0, 11);
  judged.nil_reads = NilRead::initial;
  EXPECT_EQ(linearizable(judged), true);
  judged.nil_reads = NilRead::absent;
  EXPECT_EQ(linearizable(judged), false);
  judged.initial = History::nothing;
  EXPECT_EQ(linearizable(judged), true);
}

TEST(Check, AFailedCasSaysNothingOrThatItSawAnotherValue) {
  History judged = history({write(0, 1, 0, 9), failed(cas(1, 1, 2, 10, 11))});
  judged.failed_cas = FailedCas::nothing;
  EXPECT_EQ(linearizable(judged), true);
  EXPECT_FALSE(Checker().check(judged).keys[0].searched);
  judged.failed_cas = FailedCas::mismatch;
  EXPECT_EQ(linearizable(judged), false);
}

TEST(Check, LimitsEndInUnknown) {
  // Many writes of few values that all overlap, and reads that nothing explains.
  std::vector<Operation> operations;
  for (ClientIndex c = 0; c < 24; ++c) operations.push_back(write(c, 1 + c % 12, 0, 100));
  for (ClientIndex c = 0; c < 26; ++c) operations.push_back(read(24, 1 + c % 12, 2 * c, 2 * c + 1));
  const History judged = history(operations);
  CheckOptions options;
  options.steps_max = 1000;
  EXPECT_EQ(Checker().check(judged, options).linearizable, std::nullopt);
  EXPECT_EQ(Checker().check(judged, options).undecided, Undecided::steps);
  options = {};
  options.memory_bytes_max = 20'000;
  EXPECT_EQ(Checker().check(judged, options).undecided, Undecided::memory);
  options = {};
  const std::atomic<bool> stop = true;
  options.stop = &stop;
  EXPECT_EQ(Checker().check(judged, options).undecided, Undecided::stopped);
}

TEST(Check, MoreThanSixtyFourOpenOperations) {
  std::vector<Operation> operations;
  for (ClientIndex c = 0; c < 100; ++c) operations.push_back(read(c, 7, 1, 100));
  operations.push_back(write(100, 7, 2, 3));
  operations.push_back(write(101, 7, 2, 3));
  EXPECT_EQ(linearizable(history(operations)), true);
  operations[50].value = 8;
  EXPECT_EQ(linearizable(history(operations)), false);
  for (ClientIndex c = 102; c < 700; ++c) operations.push_back(write(c, 7, 2, 3));
  EXPECT_EQ(Checker().check(history(operations)).undecided, Undecided::too_many_open);
}

// Values that are neither in a row nor close together, enough of them to meet in a table.
TEST(Check, ValuesMayBeAnything) {
  std::vector<Operation> operations;
  for (Value i = 0; i < 2000; ++i) {
    const Value value = 1 + (i * 1'000'003U) % 2'000'000'000U;
    operations.push_back(write(0, value, 10 * i, 10 * i + 1));
    operations.push_back(read(1, value, 10 * i + 4, 10 * i + 5));
  }
  const History good = history(operations);
  EXPECT_EQ(linearizable(good), true);
  EXPECT_FALSE(Checker().check(good).keys[0].searched);
  History bad = good;
  bad.operations[3001].value = bad.operations[2998].value;
  const HistoryVerdict old = Checker().check(bad);
  EXPECT_EQ(old.linearizable, false);
  EXPECT_EQ(old.keys[0].first_bad, 3001U);
  bad.operations[3001].value = 7;
  EXPECT_EQ(Checker().check(bad).keys[0].kind, ViolationKind::unwritten);
  bad.operations[3001].value = 2'100'000'000U;
  EXPECT_EQ(Checker().check(bad).keys[0].kind, ViolationKind::unwritten);
}

// Some conflict is at the end; the first one is found by bisection, also where there are many.
TEST(Check, TheFirstBadOperationOfMany) {
  std::vector<Operation> operations;
  for (Value i = 1; i <= 3000; ++i) {
    operations.push_back(write(0, i, 10 * i, 10 * i + 1));
    operations.push_back(read(1, i >= 1000 ? i - 7 : i, 10 * i + 4, 10 * i + 5));
  }
  const HistoryVerdict verdict = Checker().check(history(operations));
  EXPECT_EQ(verdict.keys[0].first_bad, 1999U);
  EXPECT_EQ(verdict.old_reads.size(), 2001U);
  EXPECT_EQ(verdict.keys[0].k->low, 8U);
  EXPECT_EQ(verdict.keys[0].k->high, 8U);
}

TEST(Check, NamesTheKindOfAContradiction) {
  const auto kind = [](std::vector<Operation> operations) {
    const HistoryVerdict verdict = Checker().check(history(std::move(operations)));
    return std::pair(verdict.keys.at(0).kind, verdict.keys.at(0).witness);
  };
  using Witness = std::vector<OperationIndex>;
  EXPECT_EQ(kind({write(0, 1, 0, 9), read(1, 5, 1, 2)}), std::pair(ViolationKind::unwritten, Witness{1}));
  EXPECT_EQ(kind({failed(write(0, 1, 0, 9)), read(1, 1, 1, 2)}),
            std::pair(ViolationKind::dirty_read, Witness{0, 1}));
  EXPECT_EQ(kind({read(1, 1, 1, 2), write(0, 1, 5, 9)}), std::pair(ViolationKind::early_read, Witness{0, 1}));
  EXPECT_EQ(kind({write(0, 1, 0, 2), read(2, 1, 3, 4), read(1, 0, 4, 5)}),
            std::pair(ViolationKind::nonlinearizable, Witness{0, 2}));
}

// Keys of every sort, so that each thread meets some.
History many_keys(std::uint32_t seed, KeyIndex keys) {
  RandomHistory random(seed);
  History all;
  for (KeyIndex key = 0; key < keys; ++key) {
    const Flavour flavour = key % 3 == 0 ? Flavour::cas : Flavour::unique;
    for (Operation one : random.draw(flavour, {3, 1, 9, 4, 2, 0}).operations) {
      one.key = key;
      all.operations.push_back(one);
    }
  }
  std::stable_sort(all.operations.begin(), all.operations.end(),
                   [](const Operation& a, const Operation& b) { return a.start < b.start; });
  return all;
}

TEST(Check, IsTheSameForAnyNumberOfJobs) {
  const History judged = many_keys(9, 200);
  const HistoryVerdict one = Checker().check(judged);
  CheckOptions options;
  options.jobs = 5;
  const HistoryVerdict five = Checker().check(judged, options);
  ASSERT_EQ(one.keys.size(), 200U);
  ASSERT_EQ(five.keys.size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(one.keys[i].key, i);
    EXPECT_EQ(five.keys[i].key, i);
    EXPECT_EQ(one.keys[i].linearizable, five.keys[i].linearizable);
    EXPECT_EQ(one.keys[i].witness, five.keys[i].witness);
    EXPECT_EQ(one.keys[i].first_bad, five.keys[i].first_bad);
  }
  EXPECT_EQ(one.linearizable, false);
  EXPECT_EQ(one.worst, five.worst);
  EXPECT_EQ(one.violations.size(), five.violations.size());
  EXPECT_EQ(one.ages.p50, five.ages.p50);
}

// A key is judged as if it were alone.
TEST(Check, KeysDoNotMeet) {
  const History judged = many_keys(10, 60);
  const HistoryVerdict together = Checker().check(judged);
  for (KeyIndex key = 0; key < 60; ++key) {
    History alone = judged;
    std::erase_if(alone.operations, [key](const Operation& one) { return one.key != key; });
    EXPECT_EQ(Checker().check(alone).linearizable, together.keys[key].linearizable);
  }
}

// The order explains itself: judged one after the other, its operations are linearizable, and it respects
// time.
TEST(Check, ThePartialLinearizationIsOne) {
  RandomHistory random(14);
  int longest = 0;
  for (int i = 0; i < 20'000 / testing::scale && !::testing::Test::HasFailure(); ++i) {
    const auto flavour = static_cast<Flavour>(i % 4);
    const History judged = random.draw(flavour, {3, 1, 9, 4, 2, 0});
    const HistoryVerdict verdict = Checker().check(judged);
    const std::vector<OperationIndex> order = partial_linearization(judged, verdict.keys.at(0));
    EXPECT_TRUE(verdict.linearizable == false || order.empty());
    SCOPED_TRACE(describe(judged));
    History one_by_one = judged;
    one_by_one.operations.clear();
    for (std::size_t place = 0; place < order.size(); ++place) {
      Operation one = judged.operations[order[place]];
      for (std::size_t earlier = 0; earlier < place; ++earlier) {
        const Operation& before = judged.operations[order[earlier]];
        EXPECT_FALSE(one.outcome == Outcome::ok && one.end < before.start);
      }
      if (one.outcome == Outcome::unknown) one.outcome = Outcome::ok;
      one.client = 0;
      one.start = static_cast<Nanos>(10 * place);
      one.end = one.start + 1;
      one_by_one.operations.push_back(one);
    }
    EXPECT_TRUE(Exhaustive(one_by_one).linearizable());
    longest = std::max(longest, static_cast<int>(order.size()));
  }
  EXPECT_GE(longest, 7);
}

// Not linearizable alone, and judged to be so with any return of it forgotten.
TEST(Check, AWitnessContradictsItself) {
  RandomHistory random(15);
  int bad = 0;
  for (int i = 0; i < 20'000 / testing::scale && !::testing::Test::HasFailure(); ++i) {
    const History judged = random.draw(static_cast<Flavour>(i % 4), {3, 1, 9, 4, 2, 0});
    const HistoryVerdict verdict = Checker().check(judged);
    const std::vector<OperationIndex>& witness = verdict.keys.at(0).witness;
    EXPECT_EQ(witness.empty(), verdict.linearizable != false);
    if (witness.empty()) continue;
    ++bad;
    SCOPED_TRACE(describe(judged));
    EXPECT_TRUE(std::is_sorted(witness.begin(), witness.end()));
    EXPECT_TRUE(std::find(witness.begin(), witness.end(), verdict.keys[0].first_bad) != witness.end());
    History alone = judged;
    alone.operations.clear();
    for (const OperationIndex index : witness) alone.operations.push_back(judged.operations[index]);
    EXPECT_FALSE(Exhaustive(alone).linearizable());
    EXPECT_LE(witness.size(), verdict.keys[0].searched ? judged.operations.size() : 6U);
  }
  EXPECT_GT(bad, 4'000 / testing::scale);
}

// Whether what was known at the return of `last` contradicts itself if nothing is known of how the operations
// that are not in `kept` (a set of bits) ended.
bool contradicts(const History& judged, OperationIndex last, std::uint32_t kept) {
  History part = judged;
  part.operations.clear();
  const Nanos now = judged.operations[last].end;
  for (OperationIndex i = 0; i < judged.operations.size(); ++i) {
    Operation one = judged.operations[i];
    if (one.start > now) continue;
    const bool returned = std::pair(one.end, i) <= std::pair(now, last);
    if (!returned || (kept >> i & 1U) == 0) {
      if (one.outcome == Outcome::ok) one.outcome = Outcome::unknown;
      one.end = never;
    }
    part.operations.push_back(one);
  }
  return !Exhaustive(part).linearizable();
}

// No fewer operations contradict themselves, whatever became of the others.
TEST(Check, ASearchedWitnessIsTheSmallest) {
  RandomHistory random(16);
  int greatest = 0;
  for (int i = 0; i < 3000 / testing::scale && !::testing::Test::HasFailure(); ++i) {
    const History judged = random.draw(static_cast<Flavour>(1 + i % 3), {3, 1, 7, 4, 2, 0});
    const KeyVerdict key = Checker().check(judged).keys.at(0);
    if (key.linearizable != false || !key.searched || key.kind != ViolationKind::nonlinearizable) continue;
    SCOPED_TRACE(describe(judged));
    std::uint32_t kept = 0;
    for (const OperationIndex index : key.witness) kept |= 1U << index;
    EXPECT_TRUE(contradicts(judged, key.first_bad, kept));
    const int size = static_cast<int>(key.witness.size());
    for (std::uint32_t part = 0; part < 1U << judged.operations.size(); ++part) {
      if (std::popcount(part) >= size) continue;
      EXPECT_FALSE(contradicts(judged, key.first_bad, part)) << part;
    }
    greatest = std::max(greatest, size);
  }
  EXPECT_GE(greatest, 4);
}

// A value that is written again and again: each of its writes explains the late read if it may still be under
// way, so all of them are needed, and the write of 2 between.
TEST(Check, AWitnessMayNeedManyOperations) {
  std::vector<Operation> operations;
  for (Nanos i = 0; i < 9; ++i) operations.push_back(write(0, 1, 10 * i, 10 * i + 5));
  operations.push_back(write(0, 2, 100, 105));
  operations.push_back(read(1, 1, 110, 115));
  const History judged = history(operations);
  EXPECT_EQ(Checker().check(judged).keys.at(0).witness.size(), 11U);
  constexpr std::uint32_t all = 0x7ff;
  EXPECT_TRUE(contradicts(judged, 10, all));
  for (unsigned i = 0; i < 11; ++i) EXPECT_FALSE(contradicts(judged, 10, all & ~(1U << i)));
}

TEST(Check, NamesTheKindOfASearchedContradiction) {
  const auto verdict = [](std::vector<Operation> operations) {
    operations.insert(operations.begin(), {write(5, 3, -9, -8), write(5, 3, -7, -6)});
    for (Operation& one : operations) one.start += 9, one.end += one.end == never ? 0 : 9;
    const KeyVerdict key = Checker().check(history(std::move(operations))).keys.at(0);
    EXPECT_TRUE(key.searched);
    return std::pair(key.kind, key.witness);
  };
  using Witness = std::vector<OperationIndex>;
  EXPECT_EQ(verdict({write(0, 1, 0, 9), read(1, 5, 1, 2)}), std::pair(ViolationKind::unwritten, Witness{3}));
  EXPECT_EQ(verdict({failed(write(0, 1, 0, 9)), read(1, 1, 1, 2)}),
            std::pair(ViolationKind::dirty_read, Witness{2, 3}));
  EXPECT_EQ(verdict({read(1, 1, 1, 2), write(0, 1, 5, 9)}),
            std::pair(ViolationKind::early_read, Witness{2, 3}));
  EXPECT_EQ(verdict({read(1, 1, 1, 2), cas(0, 3, 1, 5, 9)}),
            std::pair(ViolationKind::early_read, Witness{2, 3}));
  // A cas may have written it, but for what it expected.
  EXPECT_EQ(verdict({unknown(cas(0, 4, 1, 0, 9)), read(1, 1, 1, 2)}),
            std::pair(ViolationKind::nonlinearizable, Witness{3}));
}

TEST(Check, AgreesWithExhaustiveSearchOnRegisters) {
  const Tally tally = compare(1, 60'000, Flavour::unique, {4, 1, 9, 4, 2, 0});
  EXPECT_EQ(tally.searched, 0);
}

TEST(Check, AgreesWithExhaustiveSearchOnRegistersWhereInstantsAreShared) {
  const Tally tally = compare(2, 40'000, Flavour::unique, {4, 1, 9, 1, 0, 0});
  EXPECT_EQ(tally.searched, 0);
}

TEST(Check, AgreesWithExhaustiveSearchOnRepeatedValues) {
  compare(3, 30'000, Flavour::repeated, {4, 1, 9, 4, 2, 0});
  compare(4, 20'000, Flavour::repeated, {4, 1, 9, 1, 0, 0});
}

TEST(Check, AgreesWithExhaustiveSearchOnCompareAndSet) {
  compare(5, 30'000, Flavour::cas, {4, 1, 9, 4, 2, 0});
  compare(6, 20'000, Flavour::cas, {4, 1, 9, 1, 0, 0});
}

TEST(Check, AgreesWithExhaustiveSearchOnTexts) {
  compare(7, 30'000, Flavour::text, {4, 1, 9, 4, 2, 0});
  compare(8, 20'000, Flavour::text, {4, 1, 9, 1, 0, 0});
}

}  // namespace
}  // namespace cacherace::verify
