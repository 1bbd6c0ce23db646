#include "models/mysql.hpp"

#include <algorithm>
#include <utility>

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// Applies are scheduled in commit order at instants that never decrease, so the world fires them in that
// order.
class Mysql::Replica final : public sim::Wakeable {
 public:
  Replica(Mysql& mysql, std::uint32_t number, const MysqlSetup& setup, const KeysSetup& keys)
      : Wakeable([](Wakeable& self) { static_cast<Replica&>(self).apply_next(); }, sim::Part::step,
                 tag_of(Actor::replica, number)),
        mysql_(mysql),
        number_(number),
        lag_(setup.replication_lag),
        rows_(keys.count, Row{}) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    rows_.begin_run();
    lags_ = {seed, run, purpose(number_, Role::replication_lag)};
    mysql_.world_.begin_following(*this);
    applied_ = 0;
  }

  void follow_commit() { mysql_.world_.follow(delay_of(mysql_.world_, lag_, lags_), *this); }

  Row& row(Key key) { return rows_[index_of(key)]; }

 private:
  void apply_next() {
    const BinlogEvent& event = mysql_.binlog_[applied_++];
    row(event.key) = event.row;
    if (mysql_.recorder_.detailed()) {
      mysql_.recorder_.add({.at = mysql_.world_.now(),
                            .key = event.key,
                            .row = event.row,
                            .replica = number_,
                            .fact = Fact::applied});
    }
  }

  Mysql& mysql_;
  std::uint32_t number_;
  const sim::Latency& lag_;
  PerRun<Row> rows_;
  sim::Stream lags_;
  std::size_t applied_ = 0;
};

Mysql::Mysql(sim::World& world, Recorder& recorder, const MysqlSetup& setup, const KeysSetup& keys)
    : world_(world), recorder_(recorder), setup_(setup), primary_(keys.count, Row{}), locks_(keys.count) {
  for (std::uint32_t number = 0; number < setup.replicas; ++number) {
    replicas_.push_back(std::make_unique<Replica>(*this, number, setup, keys));
  }
}

Mysql::~Mysql() = default;

Connection Mysql::connect() {
  transactions_.emplace_back();
  return static_cast<Connection>(transactions_.size() - 1);
}

void Mysql::begin_run(std::uint64_t seed, std::uint64_t run) {
  primary_.begin_run();
  binlog_.clear();
  locks_.begin_run();
  for (Transaction& transaction : transactions_) {
    transaction.open = transaction.broken = false;
    transaction.fiber = nullptr;
    transaction.changes.clear();
  }
  for (const auto& replica : replicas_) replica->begin_run(seed, run);
}

bool Mysql::in_transaction(Connection connection) const {
  return transactions_[connection].open && !transactions_[connection].broken;
}

void Mysql::begin(const Caller& caller) {
  Transaction& transaction = transactions_[caller.connection];
  transaction.open = true;
  transaction.broken = false;
  transaction.snapshot.reset();
  transaction.changes.clear();
  transaction.caller = caller;
  tell(caller, Fact::began, Key(0), {}, 0);
}

std::optional<Row> Mysql::select(const Caller& caller, Key key, RowLock wanted) {
  Transaction& transaction = transactions_[caller.connection];
  if (transaction.broken) return std::nullopt;
  if (wanted != RowLock::none && !lock(caller, key, wanted)) return std::nullopt;
  if (!transaction.open) {
    if (wanted != RowLock::none) let_go(caller);
    return newest(key);
  }
  if (wanted != RowLock::none || setup_.isolation == Isolation::read_committed) {
    return row_for(transaction, key);
  }
  return in_snapshot(caller, transaction, key);
}

// Its own change, or the newest committed version.
Row Mysql::row_for(const Transaction& transaction, Key key) {
  Row row = newest(key);
  for (const BinlogEvent& change : transaction.changes) {
    if (change.key == key) row = change.row;
  }
  return row;
}

Row Mysql::in_snapshot(const Caller& caller, Transaction& transaction, Key key) {
  if (!transaction.snapshot) {
    transaction.snapshot = binlog_.size();
    tell(caller, Fact::snapshot, key, {}, static_cast<std::uint32_t>(binlog_.size()));
  }
  for (auto change = transaction.changes.rbegin(); change != transaction.changes.rend(); ++change) {
    if (change->key == key) return change->row;
  }
  for (std::size_t i = *transaction.snapshot; i > 0; --i) {
    if (binlog_[i - 1].key == key) return binlog_[i - 1].row;
  }
  return {};
}

std::optional<Row> Mysql::update(const Caller& caller, Key key, WriteId value) {
  Transaction& transaction = transactions_[caller.connection];
  if (transaction.broken) return std::nullopt;
  const bool alone = !transaction.open;
  if ((!alone || locks_.any()) && !lock(caller, key, RowLock::update)) return std::nullopt;
  const Row row{value, row_for(transaction, key).version + 1};
  if (alone) {
    publish({key, row});
    if (locks_.any()) let_go(caller);
  } else {
    transaction.changes.push_back({key, row});
    tell(caller, Fact::changed, key, row, 0);
  }
  return row;
}

bool Mysql::commit(const Caller& caller) {
  Transaction& transaction = transactions_[caller.connection];
  if (!transaction.open || transaction.broken) return false;
  for (const BinlogEvent& change : transaction.changes) publish(change);
  transaction.open = false;
  tell(caller, Fact::ended, Key(0), {}, 0, true);
  release(caller.connection);
  return true;
}

void Mysql::rollback(const Caller& caller) {
  Transaction& transaction = transactions_[caller.connection];
  if (transaction.open && !transaction.broken) undo(transaction, true);
  transaction.open = transaction.broken = false;
}

void Mysql::kill(Connection connection) {
  Transaction& transaction = transactions_[connection];
  if (!transaction.open || transaction.broken) return;
  undo(transaction, false);
}

void Mysql::disconnect(Connection connection) {
  kill(connection);
  transactions_[connection].open = transactions_[connection].broken = false;
}

// Nothing of it was ever seen; who waits for its rows goes on.
void Mysql::undo(Transaction& transaction, bool asked) {
  transaction.broken = true;
  transaction.changes.clear();
  tell(transaction.caller, Fact::ended, Key(0), {}, 0, asked);
  const auto connection = static_cast<Connection>(&transaction - transactions_.data());
  sim::Wakeable* const waiting = std::exchange(transaction.fiber, nullptr);
  release(connection);
  if (waiting != nullptr) world_.wake(*waiting);
}

// Whether the row is the caller's now.
bool Mysql::lock(const Caller& caller, Key key, RowLock wanted) {
  Transaction& transaction = transactions_[caller.connection];
  const auto number = static_cast<std::uint32_t>(wanted);
  switch (locks_.request(caller.connection, key, wanted)) {
    case RowLocks::Answer::deadlock:
      if (transaction.open) undo(transaction, false);
      return false;
    case RowLocks::Answer::granted:
      break;
    case RowLocks::Answer::waiting:
      tell(caller, Fact::row_awaited, key, {}, number);
      transaction.caller = caller;
      transaction.fiber = &world_.self();
      world_.park();
      if (world_.stopping() || !locks_.holds(caller.connection, key, wanted)) return false;
      break;
  }
  tell(caller, Fact::row_locked, key, {}, number);
  return true;
}

// Of a statement that is a transaction by itself.
void Mysql::let_go(const Caller& caller) {
  tell(caller, Fact::ended, Key(0), {}, 0, true);
  release(caller.connection);
}

void Mysql::release(Connection connection) {
  if (!locks_.any()) return;
  granted_.clear();
  locks_.release(connection, granted_);
  for (const Connection other : granted_) {
    if (sim::Wakeable* const fiber = std::exchange(transactions_[other].fiber, nullptr)) world_.wake(*fiber);
  }
}

void Mysql::publish(const BinlogEvent& event) {
  primary_[index_of(event.key)] = event.row;
  binlog_.push_back(event);
  for (const auto& replica : replicas_) replica->follow_commit();
}

Row Mysql::on_replica(std::uint32_t replica, Key key) {
  return replicas_[replica]->row(key);
}

void Mysql::tell(const Caller& caller, Fact fact, Key key, Row row, std::uint32_t number, bool done) {
  if (!recorder_.detailed()) return;
  recorder_.add({.at = world_.now(),
                 .client = caller.client,
                 .operation = caller.operation,
                 .key = key,
                 .row = row,
                 .fact = fact,
                 .background = caller.background,
                 .done = done,
                 .number = number});
}

}  // namespace cacherace::models
