// Linearizability of a register: each rule in a table, then brute force on random histories.
#include "verify/register.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tests/verify/brute_force.hpp"
#include "tests/verify/history.hpp"
#include "tests/verify/random_execution.hpp"
#include "verify/judge.hpp"
#include "verify/witness.hpp"

namespace cacherace::verify {
namespace {

using testing::BruteForce;
using testing::execution;
using testing::failed;
using testing::RandomExecution;
using testing::read;
using testing::Shape;
using testing::unknown;
using testing::write;

struct Case {
  const char* fact;
  bool linearizable;
  std::vector<Operation> operations;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> table = {
      {"nothing happened", true, {}},
      {"the initial value is readable before any write returned",
       true,
       {write(0, 1, 0, 9), read(1, 0, 8, 9)}},
      {"and no more once one has", false, {write(0, 1, 0, 9), read(1, 0, 10, 11)}},
      {"returned before invoked is strict", true, {write(0, 1, 0, 9), read(1, 0, 9, 11)}},
      {"except within a client", false, {write(0, 1, 0, 9), read(0, 0, 9, 11)}},
      {"where every operation may be over at once", false, {write(0, 1, 9, 9), read(0, 0, 9, 9)}},
      {"and order is that of the list", true, {read(0, 0, 9, 9), write(0, 1, 9, 9), read(0, 1, 9, 9)}},
      {"a read may not return a later write", false, {read(1, 1, 0, 4), write(0, 1, 5, 9)}},
      {"but one that starts as it returns", true, {read(1, 1, 0, 5), write(0, 1, 5, 9)}},
      {"if it is another client's", false, {read(0, 1, 0, 5), write(0, 1, 5, 9)}},
      {"a value nobody wrote", false, {write(0, 1, 0, 9), read(1, 7, 10, 11)}},
      {"a failed write wrote nothing", false, {failed(write(0, 1, 0, 9)), read(1, 1, 10, 11)}},
      {"and hides nothing", true, {failed(write(0, 1, 0, 9)), read(1, 0, 10, 11)}},
      {"an unknown write may have happened", true, {unknown(write(0, 1, 0, 9)), read(1, 1, 50, 51)}},
      {"or not", true, {unknown(write(0, 1, 0, 9)), read(1, 0, 50, 51)}},
      {"at any time", true, {unknown(write(0, 1, 0, 9)), read(1, 0, 50, 51), read(1, 1, 60, 61)}},
      {"but only once", false, {unknown(write(0, 1, 0, 9)), read(1, 1, 50, 51), read(1, 0, 60, 61)}},
      {"an unknown write is not before its client's next operation",
       true,
       {unknown(write(0, 1, 0, 9)), read(0, 0, 9, 10)}},
      {"but after its previous one",
       false,
       {write(0, 1, 0, 5), unknown(write(0, 2, 5, 9)), read(1, 2, 6, 7), read(1, 1, 8, 9)}},
      {"a read that is not ok says nothing", true, {write(0, 1, 0, 4), failed(read(1, 7, 5, 6))}},
      {"nor one that never returned", true, {write(0, 1, 0, 4), unknown(read(1, 0, 5, 6))}},
      {"two writes that overlap may be seen in either order",
       true,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 2, 10, 11), read(2, 2, 12, 13)}},
      {"but not in both",
       false,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 2, 10, 11), read(3, 1, 12, 13), read(3, 2, 14, 15)}},
      {"new, then old", false, {write(0, 1, 0, 1), write(0, 2, 2, 20), read(1, 2, 3, 4), read(2, 1, 5, 6)}},
      {"two clients that turn at one instant, in opposite senses",
       false,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 1, 4, 5), read(3, 2, 4, 5), read(2, 2, 5, 6),
        read(3, 1, 5, 6)}},
      {"two clients that turn at one instant, in the same sense",
       true,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 1, 4, 5), read(3, 1, 4, 5), read(2, 2, 5, 6),
        read(3, 2, 5, 6)}},
      {"what one client saw at an instant binds no other",
       true,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 1, 4, 5), read(3, 2, 4, 5), read(4, 2, 5, 6),
        read(5, 1, 5, 6)}},
      {"turns at different instants",
       false,
       {write(0, 1, 0, 9), write(1, 2, 0, 9), read(2, 1, 2, 3), read(2, 2, 3, 3), read(3, 2, 7, 7),
        read(3, 1, 7, 8)}},
  };
  return table;
}

// Three clients turn at one instant, each from one value to the next round a ring.
std::vector<Operation> ring() {
  return {write(0, 1, 0, 9), write(1, 2, 0, 9), write(2, 3, 0, 9), read(3, 1, 4, 5), read(4, 2, 4, 5),
          read(5, 3, 4, 5),  read(3, 2, 5, 6),  read(4, 3, 5, 6),  read(5, 1, 5, 6)};
}

bool judged(const std::vector<Operation>& operations, std::size_t small) {
  Judge judge(small);
  return judge.judge(execution(operations)).linearizable;
}

TEST(Register, Table) {
  for (const Case& c : cases()) {
    EXPECT_EQ(BruteForce(c.operations).linearizable(), c.linearizable) << c.fact;
    EXPECT_EQ(judged(c.operations, small_size), c.linearizable) << c.fact;
    EXPECT_EQ(judged(c.operations, 0), c.linearizable) << c.fact;
  }
}

TEST(Register, RingOfThreeClientsAtOneInstant) {
  std::vector<Operation> operations = ring();
  EXPECT_FALSE(BruteForce(operations).linearizable());
  EXPECT_FALSE(judged(operations, small_size));
  EXPECT_FALSE(judged(operations, 0));
  // Nothing can be spared: it is the one contradiction that needs more than six operations.
  EXPECT_EQ(minimal_witness(execution(operations), 0).size(), operations.size());
  operations.pop_back();
  EXPECT_TRUE(BruteForce(operations).linearizable());
  EXPECT_TRUE(judged(operations, small_size));
}

TEST(Register, FirstBadKeyIsTheSmallest) {
  Judge judge;
  const Verdict& verdict =
      judge.judge(execution({write(0, 1, 0, 1, 5), write(0, 2, 2, 3, 3), write(0, 3, 4, 5, 9),
                             read(1, 0, 6, 7, 9), read(1, 0, 8, 9, 5), read(1, 2, 10, 11, 3)}));
  EXPECT_FALSE(verdict.linearizable);
  EXPECT_EQ(verdict.first_bad_key, 5U);
}

TEST(Register, AValueOfAnotherKeyIsOneThatNobodyWrote) {
  EXPECT_FALSE(judged({write(0, 1, 0, 1, 5), read(1, 1, 2, 3, 6)}, small_size));
  EXPECT_TRUE(judged({write(0, 1, 0, 1, 5), read(1, 1, 2, 3, 5), read(1, 0, 2, 3, 6)}, small_size));
}

TEST(Register, ValuesNeedNotAscend) {
  for (const std::size_t small : {small_size, std::size_t{0}}) {
    EXPECT_TRUE(judged({write(0, 9, 0, 1), write(0, 4, 2, 3), read(1, 4, 4, 5)}, small));
    EXPECT_FALSE(judged({write(0, 9, 0, 1), write(0, 4, 2, 3), read(1, 9, 4, 5)}, small));
  }
}

struct Tally {
  int linearizable = 0;
  int not_linearizable = 0;
};

// A witness contradicts itself, and no smaller set does that keeps the write of every value read.
void expect_minimal(const Execution& history) {
  const std::vector<OperationIndex> witness = minimal_witness(history, 0);
  std::vector<Operation> operations;
  operations.reserve(witness.size());
  for (const OperationIndex index : witness) operations.push_back(history.operations[index]);
  ASSERT_FALSE(operations.empty());
  EXPECT_TRUE(std::is_sorted(witness.begin(), witness.end()));
  EXPECT_FALSE(BruteForce(operations).linearizable());
  for (std::size_t left_out = 0; left_out < operations.size(); ++left_out) {
    std::vector<Operation> fewer = operations;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
    const bool was_read = std::any_of(fewer.begin(), fewer.end(), [&](const Operation& other) {
      return operations[left_out].kind == OperationKind::write && other.kind == OperationKind::read &&
             other.value == operations[left_out].value;
    });
    EXPECT_TRUE(was_read || BruteForce(fewer).linearizable());
  }
}

Tally compare_with_brute_force(std::uint32_t seed, int histories, const Shape& most,
                               std::size_t witness_at_most) {
  RandomExecution random(seed);
  Judge judge;
  Judge general(0);
  Tally tally;
  for (int i = 0; i < histories; ++i) {
    Shape shape = most;
    shape.clients = 1 + random.below(most.clients);
    shape.operations = 2 + random.below(static_cast<std::uint32_t>(most.operations) - 1);
    const Execution history = random.draw(shape);
    const bool expected = BruteForce(history.operations).linearizable();
    EXPECT_EQ(judge.judge(history).linearizable, expected) << "history " << i;
    EXPECT_EQ(general.judge(history).linearizable, expected) << "history " << i;
    if (expected) {
      ++tally.linearizable;
      EXPECT_TRUE(minimal_witness(history, 0).empty());
    } else {
      ++tally.not_linearizable;
      EXPECT_LE(minimal_witness(history, 0).size(), witness_at_most);
      expect_minimal(history);
    }
    if (::testing::Test::HasFailure()) break;
  }
  return tally;
}

TEST(Register, AgreesWithBruteForce) {
  const Tally tally = compare_with_brute_force(1, 200'000, {3, 1, 7, 4, 2, 0}, 6);
  EXPECT_EQ(tally.linearizable, 142'601);
  EXPECT_EQ(tally.not_linearizable, 57'399);
}

// Nearly everything at one of two or three instants: seams, chains of them, rings.
TEST(Register, AgreesWithBruteForceWhereInstantsAreShared) {
  const Tally tally = compare_with_brute_force(2, 60'000, {4, 1, 9, 1, 0, 0}, 9);
  EXPECT_EQ(tally.linearizable, 30'833);
  EXPECT_EQ(tally.not_linearizable, 29'167);
}

}  // namespace
}  // namespace cacherace::verify
