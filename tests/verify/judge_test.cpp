// The verdict as a whole, and that judging allocates nothing once the buffers have grown.
#include "verify/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tests/support/counting_new.hpp"
#include "tests/verify/history.hpp"
#include "tests/verify/random_execution.hpp"

namespace cacherace::verify {
namespace {

using support::allocations;
using testing::execution;
using testing::RandomExecution;
using testing::read;
using testing::Shape;
using testing::write;

TEST(Judge, NothingHappened) {
  Judge judge;
  EXPECT_FALSE(judge.judge({}).violates());
  EXPECT_TRUE(judge.judge({}).linearizable);
}

TEST(Judge, ForgetsTheLastExecution) {
  Judge judge;
  EXPECT_TRUE(
      judge.judge(execution({write(0, 1, 0, 1), read(0, 0, 2, 3)}, {testing::fill(3, 7)})).violates());
  const Verdict& verdict = judge.judge(execution({read(0, 0, 2, 3)}));
  EXPECT_TRUE(verdict.linearizable);
  EXPECT_FALSE(verdict.violates());
  EXPECT_TRUE(verdict.windows.empty());
}

TEST(Judge, FindingsOfManyKeysAreInOrderOfInvocation) {
  Judge judge;
  const Verdict& verdict =
      judge.judge(execution({write(0, 1, 0, 1, 9), write(1, 2, 0, 1, 3), read(2, 0, 2, 3, 9),
                             read(2, 0, 4, 5, 3), read(2, 0, 6, 7, 9)},
                            {testing::commit(1, 1, 9), testing::commit(1, 2, 3)}));
  std::vector<OperationIndex> found;
  for (const ReadFinding& finding : verdict.reads) found.push_back(finding.operation);
  EXPECT_EQ(found, (std::vector<OperationIndex>{2, 3, 4}));
}

TEST(Judge, ViolatesIsOneOfItsParts) {
  const auto with = [](auto change) {
    Verdict verdict;
    verdict.reads.emplace_back();
    change(verdict);
    return verdict.violates();
  };
  EXPECT_FALSE(with([](Verdict&) {}));
  EXPECT_FALSE(with([](Verdict& v) { v.windows.emplace_back(); }));
  EXPECT_FALSE(with([](Verdict& v) { v.reads[0].outdated_age = 5; }));
  EXPECT_FALSE(with([](Verdict& v) { v.reads[0].breaks_monotonic_reads = true; }));
  EXPECT_TRUE(with([](Verdict& v) { v.linearizable = false; }));
  EXPECT_TRUE(with([](Verdict& v) { v.stuck.emplace_back(); }));
  EXPECT_TRUE(with([](Verdict& v) { v.lost_writes = 1; }));
  EXPECT_TRUE(with([](Verdict& v) { v.reads[0].stale_age = 0; }));
  EXPECT_TRUE(with([](Verdict& v) { v.reads[0].dirty = true; }));
  EXPECT_TRUE(with([](Verdict& v) { v.reads[0].inversion = true; }));
}

// Of the cache alone: the same as with all.
TEST(Judge, OfTheCacheSaysTheSame) {
  RandomExecution random(11);
  Judge all, of_the_cache;
  int stuck = 0;
  for (int i = 0; i < 5000; ++i) {
    const Shape shape{1 + random.below(6), 1 + random.below(3), 1 + random.below(40), 4, 2, random.below(60)};
    const Execution execution = random.draw(shape);
    const Verdict& whole = all.judge(execution);
    const Verdict& part = of_the_cache.judge_cache(execution);
    ASSERT_TRUE(std::ranges::equal(whole.stuck, part.stuck, [](const StuckKey& a, const StuckKey& b) {
      return a.key == b.key && a.cached == b.cached && a.newest == b.newest && a.expires == b.expires;
    })) << i;
    ASSERT_TRUE(std::ranges::equal(whole.windows, part.windows, [](const Window& a, const Window& b) {
      return a.from == b.from && a.to == b.to && a.key == b.key && a.cause == b.cause && a.open == b.open;
    })) << i;
    ASSERT_TRUE(part.reads.empty());
    if (!part.stuck.empty()) ++stuck;
  }
  EXPECT_GT(stuck, 500);
}

TEST(Judge, AllocatesNothingAfterWarmUp) {
  RandomExecution random(7);
  std::vector<Execution> executions;
  for (int i = 0; i < 300; ++i) {
    const Shape shape{1 + random.below(6), 1 + random.below(3), 1 + random.below(120), 4, 2,
                      random.below(150)};
    executions.push_back(random.draw(shape));
  }
  Judge judge;
  Judge general(0);
  const auto judge_all = [&] {
    std::size_t violations = 0;
    for (const Execution& one : executions) {
      violations += judge.judge(one).violates();
      violations += general.judge(one).violates();
    }
    return violations;
  };
  const std::size_t violations = judge_all();
  const std::size_t before = allocations;
  EXPECT_EQ(judge_all(), violations);
  EXPECT_EQ(allocations, before);
  EXPECT_GT(before, 0U);
}

}  // namespace
}  // namespace cacherace::verify
