// MySQL: rows on a primary, transactions with row locks, the binlog, and replicas that apply it first-in
// first-out.
//
// An UPDATE takes its row's lock and holds it until its transaction ends; outside a transaction it changes
// the row and commits at one instant. So the commit order of a row is the order of its locks; the binlog has
// it. A replica applies each commit at max(commit + its lag, its previous apply), so lag is a queue. Lags are
// drawn for each replica apart.
//
// Locks, snapshots and isolation as in InnoDB: a repeatable-read transaction sees what was committed when it
// first read without a lock; SELECT … FOR SHARE or FOR UPDATE and UPDATE go by the newest committed version.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/outages.hpp"
#include "models/per_run.hpp"
#include "models/ports.hpp"
#include "models/record.hpp"
#include "models/row_locks.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

// On whose behalf a statement is executed.
struct Caller {
  Connection connection = 0;
  std::uint32_t client = no_client;
  std::uint32_t operation = 0;
  bool background = false;
  std::uint16_t transaction = 0;  // tells it from those before and after it on the connection
};

class Mysql {
 public:
  Mysql(sim::World& world, Recorder& recorder, const MysqlSetup& setup, const KeysSetup& keys,
        const Outages& outages);
  ~Mysql();

  Connection connect(std::uint32_t client = 0);
  // By client, and each client's as they were made: not by what earlier runs needed first.
  [[nodiscard]] const std::vector<Connection>& in_order() const { return in_order_; }
  void begin_run(std::uint64_t seed, std::uint64_t run);

  // Statements. Those that may have to wait for a row do so on the calling fiber. Nothing: the statement was
  // refused. After a deadlock, or where the session is gone, its transaction is undone; one that waited too
  // long leaves it open.
  std::optional<Row> select(const Caller& caller, Key key, RowLock lock);
  // Inside a transaction (`begin` before) or by itself.
  std::optional<Row> update(const Caller& caller, Key key, WriteId value);

  // The connection's transaction; there is at most one.
  void begin(const Caller& caller);
  // What it changed so far.
  [[nodiscard]] const std::vector<BinlogEvent>& changes(Connection connection) const {
    return transactions_[connection].changes;
  }
  [[nodiscard]] bool in_transaction(Connection connection) const;
  // Whether the connection is in another transaction than the caller's, or in none: what came late.
  [[nodiscard]] bool has_gone_on(const Caller& caller) const;
  // Whether there was one to commit.
  bool commit(const Caller& caller);
  void rollback(const Caller& caller);
  // The session ends: its transaction is undone, and whatever it still asks for fails until it begins anew.
  void kill(Connection connection);
  [[nodiscard]] const Caller& caller_of(Connection connection) const {
    return transactions_[connection].caller;
  }
  // The same, and the connection is as new.
  void disconnect(Connection connection);

  // Every commit, in order.
  [[nodiscard]] const std::vector<BinlogEvent>& binlog() const { return binlog_; }
  [[nodiscard]] Row newest(Key key) { return primary_[index_of(key)]; }
  Row on_replica(std::uint32_t replica, Key key);
  // Whether the replica has what the caller's session committed last; where the setup says so, the calling
  // fiber waits for that (WAIT_FOR_EXECUTED_GTID_SET).
  bool catches_up(const Caller& caller, std::uint32_t replica);

  // A replica has acknowledged the receipt of the first `commits`: no failover loses them.
  void secure(std::size_t commits) { secured_ = std::max(secured_, commits); }
  // The replica that is farthest takes over (of equals the first): later commits are lost, sessions end, and
  // all replicas follow the new primary. Adds to `lost` the keys that have lost commits, ascending.
  void fail_over(std::vector<Key>& lost);
  // How often that has happened in this run.
  [[nodiscard]] std::uint32_t failovers() const { return failovers_; }

 private:
  class Replica;
  struct Transaction {
    Connection connection = 0;
    std::uint32_t client = 0;
    bool open = false, broken = false;
    std::optional<std::size_t> snapshot;  // commits it sees
    std::vector<BinlogEvent> changes;
    Caller caller;
    sim::Wakeable* fiber = nullptr;  // that waits for a row
  };

  bool lock(const Caller& caller, Key key, RowLock lock);
  bool wait_for_row(const Caller& caller, Key key, RowLock lock);
  void let_go(const Caller& caller);
  void release(Connection connection);
  void undo(Transaction& transaction, bool asked);
  Row row_for(const Transaction& transaction, Key key);
  Row in_snapshot(const Caller& caller, Transaction& transaction, Key key);
  void publish(const Caller& caller, const BinlogEvent& event);
  void wake(const std::vector<Connection>& granted);
  void tell(const Caller& caller, Fact fact, Key key, Row row, std::uint32_t number, bool done = false);

  sim::World& world_;
  Recorder& recorder_;
  const MysqlSetup& setup_;
  PerRun<Row> primary_;
  RowLocks locks_;
  std::deque<Transaction> transactions_;  // by connection; who waits for a row keeps a reference
  std::vector<Connection> in_order_;
  std::vector<Connection> granted_;  // scratch
  std::vector<BinlogEvent> binlog_;
  std::size_t secured_ = 0;  // commits
  std::uint32_t failovers_ = 0;
  std::vector<std::size_t> last_commit_;  // by client: the commits up to its last one
  const Outages& outages_;
  std::vector<std::unique_ptr<Replica>> replicas_;
};

}  // namespace cacherace::models
