// State windows, their causes, stuck keys: each rule in a test of its own, then a naive twin on random
// executions.
#include "verify/windows.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <ostream>
#include <tuple>
#include <vector>

#include "tests/verify/history.hpp"
#include "tests/verify/naive_windows.hpp"
#include "tests/verify/random_execution.hpp"
#include "verify/judge.hpp"

namespace cacherace::verify {

bool operator==(const Window& a, const Window& b) {
  const auto all = [](const Window& w) { return std::tie(w.from, w.to, w.key, w.cause, w.open, w.visible); };
  return all(a) == all(b);
}

void PrintTo(const Window& w, std::ostream* out) {
  *out << "[" << w.from << ", " << w.to << ") of k" << w.key << " "
       << cause_names[static_cast<std::size_t>(w.cause)] << (w.open ? " open" : "")
       << (w.visible ? " visible" : "");
}

bool operator==(const StuckKey& a, const StuckKey& b) {
  return std::tie(a.key, a.cached, a.newest, a.expires) == std::tie(b.key, b.cached, b.newest, b.expires);
}

void PrintTo(const StuckKey& s, std::ostream* out) {
  *out << "k" << s.key << " holds " << s.cached << ", newest " << s.newest << ", until " << s.expires;
}

namespace {

using testing::commit;
using testing::crash;
using testing::execution;
using testing::fill;
using testing::hit;
using testing::lost_message;
using testing::NaiveWindows;
using testing::own_del;
using testing::own_failure;
using testing::own_set;
using testing::RandomExecution;
using testing::read;
using testing::Shape;
using testing::unknown;
using testing::until;
using testing::write;

using WindowList = std::vector<Window>;
using Stuck = std::vector<StuckKey>;

Verdict judged(const Execution& history) {
  Judge judge;
  Judge general(0);
  const Verdict& verdict = judge.judge(history);
  const Verdict& other = general.judge(history);
  EXPECT_EQ(verdict.windows, other.windows);
  EXPECT_EQ(verdict.stuck, other.stuck);
  return verdict;
}

// Quiescence at 100, version 0 cached at first.
Execution cached(std::vector<Event> events, std::vector<Operation> operations = {}) {
  Execution history = execution(std::move(operations), std::move(events), 100);
  history.initially_cached = true;
  return history;
}

Execution absent(std::vector<Event> events, std::vector<Operation> operations = {}) {
  return execution(std::move(operations), std::move(events), 100);
}

TEST(StateWindow, FromTheCommitToTheDelete) {
  const Verdict verdict = judged(cached({commit(10, 1), own_del(15, 1)}));
  EXPECT_EQ(verdict.windows, (WindowList{{10, 15, 0, Cause::in_flight, false, false}}));
  EXPECT_TRUE(verdict.stuck.empty());
}

TEST(StateWindow, AnAbsentKeyIsConsistent) {
  EXPECT_TRUE(judged(absent({commit(10, 1), own_del(15, 1)})).windows.empty());
  EXPECT_TRUE(judged(cached({own_del(5, 1), commit(10, 1)})).windows.empty());
}

TEST(StateWindow, OneThatIsOpenAtQuiescenceEndsThereAndTheKeyIsStuck) {
  const Verdict verdict = judged(absent({commit(10, 1), fill(20, 0)}));
  EXPECT_EQ(verdict.windows, (WindowList{{20, 100, 0, Cause::late_fill, true, false}}));
  EXPECT_EQ(verdict.stuck, (Stuck{{0, 0, 1, never}}));
  EXPECT_TRUE(verdict.violates());
}

TEST(StateWindow, StuckWithATtlHealsAtItsExpiry) {
  EXPECT_EQ(judged(absent({commit(10, 1), until(fill(20, 0), 101)})).stuck, (Stuck{{0, 0, 1, 101}}));
  const Verdict healed = judged(absent({commit(10, 1), until(fill(20, 0), 100)}));
  EXPECT_TRUE(healed.stuck.empty());
  EXPECT_EQ(healed.windows, (WindowList{{20, 100, 0, Cause::late_fill, false, false}}));
}

TEST(StateWindow, OneWrongVersionAfterAnotherIsOneWindow) {
  const Verdict verdict =
      judged(absent({commit(1, 1), commit(2, 2), fill(10, 0, true), fill(12, 1), fill(15, 2)}));
  EXPECT_EQ(verdict.windows, (WindowList{{10, 15, 0, Cause::replica_lag, false, false}}));
}

TEST(StateWindow, LengthZeroIsNotCounted) {
  EXPECT_TRUE(
      judged(cached({commit(10, 1), hit(10, 0, 0), own_del(10, 1)}, {read(0, 0, 9, 11)})).windows.empty());
  const Verdict at_the_end = judged(absent({commit(10, 1), fill(100, 0)}));
  EXPECT_TRUE(at_the_end.windows.empty());
  EXPECT_EQ(at_the_end.stuck.size(), 1U);
}

TEST(StateWindow, AnEntryIsMissingFromItsExpiryOnBeforeAnyEventOfThatInstant) {
  const Verdict verdict =
      judged(absent({until(fill(1, 0), 20), commit(10, 1), hit(20, 0, 0), fill(20, 0)}, {read(0, 0, 9, 30)}));
  EXPECT_EQ(verdict.windows, (WindowList{{10, 20, 0, Cause::no_invalidation, false, false},
                                         {20, 100, 0, Cause::late_fill, true, false}}));
  EXPECT_TRUE(judged(absent({until(fill(1, 0), 10), commit(10, 1)})).windows.empty());
}

TEST(StateWindow, TheInitialEntryExpiresToo) {
  Execution history = cached({commit(10, 1)});
  history.initial_expiry = 30;
  EXPECT_EQ(judged(history).windows, (WindowList{{10, 30, 0, Cause::no_invalidation, false, false}}));
}

TEST(StateWindow, ByKeyThenByTime) {
  Execution history = cached({commit(10, 1, 4), commit(11, 2, 2), fill(12, 9)});
  history.keys = 1'000'000'000;  // only touched keys cost anything
  EXPECT_EQ(judged(history).windows, (WindowList{{12, 100, 0, Cause::write_ahead, true, false},
                                                 {11, 100, 2, Cause::no_invalidation, true, false},
                                                 {10, 100, 4, Cause::no_invalidation, true, false}}));
}

TEST(Visible, AnOkReadReturnedWhatItsGetFoundInTheWindow) {
  const auto visible = [](const std::vector<Event>& events, const Operation& operation) {
    return judged(cached(events, {operation})).windows.at(0).visible;
  };
  EXPECT_TRUE(visible({commit(10, 1), hit(12, 0, 0), own_del(15, 1)}, read(0, 0, 9, 20)));
  EXPECT_FALSE(visible({hit(9, 0, 0), commit(10, 1), own_del(15, 1)}, read(0, 0, 9, 20)));
  EXPECT_FALSE(visible({commit(10, 1), own_del(15, 1), hit(15, 0, 0)}, read(0, 0, 9, 20)));
  EXPECT_TRUE(visible({commit(10, 1), hit(10, 0, 0), own_del(15, 1)}, read(0, 0, 9, 20)));
  EXPECT_TRUE(visible({commit(10, 1), hit(15, 0, 0), own_del(15, 1)}, read(0, 0, 9, 20)));
  EXPECT_FALSE(visible({commit(10, 1), hit(12, 0, 0), own_del(15, 1)}, read(0, 1, 9, 20)));
  EXPECT_FALSE(visible({commit(10, 1), hit(12, 0, 0), own_del(15, 1)}, unknown(read(0, 0, 9, 20))));
}

struct CauseCase {
  const char* fact;
  Cause cause;
  Execution history;
};

std::vector<CauseCase> cause_cases() {
  const std::vector<Operation> writes = {write(0, 1, 0, 50), write(1, 2, 0, 50)};
  return {
      {"a fill with what was the newest when it was SELECTed", Cause::late_fill,
       absent({commit(1, 1), fill(5, 0)})},
      {"a fill from a lagging replica", Cause::replica_lag, absent({commit(1, 1), fill(5, 0, true)})},
      {"a fill with an uncommitted version", Cause::write_ahead, absent({fill(5, 1, true), commit(9, 1)})},
      {"a SET before the COMMIT", Cause::write_ahead, absent({own_set(5, 1), commit(9, 1)})},
      {"or without one", Cause::write_ahead, absent({own_set(5, 1)})},
      {"an older SET after a newer one", Cause::reordered,
       absent({commit(1, 1), commit(2, 2), own_set(5, 2), own_set(6, 1)})},
      {"or after a newer DEL, of consumers too", Cause::reordered,
       absent({commit(1, 1), commit(2, 2), own_del(5, 2), own_set(6, 1, Origin::consumer)})},
      {"an older SET before the newer one", Cause::in_flight,
       absent({commit(1, 1), commit(2, 2), own_set(5, 1), own_set(6, 2)})},
      {"which fails", Cause::failed_command,
       absent({commit(1, 1), commit(2, 2), own_set(5, 1), own_failure(6, 2)})},
      {"or had failed already", Cause::failed_command,
       absent({commit(1, 1), commit(2, 2), own_failure(4, 2), own_set(5, 1)})},
      {"or whose client crashed", Cause::crash,
       absent({commit(1, 1), commit(2, 2), crash(4, 1), own_set(5, 1)}, writes)},
      {"or that never comes", Cause::no_invalidation, absent({commit(1, 1), commit(2, 2), own_set(5, 1)})},
      {"a consumer that read back from a lagging replica", Cause::replica_lag,
       [] {
         Event set = own_set(5, 0, Origin::consumer);
         set.for_write = 1;
         set.source_outdated = true;
         return absent({commit(1, 1), set});
       }()},
      {"the DEL after the COMMIT", Cause::in_flight, cached({commit(1, 1), own_del(5, 1)})},
      {"the consumer's DEL", Cause::in_flight, cached({commit(1, 1), own_del(5, 1, Origin::consumer)})},
      {"a DEL that failed", Cause::failed_command, cached({commit(1, 1), own_failure(5, 1)})},
      {"even if it is repeated", Cause::failed_command,
       cached({commit(1, 1), own_failure(5, 1), own_del(6, 1)})},
      {"but not if the window was over by then", Cause::in_flight,
       cached({commit(1, 1), own_del(5, 2), own_failure(6, 1)})},
      {"the end of the window included", Cause::failed_command,
       cached({commit(1, 1), own_del(6, 2), own_failure(6, 1)})},
      {"a crash", Cause::crash, cached({commit(1, 1), crash(5, 0)}, writes)},
      {"before the COMMIT took effect", Cause::crash, cached({crash(0, 0), commit(1, 1)}, writes)},
      {"after the window", Cause::in_flight, cached({commit(1, 1), fill(3, 1), crash(5, 0)}, writes)},
      {"a crash in another operation", Cause::no_invalidation, cached({commit(1, 1), crash(5, 1)}, writes)},
      {"a lost message", Cause::lost_message, cached({commit(1, 1), lost_message(5, 1)})},
      {"another's lost message", Cause::no_invalidation, cached({commit(1, 1), lost_message(5, 2)})},
      {"lost after the window", Cause::in_flight, cached({commit(1, 1), fill(3, 1), lost_message(5, 1)})},
      {"a DEL before the COMMIT that failed", Cause::failed_command,
       cached({own_failure(0, 1), commit(1, 1)})},
      {"a DEL before the COMMIT that a fill made vain", Cause::no_invalidation,
       cached({own_del(0, 1), fill(1, 0), commit(2, 1)})},
      {"a SET before the COMMIT, overwritten by another write's", Cause::reordered,
       absent({own_set(0, 1), own_set(0, 2), commit(2, 2), commit(3, 1)})},
      {"but not by a fill", Cause::no_invalidation, absent({own_set(0, 1), fill(0, 0), commit(1, 1)})},
      {"nobody invalidates", Cause::no_invalidation, cached({commit(1, 1)})},
      {"another write's commands do not count", Cause::no_invalidation,
       cached({commit(1, 1), own_failure(4, 2), own_set(5, 2)})},
  };
}

TEST(Causes, Table) {
  for (const CauseCase& c : cause_cases()) {
    const Verdict verdict = judged(c.history);
    ASSERT_FALSE(verdict.windows.empty()) << c.fact;
    EXPECT_EQ(cause_names[static_cast<std::size_t>(verdict.windows.back().cause)],
              cause_names[static_cast<std::size_t>(c.cause)])
        << c.fact;
  }
}

TEST(Windows, AgreeWithTheirNaiveTwin) {
  RandomExecution random(5);
  std::array<std::size_t, cause_names.size()> by_cause{};
  std::size_t stuck = 0;
  std::size_t visible = 0;
  for (int i = 0; i < 40'000 && !::testing::Test::HasFailure(); ++i) {
    const Shape shape{1 + random.below(3), 1 + random.below(3), 1 + random.below(8), 4, 2, random.below(24)};
    const Execution history = random.draw(shape);
    const Verdict verdict = judged(history);
    NaiveWindows naive(history);
    EXPECT_EQ(verdict.windows, naive.windows()) << "execution " << i;
    EXPECT_EQ(verdict.stuck, naive.stuck()) << "execution " << i;
    stuck += verdict.stuck.size();
    for (const Window& window : verdict.windows) {
      visible += window.visible;
      ++by_cause[static_cast<std::size_t>(window.cause)];
    }
  }
  EXPECT_EQ(stuck, 13'941U);
  EXPECT_EQ(visible, 5'267U);
  EXPECT_EQ(by_cause, (std::array<std::size_t, cause_names.size()>{3382, 1763, 6189, 1429, 1728, 1409, 4649,
                                                                   7175, 0, 24090, 0}));
}

TEST(Windows, AgreeWithTheirNaiveTwinWhereKeysExpireApart) {
  RandomExecution random(7);
  std::size_t others = 0;
  for (int i = 0; i < 20'000 && !::testing::Test::HasFailure(); ++i) {
    Execution history = random.draw({2, 2, 1 + random.below(8), 4, 2, random.below(24)});
    const std::size_t before = judged(history).windows.size();
    for (std::uint32_t key = 0; key < history.keys; ++key) {
      history.initial_expiries.push_back(random.below(4) == 0 ? never : random.below(12));
    }
    const Verdict verdict = judged(history);
    NaiveWindows naive(history);
    EXPECT_EQ(verdict.windows, naive.windows()) << "execution " << i;
    EXPECT_EQ(verdict.stuck, naive.stuck()) << "execution " << i;
    others += verdict.windows.size() != before ? 1 : 0;
  }
  EXPECT_GT(others, 1'000U);
}

// A database that goes back to an older version, and the commits after it are in no order any more.
TEST(Windows, AgreeWithTheirNaiveTwinWhereTheDatabaseFailsOver) {
  RandomExecution random(8);
  std::size_t lost = 0;
  for (int i = 0; i < 40'000 && !::testing::Test::HasFailure(); ++i) {
    Shape shape{1 + random.below(3), 1 + random.below(2), 1 + random.below(8), 4, 2, random.below(24)};
    shape.failovers = true;
    const Execution history = random.draw(shape);
    const Verdict verdict = judged(history);
    NaiveWindows naive(history);
    EXPECT_EQ(verdict.windows, naive.windows()) << "execution " << i;
    EXPECT_EQ(verdict.stuck, naive.stuck()) << "execution " << i;
    for (const Window& window : verdict.windows) lost += window.cause == Cause::lost_by_failover;
  }
  EXPECT_GT(lost, 1'000U);
}

TEST(Windows, AgreeWithTheirNaiveTwinOnLongHistories) {
  RandomExecution random(6);
  for (int i = 0; i < 200 && !::testing::Test::HasFailure(); ++i) {
    const Execution history = random.draw({4, 1 + random.below(3), 60, 4, 2, 200});
    NaiveWindows naive(history);
    EXPECT_EQ(judged(history).windows, naive.windows()) << "execution " << i;
  }
}

}  // namespace
}  // namespace cacherace::verify
