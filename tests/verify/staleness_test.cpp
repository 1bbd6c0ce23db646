// Stale, outdated, dirty, inverted: each sentence in a test of its own, then a naive twin on random
// executions.
#include "verify/staleness.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <tuple>
#include <vector>

#include "tests/verify/history.hpp"
#include "tests/verify/naive_staleness.hpp"
#include "tests/verify/random_execution.hpp"
#include "verify/judge.hpp"

namespace cacherace::verify {

bool operator==(const ReadFinding& a, const ReadFinding& b) {
  const auto all = [](const ReadFinding& f) {
    return std::tuple(f.operation, f.stale_age, f.outdated_age, f.lag, f.dirty, f.inversion,
                      f.breaks_read_your_writes, f.breaks_monotonic_reads);
  };
  return all(a) == all(b);
}

void PrintTo(const ReadFinding& f, std::ostream* out) {
  *out << "#" << f.operation << " stale " << f.stale_age << " outdated " << f.outdated_age << " lag " << f.lag
       << (f.dirty ? " dirty" : "") << (f.inversion ? " inversion" : "")
       << (f.breaks_read_your_writes ? " ryw" : "") << (f.breaks_monotonic_reads ? " mr" : "");
}

bool operator==(const PostAckWindow& a, const PostAckWindow& b) {
  return std::tie(a.from, a.to, a.key) == std::tie(b.from, b.to, b.key);
}

void PrintTo(const PostAckWindow& w, std::ostream* out) {
  *out << "[" << w.from << ", " << w.to << ") of k" << w.key;
}

namespace {

using testing::commit;
using testing::execution;
using testing::failed;
using testing::NaiveStaleness;
using testing::RandomExecution;
using testing::read;
using testing::Shape;
using testing::unknown;
using testing::write;

// The verdict, the same from both ways of judging.
Verdict judged(const Execution& history) {
  Judge judge;
  Judge general(0);
  const Verdict& verdict = judge.judge(history);
  const Verdict& other = general.judge(history);
  EXPECT_EQ(verdict.reads, other.reads);
  EXPECT_EQ(verdict.post_ack, other.post_ack);
  EXPECT_EQ(verdict.lost_writes, other.lost_writes);
  return verdict;
}

// The finding on the last operation; one that says nothing where there is none.
ReadFinding last(const Execution& history) {
  const Verdict verdict = judged(history);
  const auto index = static_cast<OperationIndex>(history.operations.size() - 1);
  if (!verdict.reads.empty() && verdict.reads.back().operation == index) return verdict.reads.back();
  return {};
}

TEST(Stale, OlderThanAWriteThatHadReturned) {
  EXPECT_EQ(last(execution({write(0, 1, 0, 10), read(1, 0, 11, 12)}, {commit(5, 1)})).stale_age, 1);
}

TEST(Stale, ReturnedBeforeInvokedIsStrict) {
  const ReadFinding finding = last(execution({write(0, 1, 0, 10), read(1, 0, 10, 12)}, {commit(5, 1)}));
  EXPECT_EQ(finding.stale_age, -1);
  EXPECT_EQ(finding.outdated_age, 5);
}

TEST(Stale, ExceptWithinAClient) {
  const ReadFinding finding = last(execution({write(0, 1, 0, 10), read(0, 0, 10, 12)}, {commit(10, 1)}));
  EXPECT_EQ(finding.stale_age, 0);
  EXPECT_TRUE(finding.breaks_read_your_writes);
  EXPECT_EQ(finding.outdated_age, -1);  // committed at the invocation, not before it
}

// It had committed when it was read; that a failover lost it later makes later reads of older versions wrong.
TEST(Dirty, NotWhatHadCommittedAndWasLostLater) {
  Event failover;
  failover.kind = EventKind::rolled_back;
  failover.at = 20;
  const Execution history =
      execution({write(0, 1, 0, 10), read(1, 1, 12, 13), read(2, 0, 30, 31)}, {commit(5, 1), failover});
  const Verdict verdict = judged(history);
  ASSERT_EQ(verdict.reads.size(), 1U);
  EXPECT_EQ(verdict.reads[0].operation, 2U);
  EXPECT_TRUE(verdict.reads[0].inversion);
  EXPECT_EQ(verdict.reads[0].stale_age, -1) << "the write is lost: no read is stale by it";
  EXPECT_EQ(verdict.lost_writes, 1U);
}

TEST(Stale, AgeIsFromTheOldestNewerWriteInCommitOrder) {
  // Version 1 commits before version 2, but its write returns later.
  const Execution history =
      execution({write(0, 1, 0, 20), write(1, 2, 0, 10), read(2, 0, 25, 26)}, {commit(4, 1), commit(5, 2)});
  EXPECT_EQ(last(history).stale_age, 5);
  EXPECT_EQ(last(history).outdated_age, 21);
  EXPECT_EQ(last(history).lag, 2U);
}

TEST(Stale, OlderMeansCommitOrderNotIds) {
  const std::vector<Operation> writes = {write(0, 1, 0, 20), write(1, 2, 0, 20)};
  std::vector<Operation> operations = writes;
  operations.push_back(read(2, 1, 30, 31));
  EXPECT_EQ(last(execution(operations, {commit(4, 2), commit(5, 1)})).stale_age, -1);
  operations.back() = read(2, 2, 30, 31);
  EXPECT_EQ(last(execution(operations, {commit(4, 2), commit(5, 1)})).stale_age, 10);
}

TEST(Stale, AnUnknownWriteMakesOutdatedOnly) {
  const ReadFinding finding =
      last(execution({unknown(write(0, 1, 0, 10)), read(1, 0, 50, 51)}, {commit(5, 1)}));
  EXPECT_EQ(finding.stale_age, -1);
  EXPECT_EQ(finding.outdated_age, 45);
}

TEST(Stale, OfOverlappingWritesTheCommitOrderDecidesEvenIfLinearizable) {
  const Verdict verdict = judged(
      execution({write(0, 1, 0, 20), write(1, 2, 0, 20), read(2, 1, 30, 31)}, {commit(4, 1), commit(5, 2)}));
  EXPECT_TRUE(verdict.linearizable);
  EXPECT_EQ(verdict.reads.at(0).stale_age, 10);
  EXPECT_TRUE(verdict.violates());
}

TEST(Outdated, CommittedStrictlyBeforeTheInvocation) {
  EXPECT_EQ(last(execution({write(0, 1, 0, 20), read(1, 0, 10, 12)}, {commit(10, 1)})).outdated_age, -1);
  const Verdict verdict = judged(execution({write(0, 1, 0, 20), read(1, 0, 10, 12)}, {commit(9, 1)}));
  EXPECT_EQ(verdict.reads.at(0).outdated_age, 1);
  EXPECT_FALSE(verdict.violates());
}

TEST(Dirty, CommitsAfterTheReturnOrNever) {
  EXPECT_TRUE(last(execution({write(0, 1, 0, 20), read(1, 1, 5, 9)}, {commit(10, 1)})).dirty);
  EXPECT_FALSE(last(execution({write(0, 1, 0, 20), read(1, 1, 5, 10)}, {commit(10, 1)})).dirty);
  EXPECT_TRUE(last(execution({failed(write(0, 1, 0, 4)), read(1, 1, 5, 10)})).dirty);
  EXPECT_TRUE(last(execution({write(0, 1, 0, 4), read(1, 77, 5, 10)}, {commit(2, 1)})).dirty);
}

TEST(Dirty, CountsAsNothingElse) {
  // It is older than what was read and written before, in the final order.
  const Execution history =
      execution({write(0, 1, 0, 50), write(1, 2, 1, 2), read(1, 2, 3, 4), read(1, 1, 5, 6)},
                {commit(1, 2), commit(40, 1)});
  const ReadFinding finding = last(history);
  EXPECT_TRUE(finding.dirty);
  EXPECT_EQ(finding, (ReadFinding{3, -1, -1, 0, true, false, false, false}));
}

TEST(Inversion, OlderThanWhatAnEarlierReadReturned) {
  const std::vector<Event> commits = {commit(5, 1)};
  EXPECT_TRUE(last(execution({write(0, 1, 0, 50), read(1, 1, 6, 7), read(2, 0, 8, 9)}, commits)).inversion);
  EXPECT_FALSE(last(execution({write(0, 1, 0, 50), read(1, 1, 6, 8), read(2, 0, 8, 9)}, commits)).inversion);
  const ReadFinding own = last(execution({write(0, 1, 0, 50), read(1, 1, 6, 8), read(1, 0, 8, 9)}, commits));
  EXPECT_TRUE(own.inversion);
  EXPECT_TRUE(own.breaks_monotonic_reads);
  EXPECT_FALSE(own.breaks_read_your_writes);
}

TEST(Inversion, ADirtyVersionIsNewerThanAllUntilItsRankIsKnown) {
  // Version 2 never commits: whoever reads 1 after it reads something older.
  const std::vector<Operation> never_commits = {write(0, 1, 0, 2), failed(write(1, 2, 0, 50)),
                                                read(2, 2, 3, 4), read(2, 1, 5, 6)};
  EXPECT_TRUE(last(execution(never_commits, {commit(1, 1)})).inversion);
  EXPECT_FALSE(last(execution(never_commits, {commit(1, 1)})).breaks_monotonic_reads);
  // Here it commits, but as the older one of the two.
  const std::vector<Operation> commits_later = {write(0, 1, 0, 50), write(1, 2, 0, 50), read(2, 2, 3, 4),
                                                read(2, 1, 25, 26)};
  EXPECT_FALSE(last(execution(commits_later, {commit(10, 2), commit(20, 1)})).inversion);
  EXPECT_TRUE(last(execution(commits_later, {commit(10, 1), commit(20, 2)})).inversion);
}

TEST(Sessions, ReadYourWritesLooksAtTheSameClientAndKey) {
  const std::vector<Event> commits = {commit(5, 1)};
  EXPECT_TRUE(last(execution({write(0, 1, 0, 6), read(0, 0, 7, 8)}, commits)).breaks_read_your_writes);
  EXPECT_FALSE(last(execution({write(0, 1, 0, 6), read(1, 0, 7, 8)}, commits)).breaks_read_your_writes);
  EXPECT_FALSE(last(execution({write(0, 1, 0, 6), read(0, 0, 7, 8, 1)}, commits)).breaks_read_your_writes);
}

TEST(LostWrites, AreOkWritesThatNeverCommit) {
  const Verdict verdict = judged(execution(
      {write(0, 1, 0, 6), failed(write(0, 2, 7, 8)), unknown(write(0, 3, 9, 9)), read(0, 0, 9, 10)}));
  EXPECT_EQ(verdict.lost_writes, 1U);
  EXPECT_TRUE(verdict.reads.empty());  // without a rank it is newer than nothing
  EXPECT_TRUE(verdict.violates());
}

TEST(PostAck, JoinsOverlappingStaleReadsOfAKey) {
  const Verdict verdict = judged(execution(
      {write(0, 1, 0, 10), read(1, 0, 11, 20), read(2, 0, 15, 30), write(0, 2, 31, 40), read(2, 1, 50, 60)},
      {commit(5, 1), commit(35, 2)}));
  EXPECT_EQ(verdict.post_ack, (std::vector<PostAckWindow>{{10, 30, 0}, {40, 60, 0}}));
}

struct Tally {
  std::size_t stale = 0, outdated = 0, dirty = 0, inversions = 0, read_your_writes = 0, monotonic_reads = 0;
  std::size_t lost = 0, post_ack = 0;
};

void add(const Verdict& verdict, Tally& tally) {
  for (const ReadFinding& finding : verdict.reads) {
    tally.stale += finding.stale_age >= 0;
    tally.outdated += finding.outdated_age >= 0;
    tally.dirty += finding.dirty;
    tally.inversions += finding.inversion;
    tally.read_your_writes += finding.breaks_read_your_writes;
    tally.monotonic_reads += finding.breaks_monotonic_reads;
  }
  tally.lost += verdict.lost_writes;
  tally.post_ack += verdict.post_ack.size();
}

TEST(Staleness, AgreesWithItsNaiveTwin) {
  RandomExecution random(3);
  Tally tally;
  for (int i = 0; i < 20'000 && !::testing::Test::HasFailure(); ++i) {
    const Shape shape{1 + random.below(4), 1 + random.below(3), 1 + random.below(24),
                      random.below(6),     random.below(4),     0};
    const Execution history = random.draw(shape);
    const Verdict verdict = judged(history);
    const NaiveStaleness naive(history);
    EXPECT_EQ(verdict.reads, naive.findings()) << "execution " << i;
    EXPECT_EQ(verdict.lost_writes, naive.lost_writes()) << "execution " << i;
    EXPECT_EQ(verdict.post_ack, naive.post_ack()) << "execution " << i;
    add(verdict, tally);
  }
  EXPECT_EQ(tally.stale, 26'315U);
  EXPECT_EQ(tally.outdated, 25'808U);
  EXPECT_EQ(tally.dirty, 14'110U);
  EXPECT_EQ(tally.inversions, 20'103U);
  EXPECT_EQ(tally.read_your_writes, 19'545U);
  EXPECT_EQ(tally.monotonic_reads, 9'550U);
  EXPECT_EQ(tally.lost, 3'651U);
  EXPECT_EQ(tally.post_ack, 14'554U);
}

// What a failover of the database lost counts as never committed.
TEST(Staleness, AgreesWithItsNaiveTwinWhereTheDatabaseFailsOver) {
  RandomExecution random(9);
  std::size_t lost = 0;
  for (int i = 0; i < 20'000 && !::testing::Test::HasFailure(); ++i) {
    Shape shape{1 + random.below(4), 1 + random.below(2), 1 + random.below(24), random.below(6),
                random.below(4)};
    shape.failovers = true;
    const Execution history = random.draw(shape);
    const Verdict verdict = judged(history);
    const NaiveStaleness naive(history);
    EXPECT_EQ(verdict.reads, naive.findings()) << "execution " << i;
    EXPECT_EQ(verdict.lost_writes, naive.lost_writes()) << "execution " << i;
    lost += verdict.lost_writes;
  }
  EXPECT_GT(lost, 5'000U);
}

// Long enough that the general path is taken by itself.
TEST(Staleness, AgreesWithItsNaiveTwinOnLongHistories) {
  RandomExecution random(4);
  for (int i = 0; i < 60 && !::testing::Test::HasFailure(); ++i) {
    const Execution history = random.draw({6, 1 + random.below(4), 300, 5, 2, 0});
    EXPECT_EQ(judged(history).reads, NaiveStaleness(history).findings()) << "execution " << i;
  }
}

}  // namespace
}  // namespace cacherace::verify
