// The verdict on histories from anywhere: each rule in a test of its own, then exhaustive search on random
// histories.
#include "verify/check.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "tests/verify/exhaustive.hpp"
#include "tests/verify/history.hpp"
#include "tests/verify/random_history.hpp"
#include "tests/verify/scale.hpp"

namespace cacherace::verify {
namespace {

using testing::append;
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
  return tally;
}

TEST(Check, NothingHappened) {
  const HistoryVerdict verdict = Checker().check({});
  EXPECT_EQ(verdict.linearizable, true);
  EXPECT_TRUE(verdict.keys.empty());
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
