// Transactions, row locks and isolation: each sentence about MySQL as a test, and the anomalies of each
// isolation level. Source of the list: Kleppmann, "Hermitage: Testing the I in ACID", as it reports InnoDB.
#include <gtest/gtest.h>

#include <functional>

#include "models/mysql.hpp"

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

constexpr Key a{0}, b{1};

// Statements of two or three sessions, each at its instant; one that waits for a row goes on when it can.
class Bench {
 public:
  explicit Bench(Isolation isolation = Isolation::repeatable_read)
      : Bench(MysqlSetup{.isolation = isolation}) {}
  explicit Bench(const MysqlSetup& setup)
      : setup_{setup}, outages_(world_, whole_), mysql_(world_, recorder_, setup_, {.count = 4}, outages_) {
    for (int i = 0; i < 3; ++i) mysql_.connect();
    mysql_.begin_run(1, 0);
  }

  using Statement = std::function<void(Bench&)>;
  void at(int instant, Statement statement) { script_.push_back({instant, std::move(statement)}); }

  // Runs the script; each statement on a fiber of its own.
  void run() {
    for (auto& line : script_) {
      world_.spawn(sim::Duration(line.instant), [this, &line] { line.statement(*this); });
    }
    world_.run({});
  }

  static Caller caller(Connection connection) { return {.connection = connection, .client = connection}; }
  void begin(Connection c) { mysql_.begin(caller(c)); }
  bool commit(Connection c) { return mysql_.commit(caller(c)); }
  void rollback(Connection c) { mysql_.rollback(caller(c)); }
  void kill(Connection c) { mysql_.kill(c); }
  std::optional<std::uint32_t> read(Connection c, Key key, RowLock lock = RowLock::none) {
    const auto row = mysql_.select(caller(c), key, lock);
    return row ? std::optional(number_of(row->value)) : std::nullopt;
  }
  bool write(Connection c, Key key, std::uint32_t value) {
    return mysql_.update(caller(c), key, WriteId{value}).has_value();
  }
  [[nodiscard]] std::uint32_t newest(Key key) { return number_of(mysql_.newest(key).value); }
  [[nodiscard]] const std::vector<BinlogEvent>& binlog() const { return mysql_.binlog(); }
  [[nodiscard]] std::int64_t now() const { return sim::nanos(world_.now()); }

 private:
  struct Line {
    int instant;
    Statement statement;
  };
  MysqlSetup setup_;
  sim::World world_;
  Recorder recorder_;
  models::Setup whole_;  // without outages
  Outages outages_;
  Mysql mysql_;
  std::vector<Line> script_;
};

constexpr std::array both = {Isolation::read_committed, Isolation::repeatable_read};

TEST(Transactions, a_row_lock_is_held_from_update_to_commit) {
  Bench bench;
  std::int64_t updated = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [&](Bench& m) { m.write(1, a, 2), updated = m.now(); });  // outside a transaction, too
  bench.at(7, [](Bench& m) { EXPECT_TRUE(m.commit(0)); });
  bench.run();
  EXPECT_EQ(updated, 7);
  EXPECT_EQ(bench.newest(a), 2U);
}

TEST(Transactions, commit_order_is_lock_order_per_row) {
  Bench bench;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 2), m.commit(1); });
  bench.at(2, [](Bench& m) { m.begin(2), m.write(2, a, 3), m.commit(2); });
  bench.at(9, [](Bench& m) { m.commit(0); });
  bench.run();
  ASSERT_EQ(bench.binlog().size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(bench.binlog()[i].row, (Row{WriteId{i + 1}, i + 1}));
  }
}

// innodb_rollback_on_timeout is off: the statement fails, and what its transaction holds stays.
TEST(Transactions, a_statement_waits_for_a_row_no_longer_than_the_timeout_and_its_transaction_stays_open) {
  Bench bench(MysqlSetup{.lock_wait_timeout = 5ns});
  std::int64_t failed = 0, got = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [&](Bench& m) {
    m.begin(1), m.write(1, b, 2);
    EXPECT_FALSE(m.write(1, a, 3));
    failed = m.now();
    EXPECT_TRUE(m.commit(1)) << "the rest of it can be committed";
  });
  bench.at(2, [&](Bench& m) { EXPECT_FALSE(m.write(2, a, 9)) << "alone, too"; });
  bench.at(8, [&](Bench& m) {
    EXPECT_TRUE(m.write(2, a, 4));
    got = m.now();
  });
  bench.at(10, [](Bench& m) { m.commit(0); });
  bench.run();
  EXPECT_EQ(failed, 6);
  EXPECT_EQ(got, 10) << "in time";
  EXPECT_EQ(bench.newest(a), 4U);
  EXPECT_EQ(bench.newest(b), 2U);
}

TEST(Transactions, who_stood_behind_one_that_gave_up_goes_on) {
  Bench bench(MysqlSetup{.lock_wait_timeout = 5ns});
  std::int64_t shared = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.read(0, a, RowLock::share); });
  bench.at(1, [](Bench& m) { EXPECT_FALSE(m.write(1, a, 1)); });
  bench.at(2, [&](Bench& m) {
    EXPECT_EQ(m.read(2, a, RowLock::share), 0U);
    shared = m.now();
  });
  bench.at(20, [](Bench& m) { m.commit(0); });
  bench.run();
  EXPECT_EQ(shared, 6);
}

TEST(Transactions, a_rollback_publishes_nothing) {
  Bench bench;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1), m.write(0, b, 1), m.rollback(0); });
  bench.run();
  EXPECT_TRUE(bench.binlog().empty());
  EXPECT_EQ(bench.newest(a), 0U);
}

TEST(Transactions, a_commit_makes_all_its_changes_visible_at_one_instant) {
  Bench bench;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [](Bench& m) {
    m.write(0, b, 2);
    EXPECT_EQ(m.newest(a), 0U);
  });
  bench.at(2, [](Bench& m) {
    m.commit(0);
    EXPECT_EQ(m.newest(a), 1U);
    EXPECT_EQ(m.newest(b), 2U);
  });
  bench.run();
}

TEST(Transactions, repeatable_read_takes_its_snapshot_at_the_first_read_not_at_begin) {
  Bench bench;
  bench.at(0, [](Bench& m) { m.begin(0); });
  bench.at(1, [](Bench& m) { m.write(1, a, 1); });
  bench.at(2, [](Bench& m) { EXPECT_EQ(m.read(0, a), 1U); });
  bench.at(3, [](Bench& m) { m.write(1, b, 2); });
  bench.at(4, [](Bench& m) { EXPECT_EQ(m.read(0, b), 0U) << "one snapshot for all rows"; });
  bench.run();
}

TEST(Transactions, for_share_reads_the_newest_committed_version_and_blocks) {
  Bench bench;
  std::optional<std::uint32_t> seen;
  std::int64_t when = 0;
  bench.at(0, [](Bench& m) {
    m.begin(0);
    EXPECT_EQ(m.read(0, a), 0U);
  });
  bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 1); });
  bench.at(2, [&](Bench& m) { seen = m.read(0, a, RowLock::share), when = m.now(); });
  bench.at(5, [](Bench& m) { m.commit(1); });
  bench.at(6, [](Bench& m) { EXPECT_EQ(m.read(0, a), 0U) << "its snapshot stays"; });
  bench.run();
  EXPECT_EQ(seen, 1U);
  EXPECT_EQ(when, 5);
}

TEST(Transactions, shared_locks_go_together_and_keep_writers_out) {
  Bench bench;
  std::int64_t written = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.read(0, a, RowLock::share); });
  bench.at(1, [](Bench& m) {
    m.begin(1), m.read(1, a, RowLock::share);
    EXPECT_EQ(m.now(), 1);
  });
  bench.at(2, [&](Bench& m) { m.write(2, a, 1), written = m.now(); });
  bench.at(3, [](Bench& m) { m.commit(0); });
  bench.at(4, [](Bench& m) { m.commit(1); });
  bench.run();
  EXPECT_EQ(written, 4);
}

TEST(Transactions, who_asks_later_waits_behind_who_asked_before) {
  Bench bench;
  std::int64_t read = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.read(0, a, RowLock::share); });
  bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 1); });
  bench.at(2, [&](Bench& m) { m.begin(2), m.read(2, a, RowLock::share), read = m.now(); });
  bench.at(3, [](Bench& m) { m.commit(0); });
  bench.at(8, [](Bench& m) { m.commit(1); });
  bench.run();
  EXPECT_EQ(read, 8);
}

TEST(Transactions, a_circle_of_waiting_is_a_deadlock_and_its_last_one_is_undone) {
  Bench bench;
  bool first = false, second = true;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [](Bench& m) { m.begin(1), m.write(1, b, 2); });
  bench.at(2, [&](Bench& m) { first = m.write(0, b, 3) && m.commit(0); });
  bench.at(3, [&](Bench& m) { second = m.write(1, a, 4); });
  bench.run();
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_EQ(bench.newest(a), 1U);
  EXPECT_EQ(bench.newest(b), 3U);
}

TEST(Transactions, two_that_share_a_row_and_both_want_it_are_a_deadlock) {
  Bench bench;
  bool first = false, second = true;
  bench.at(0, [](Bench& m) { m.begin(0), m.read(0, a, RowLock::share); });
  bench.at(1, [](Bench& m) { m.begin(1), m.read(1, a, RowLock::share); });
  bench.at(2, [&](Bench& m) { first = m.write(0, a, 1) && m.commit(0); });
  bench.at(3, [&](Bench& m) { second = m.write(1, a, 2); });
  bench.run();
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
}

TEST(Transactions, a_killed_session_loses_its_locks_and_its_changes) {
  Bench bench;
  std::int64_t written = 0;
  bool went_on = true;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [&](Bench& m) { m.write(1, a, 2), written = m.now(); });
  bench.at(3, [](Bench& m) { m.kill(0); });
  bench.at(4, [&](Bench& m) { went_on = m.write(0, b, 3) || m.commit(0); });
  bench.run();
  EXPECT_EQ(written, 3);
  EXPECT_FALSE(went_on) << "what follows fails until it begins anew";
  EXPECT_EQ(bench.newest(b), 0U);
}

TEST(Transactions, a_session_that_is_killed_while_it_waits_wakes_up) {
  Bench bench;
  bool written = true;
  std::int64_t when = 0;
  bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
  bench.at(1, [&](Bench& m) { m.begin(1), written = m.write(1, a, 2), when = m.now(); });
  bench.at(3, [](Bench& m) { m.kill(1); });
  bench.at(9, [](Bench& m) { m.commit(0); });
  bench.run();
  EXPECT_FALSE(written);
  EXPECT_EQ(when, 3);
}

// Hermitage's anomalies, by its names.
TEST(Isolation, g0_no_dirty_writes) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
    bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 2), m.write(1, b, 2), m.commit(1); });
    bench.at(2, [](Bench& m) { m.write(0, b, 1), m.commit(0); });
    bench.run();
    EXPECT_EQ(bench.newest(a), 2U);
    EXPECT_EQ(bench.newest(b), 2U);
  }
}

TEST(Isolation, g1a_no_aborted_reads) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
    bench.at(1, [](Bench& m) {
      m.begin(1);
      EXPECT_EQ(m.read(1, a), 0U);
    });
    bench.at(2, [](Bench& m) { m.rollback(0); });
    bench.at(3, [](Bench& m) { EXPECT_EQ(m.read(1, a), 0U); });
    bench.run();
  }
}

TEST(Isolation, g1b_no_intermediate_reads) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1); });
    bench.at(1, [](Bench& m) {
      m.begin(1);
      EXPECT_EQ(m.read(1, a), 0U);
    });
    bench.at(2, [](Bench& m) { m.write(0, a, 2), m.commit(0); });
    bench.at(3, [=](Bench& m) {
      EXPECT_EQ(m.read(1, a), isolation == Isolation::read_committed ? 2U : 0U) << "a non-repeatable read";
    });
    bench.run();
  }
}

TEST(Isolation, g1c_no_circular_information_flow) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) { m.begin(0), m.begin(1), m.write(0, a, 1), m.write(1, b, 2); });
    bench.at(1, [](Bench& m) {
      EXPECT_EQ(m.read(0, b), 0U);
      EXPECT_EQ(m.read(1, a), 0U);
    });
    bench.run();
  }
}

// Observed transaction vanishes: who has seen one of the second transaction's rows sees no more of the first.
TEST(Isolation, otv_no_observed_transaction_vanishes) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    const auto seen = [](Bench& m) { return std::pair(m.read(2, a), m.read(2, b)); };
    using Seen = decltype(seen(bench));
    bench.at(0, [](Bench& m) { m.begin(0), m.write(0, a, 1), m.write(0, b, 1); });
    bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 2); });  // waits for the first one
    bench.at(2, [](Bench& m) { m.commit(0); });
    bench.at(3, [&](Bench& m) {
      m.begin(2);
      EXPECT_EQ(seen(m), Seen(1U, 1U));
    });
    bench.at(4, [&](Bench& m) {
      m.write(1, b, 2);
      EXPECT_EQ(seen(m), Seen(1U, 1U)) << "what is not committed is not seen";
    });
    bench.at(5, [&, isolation](Bench& m) {
      m.commit(1);
      EXPECT_EQ(seen(m), isolation == Isolation::read_committed ? Seen(2U, 2U) : Seen(1U, 1U));
    });
    bench.run();
  }
}

// Predicate-many-preceders within the row model: a row that was never written is one that was not there.
TEST(Isolation, pmp_a_phantom_shows_under_read_committed_only) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    const auto rows = [](Bench& m) { return (*m.read(0, a) != 0 ? 1 : 0) + (*m.read(0, b) != 0 ? 1 : 0); };
    bench.at(0, [&](Bench& m) {
      m.begin(0);
      EXPECT_EQ(rows(m), 0);
    });
    bench.at(1, [](Bench& m) { m.write(1, b, 7); });
    bench.at(
        2, [&, isolation](Bench& m) { EXPECT_EQ(rows(m), isolation == Isolation::read_committed ? 1 : 0); });
    bench.run();
  }
}

// Both read, then both write what they read plus one: the first is lost, and InnoDB does not mind.
TEST(Isolation, p4_a_lost_update_happens_at_both_levels_and_for_update_cures_it) {
  for (const Isolation isolation : both) {
    for (const RowLock lock : {RowLock::none, RowLock::update}) {
      Bench bench(isolation);
      std::optional<std::uint32_t> first, second;
      bench.at(0, [&](Bench& m) { m.begin(0), first = m.read(0, a, lock); });
      bench.at(1, [&](Bench& m) {
        m.begin(1);
        second = m.read(1, a, lock);
        m.write(1, a, 10 + *second);
        m.commit(1);
      });
      bench.at(2, [&](Bench& m) { m.write(0, a, 5), m.commit(0); });
      bench.run();
      EXPECT_EQ(first, 0U);
      EXPECT_EQ(second, lock == RowLock::none ? 0U : 5U);
      EXPECT_EQ(bench.newest(a), lock == RowLock::none ? 5U : 15U);
    }
  }
}

TEST(Isolation, g_single_read_skew_shows_under_read_committed_only) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) {
      m.begin(0);
      EXPECT_EQ(m.read(0, a), 0U);
    });
    bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 1), m.write(1, b, 1), m.commit(1); });
    bench.at(2, [=](Bench& m) { EXPECT_EQ(m.read(0, b), isolation == Isolation::read_committed ? 1U : 0U); });
    bench.run();
  }
}

// A snapshot holds for what is read only: a write goes by what others have committed since.
TEST(Isolation, g_single_read_skew_through_a_write_happens_at_both_levels) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    const bool keeps_snapshot = isolation == Isolation::repeatable_read;
    bench.at(0, [](Bench& m) {
      m.begin(0);
      EXPECT_EQ(m.read(0, a), 0U);
    });
    bench.at(1, [](Bench& m) { m.begin(1), m.write(1, a, 1), m.write(1, b, 1), m.commit(1); });
    bench.at(2, [=](Bench& m) {
      EXPECT_EQ(m.read(0, b), keeps_snapshot ? 0U : 1U);
      EXPECT_EQ(m.read(0, b, RowLock::update), 1U);
      EXPECT_TRUE(m.write(0, b, 9)) << "nor does the database refuse it";
      EXPECT_EQ(m.read(0, a), keeps_snapshot ? 0U : 1U) << "old beside what was made of the new";
      EXPECT_TRUE(m.commit(0));
    });
    bench.run();
    EXPECT_EQ(bench.binlog().back().row, (Row{WriteId{9}, 2})) << "on top of the other's";
  }
}

// Hermitage's G2-item; and its G2, as there are no predicates here: every statement names its row, so "no row
// that …" is a row that was never written, read by its key.
TEST(Isolation, g2_write_skew_happens_at_both_levels) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(
        0, [](Bench& m) { m.begin(0), m.begin(1), m.read(0, a), m.read(0, b), m.read(1, a), m.read(1, b); });
    bench.at(1, [](Bench& m) { m.write(0, a, 1), m.write(1, b, 2), m.commit(0), m.commit(1); });
    bench.run();
    EXPECT_EQ(bench.newest(a), 1U);
    EXPECT_EQ(bench.newest(b), 2U);
  }
}

// The reader saw the second write and not the first, the first writer had seen neither: no order of the three
// explains it. (Fekete, O'Neil and O'Neil's read-only anomaly, in Hermitage's list with two edges.)
TEST(Isolation, g2_two_edges_happens_at_both_levels) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    const auto seen = [](Bench& m, Connection c) { return std::pair(m.read(c, a), m.read(c, b)); };
    using Seen = decltype(seen(bench, 0));
    bench.at(0, [&](Bench& m) {
      m.begin(0);
      EXPECT_EQ(seen(m, 0), Seen(0U, 0U));
    });
    bench.at(1, [](Bench& m) { m.begin(1), m.write(1, b, 2), m.commit(1); });
    bench.at(2, [&](Bench& m) {
      m.begin(2);
      EXPECT_EQ(seen(m, 2), Seen(0U, 2U));
      EXPECT_TRUE(m.commit(2));
    });
    bench.at(3, [](Bench& m) {
      EXPECT_TRUE(m.write(0, a, 1));
      EXPECT_TRUE(m.commit(0));
    });
    bench.run();
    EXPECT_EQ(bench.newest(a), 1U);
    EXPECT_EQ(bench.newest(b), 2U);
  }
}

TEST(Isolation, a_transaction_sees_its_own_changes) {
  for (const Isolation isolation : both) {
    Bench bench(isolation);
    bench.at(0, [](Bench& m) {
      m.begin(0), m.read(0, b), m.write(0, a, 1);
      EXPECT_EQ(m.read(0, a), 1U);
    });
    bench.run();
  }
}

}  // namespace
}  // namespace cacherace::models
