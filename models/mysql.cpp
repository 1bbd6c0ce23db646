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

  [[nodiscard]] std::size_t applied() const { return applied_; }

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    rows_.begin_run();
    lags_ = {seed, run, purpose(number_, Role::replication_lag)};
    mysql_.world_.begin_following(*this);
    applied_ = 0;
    last_apply_ = {};
    waiting_.clear();
  }

  void follow_commit() {
    sim::Delay lag = delay_of(mysql_.world_, lag_, lags_);
    if (mysql_.outages_.any()) lag = through_outages(lag);
    mysql_.world_.follow(lag, *this);
  }

  Row& row(Key key) { return rows_[index_of(key)]; }

  // On the calling fiber: whether it has the first `commits`, within `patience`.
  bool catches_up(std::size_t commits, sim::Duration patience, const Caller& caller) {
    if (applied_ >= commits) return true;
    sim::World& world = mysql_.world_;
    waiting_.push_back({commits, &world.self()});
    const sim::Tag tag = tag_of(Actor::patience, caller.client, caller.connection);
    const bool woken = world.park_for(patience, sim::Part::step, tag);
    if (!woken) std::erase_if(waiting_, [&](const Waiting& one) { return one.fiber == &world.self(); });
    return woken;
  }

  // It follows a new primary, which has the first `commits`.
  void follow_anew(std::size_t commits) {
    mysql_.world_.cancel(*this);
    mysql_.world_.begin_following(*this);
    for (std::size_t i = applied_; i < commits; ++i) follow_commit();
  }

 private:
  void apply_next() {
    const BinlogEvent& event = mysql_.binlog_[applied_++];
    row(event.key) = event.row;
    std::erase_if(waiting_, [&](const Waiting& one) {
      const bool has_it = applied_ >= one.commits;
      if (has_it) mysql_.world_.wake(*one.fiber);
      return has_it;
    });
    if (mysql_.recorder_.detailed()) {
      mysql_.recorder_.add({.at = mysql_.world_.now(),
                            .key = event.key,
                            .row = event.row,
                            .replica = number_,
                            .fact = Fact::applied});
    }
  }

  // Applies stand in line behind one that is held up.
  sim::Delay through_outages(sim::Delay lag) {
    const sim::Time now = mysql_.world_.now();
    last_apply_ = mysql_.outages_.at_replica(number_, std::max(now + lag.least, last_apply_));
    return last_apply_ - now;
  }

  struct Waiting {
    std::size_t commits;
    sim::Wakeable* fiber;
  };

  Mysql& mysql_;
  std::uint32_t number_;
  const sim::Latency& lag_;
  PerRun<Row> rows_;
  sim::Stream lags_;
  std::size_t applied_ = 0;
  sim::Time last_apply_{};  // where there are outages
  std::vector<Waiting> waiting_;
};

Mysql::Mysql(sim::World& world, Recorder& recorder, const MysqlSetup& setup, const KeysSetup& keys,
             const Outages& outages)
    : world_(world),
      recorder_(recorder),
      setup_(setup),
      primary_(keys.count, Row{}),
      locks_(keys.count),
      outages_(outages) {
  for (std::uint32_t number = 0; number < setup.replicas; ++number) {
    replicas_.push_back(std::make_unique<Replica>(*this, number, setup, keys));
  }
}

Mysql::~Mysql() = default;

Connection Mysql::connect(std::uint32_t client) {
  const auto connection = static_cast<Connection>(transactions_.size());
  Transaction& added = transactions_.emplace_back();
  added.connection = connection;
  added.client = client;
  const auto is_before = [this](std::uint32_t one, Connection other) {
    return one < transactions_[other].client;
  };
  in_order_.insert(std::upper_bound(in_order_.begin(), in_order_.end(), client, is_before), connection);
  return connection;
}

void Mysql::begin_run(std::uint64_t seed, std::uint64_t run) {
  primary_.begin_run();
  binlog_.clear();
  secured_ = 0;
  failovers_ = 0;
  last_commit_.clear();
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

bool Mysql::has_gone_on(const Caller& caller) const {
  return !in_transaction(caller.connection) ||
         transactions_[caller.connection].caller.transaction != caller.transaction;
}

// One that is open still, as its client gave up before its end, is undone.
void Mysql::begin(const Caller& caller) {
  kill(caller.connection);
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
    publish(caller, {key, row});
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
  for (const BinlogEvent& change : transaction.changes) publish(caller, change);
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
  sim::Wakeable* const waiting = std::exchange(transaction.fiber, nullptr);
  release(transaction.connection);
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
      if (!wait_for_row(caller, key, wanted)) return false;
      break;
  }
  tell(caller, Fact::row_locked, key, {}, number);
  return true;
}

// Until it has the row, its session ends, or it has waited long enough: then what it holds stays.
bool Mysql::wait_for_row(const Caller& caller, Key key, RowLock wanted) {
  sim::Wakeable*& fiber = transactions_[caller.connection].fiber;
  fiber = &world_.self();
  const auto& patience = setup_.lock_wait_timeout;
  bool woken = true;
  if (patience) {
    const sim::Tag tag = tag_of(Actor::patience, caller.client, caller.connection);
    woken = world_.park_for(*patience, sim::Part::step, tag);
  } else {
    world_.park();
  }
  if (world_.stopping()) return false;
  if (woken) return locks_.holds(caller.connection, key, wanted);
  transactions_[caller.connection].fiber = nullptr;
  tell(caller, Fact::row_given_up, key, {}, static_cast<std::uint32_t>(wanted));
  granted_.clear();
  locks_.withdraw(caller.connection, granted_);
  wake(granted_);
  return false;
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
  wake(granted_);
}

void Mysql::wake(const std::vector<Connection>& granted) {
  for (const Connection other : granted) {
    if (sim::Wakeable* const fiber = std::exchange(transactions_[other].fiber, nullptr)) world_.wake(*fiber);
  }
}

void Mysql::publish(const Caller& caller, const BinlogEvent& event) {
  primary_[index_of(event.key)] = event.row;
  binlog_.push_back(event);
  for (const auto& replica : replicas_) replica->follow_commit();
  if (!setup_.gtid_wait || caller.client == no_client) return;
  if (last_commit_.size() <= caller.client) last_commit_.resize(caller.client + 1);
  last_commit_[caller.client] = binlog_.size();
}

bool Mysql::catches_up(const Caller& caller, std::uint32_t replica) {
  if (!setup_.gtid_wait || caller.client >= last_commit_.size()) return true;
  const std::size_t commits = last_commit_[caller.client];
  if (replicas_[replica]->applied() >= commits) return true;
  tell(caller, Fact::commit_awaited, Key(0), {}, 0);
  return replicas_[replica]->catches_up(commits, *setup_.gtid_wait, caller);
}

void Mysql::fail_over(std::vector<Key>& lost) {
  ++failovers_;
  std::size_t left = secured_;
  for (const auto& replica : replicas_) left = std::max(left, replica->applied());
  for (const Connection connection : in_order_) kill(connection);
  for (std::size_t i = left; i < binlog_.size(); ++i) lost.push_back(binlog_[i].key);
  std::ranges::sort(lost);
  lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
  binlog_.resize(left);
  for (const Key key : lost) {
    const auto last = std::find_if(binlog_.rbegin(), binlog_.rend(),
                                   [key](const BinlogEvent& event) { return event.key == key; });
    primary_[index_of(key)] = last == binlog_.rend() ? Row{} : last->row;
  }
  secured_ = std::min(secured_, left);
  for (std::size_t& commits : last_commit_) commits = std::min(commits, left);
  for (const auto& replica : replicas_) replica->follow_anew(left);
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
