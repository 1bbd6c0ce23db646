#include "exploration/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::OperationKind;
using models::Record;

std::uint32_t value_of(const Record& record) {
  return models::number_of(record.row.value);
}

bool makes_come_again(const models::Fault& fault) {
  const bool of_consumer = !fault.client || *fault.client == models::consumer_name;
  return fault.kind == models::FaultKind::rebalance ||
         (fault.kind == models::FaultKind::crash && of_consumer);
}

bool strikes_after_reply(const models::Fault& fault) {
  return fault.command && models::is_about_stores(fault.kind) && fault.moment == models::Moment::after;
}

}  // namespace

Ledger::Ledger(const models::Setup& setup, const std::vector<std::uint32_t>& group_of, std::uint32_t actors,
               Returns returns, bool waits_for_copies)
    : setup_(setup),
      actors_(actors),
      returns_(returns),
      faults_(!setup.faults.empty()),
      copies_of_redis_(setup.redis.replica || std::ranges::any_of(setup.faults,
                                                                  [](const models::Fault& fault) {
                                                                    return fault.kind ==
                                                                           models::FaultKind::restart;
                                                                  })),
      waits_for_copies_(waits_for_copies),
      replies_may_strike_(std::ranges::any_of(setup.faults, strikes_after_reply)),
      redelivers_(std::ranges::any_of(setup.faults, makes_come_again)),
      clients_(group_of.size()),
      keys_(setup.keys.count),
      messages_(setup.queue.partitions) {
  for (std::size_t i = 0; i < group_of.size(); ++i) clients_[i].group = group_of[i];
}

void Ledger::begin() {
  operation_count_ = 0;
  for (Client& client : clients_) {
    client.crashed = false;
    client.replica = client.asked = 0;
    client.operations.clear();
    client.replies.clear();
    client.under_way.clear();
    client.pins = 0;
    client.last_commit = 0;
    client.copies.clear();
    client.told.clear();
  }
  waits_ = false;
  for (KeyState& key : keys_) {
    key.cached.reset();
    key.retired.reset();
    if (setup_.keys.cached) key.cached = models::Row{};
    key.replica = {key.cached, {}, {}};
    key.primary = {};
    key.snapshot = {};
    key.slots.fill(0);
    key.row.clear();
    key.owner.clear();
    key.monitor.begin();
  }
  binlog_.clear();
  applied_.assign(setup_.mysql.replicas, 0);
  rank_.assign(1, 0);
  writer_.assign(1, UINT32_MAX);
  lost_ = escaped_ = copies_ = strays_ = 0;
  to_replicate_.clear();
  for (auto& messages : messages_) messages.clear();
  inboxes_.resize(clients_.size() - actors_);
  for (auto& inbox : inboxes_) inbox.clear();
  unacknowledged_.assign(inboxes_.size(), {});
  moved_ = published_ = 0;
  partition_of_.clear();
  met_.assign(setup_.faults.size(), 0);
  crashes_ = 0;
}

std::uint32_t Ledger::take(std::span<const Record> records) {
  std::uint32_t seen = 0;
  for (const Record& record : records) {
    switch (record.fact) {
      case Fact::invoked:
        invoke(record);
        break;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        seen |= close(record);
        break;
      case Fact::committed:
        commit(record);
        seen |= marks::stores;
        if (says_all(record)) land(record);
        break;
      case Fact::rolled_back:
        seen |= roll_back(record);
        break;
      case Fact::promoted:
        promote(record);
        seen |= marks::stores;
        break;
      case Fact::cache_set:
        seen |= set_cache(record);
        if (says_all(record)) land(record);
        break;
      case Fact::cache_deleted: {
        KeyState& key = keys_[models::index_of(record.key)];
        if (key.cached) seen |= marks::stores;
        if (key.cached && record.retired) key.retired = key.cached;
        if (!record.retired) key.retired.reset();
        key.cached.reset();
        if (says_all(record)) land(record);
        break;
      }
      case Fact::refused:
        if (record.command != models::Command::get && record.command != models::Command::select)
          seen |= marks::stores;
        land(record);
        break;
      case Fact::looked_up:
        if (says_all(record)) land(record);
        break;
      case Fact::selected:
      case Fact::unchanged:
      case Fact::answered:
        land(record);
        break;
      case Fact::slot_set:
      case Fact::slot_erased:
        set_slot(record);
        break;
      case Fact::began:
        transaction_of(record) = {.open = true};
        break;
      case Fact::snapshot:
        transaction_of(record).snapshot = record.number + 1;
        break;
      case Fact::changed:
        transaction_of(record).changes.push_back(record);
        break;
      case Fact::ended:
        end_transaction(record);
        break;
      case Fact::row_locked:
      case Fact::row_awaited:
        wait(keys_[models::index_of(record.key)].row, record, record.fact == Fact::row_locked);
        break;
      case Fact::row_given_up:
        give_up(keys_[models::index_of(record.key)].row, record);
        break;
      case Fact::entered:
      case Fact::awaits_owner:
        wait(keys_[models::index_of(record.key)].owner, record, record.fact == Fact::entered);
        break;
      case Fact::left:
        leave(keys_[models::index_of(record.key)].owner, record);
        break;
      case Fact::started_over:
        replies_of(record).assign(1, record);
        break;
      case Fact::forked:
        fork(record);
        break;
      case Fact::pinned:
        clients_[record.client].pins |= set_of(models::index_of(record.key));
        break;
      case Fact::unpinned:
        clients_[record.client].pins &= ~set_of(models::index_of(record.key));
        break;
      case Fact::published:
        publish(record);
        break;
      case Fact::timed_out:
        seen |= marks::stores;
        log(record);
        break;
      case Fact::command_failed:
      case Fact::slept:
      case Fact::commit_awaited:
      case Fact::flushed:
      case Fact::paused:
      case Fact::woke:
        log(record);
        break;
      case Fact::crashed:
        seen |= marks::stores;
        crash(record.client);
        break;
      case Fact::message_lost:
        seen |= marks::stores;
        break;
      case Fact::duplicated:
        messages_[record.number].back().again = true;
        break;
      case Fact::sent_again:
        send_again(record);
        break;
      case Fact::struck:
        ++met_[record.fault];
        if (record.client != models::no_client) log(record);
        break;
      case Fact::restored:
        seen |= set_cache(record);
        break;
      case Fact::to_replicate:
        to_replicate_.push_back({models::index_of(record.key), keys_[models::index_of(record.key)],
                                 record.client, record.background});
        break;
      case Fact::replicated:
        keys_[to_replicate_.front().key].replica = to_replicate_.front().cell;
        to_replicate_.erase(to_replicate_.begin());
        break;
      case Fact::failed_over:
        to_replicate_.clear();
        break;
      case Fact::snapped:
        for (KeyState& key : keys_) key.snapshot = key;
        break;
      case Fact::taken:
        take_event(record);
        break;
      case Fact::dealt_with:
        clients_[record.client].replies.clear();
        break;
      case Fact::acknowledged:
        unacknowledged_[record.number].clear();
        break;
      case Fact::revived:
        take_over(record.client);
        break;
      case Fact::rebalanced:
        rebalance();
        break;
      case Fact::tracked:
        copy_of(record).tracked = true;
        break;
      case Fact::invalidation_sent:
        copy_of(record).tracked = false;
        clients_[record.client].told.push_back(models::index_of(record.key));
        break;
      case Fact::invalidated:
        clients_[record.client].told.erase(clients_[record.client].told.begin());
        copy_of(record).row.reset();
        copy_of(record).expected = false;
        break;
      case Fact::local_begun:
        copy_of(record).expected = true;
        break;
      case Fact::local_set:
        copy_of(record).row = record.row;
        copy_of(record).expected = false;
        break;
      case Fact::local_looked_up:
        log(record);
        break;
      case Fact::strayed:
        messages_[record.number].pop_back();
        strays_ |= set_of(value_of(record));
        break;
      case Fact::killed:
        seen |= marks::stores;
        break;
      case Fact::spared:
        ++met_[record.fault];
        break;
      case Fact::issued:
        issue(record);
        break;
      case Fact::applied:
        ++applied_[record.replica];
        break;
      case Fact::delivered:
        deliver(record);
        break;
      case Fact::evicted:
      case Fact::expired:
        keys_[models::index_of(record.key)].cached.reset();
        keys_[models::index_of(record.key)].retired.reset();
        seen |= marks::stores;
        break;
      case Fact::announced:
        seen |= announce(operations_[record.operation]);
        break;
      case Fact::replied:  // it may be a step of its own
        if (replies_may_strike_ || !clients_[record.client].copies.empty()) log(record);
        break;
      case Fact::joined:  // only in a run by time
        break;
    }
  }
  return seen;
}

void Ledger::invoke(const Record& record) {
  if (operation_count_ == operations_.size()) operations_.emplace_back();
  Operation& operation = operations_[operation_count_];
  Client& client = clients_[record.client];
  KeyMonitor& monitor = keys_[models::index_of(record.key)].monitor;
  operation.client = record.client;
  operation.place = static_cast<std::uint32_t>(client.operations.size());
  operation.key = models::index_of(record.key);
  operation.kind = record.kind;
  operation.outcome = Fact::invoked;
  operation.announced = true;
  operation.value = value_of(record);
  operation.before = before_next(client, operation.key);
  operation.replies.clear();
  operation.background.clear();
  operation.under_way.clear();
  operation.transaction = operation.background_transaction = {};
  client.operations.push_back(operation_count_);
  if (record.kind == OperationKind::write) {
    rank_.push_back(0);
    writer_.push_back(operation_count_);
    monitor.write_invoked(operation.value, operation.before);
  }
  ++operation_count_;
}

// What had returned before a client's next operation. Its own returns come first, announced or not.
Before Ledger::before_next(const Client& client, std::uint32_t key) const {
  Before before = keys_[key].monitor.now();
  for (const std::uint32_t index : client.operations) {
    const Operation& operation = operations_[index];
    if (operation.announced || operation.key != key) continue;
    before.values |= set_of(operation.value);
    auto& returned = operation.kind == OperationKind::write ? before.returned_writes : before.returned_reads;
    returned |= set_of(operation.value);
  }
  return before;
}

std::uint32_t Ledger::close(const Record& record) {
  Operation& operation = operations_[record.operation];
  operation.outcome = record.fact;
  operation.replies.clear();
  if (operation.kind == OperationKind::read && record.fact == Fact::returned)
    operation.value = value_of(record);
  operation.announced = returns_ != Returns::announced || record.fact != Fact::returned;
  return operation.announced ? announce(operation) : 0;
}

std::uint32_t Ledger::announce(Operation& operation) {
  operation.announced = true;
  KeyMonitor& monitor = keys_[operation.key].monitor;
  const bool was_linearizable = monitor.linearizable();
  std::uint32_t seen = 0;
  if (operation.kind == OperationKind::write) {
    if (operation.outcome == Fact::returned) monitor.write_returned(operation.value);
    if (operation.outcome == Fact::failed) monitor.write_failed(operation.value);
  } else if (operation.outcome == Fact::returned) {
    const auto faults = monitor.read_returned(operation.value, operation.before,
                                              [this](std::uint32_t value) { return rank_[value]; });
    if (faults.stale) seen |= marks::stale_read;
    if (faults.inversion) seen |= marks::inversion;
    if (faults.dirty) seen |= marks::dirty_read;
  }
  if (was_linearizable && !monitor.linearizable()) seen |= marks::nonlinearizable;
  return returns_ == Returns::unseen ? 0 : seen;
}

void Ledger::commit(const Record& record) {
  KeyState& key = keys_[models::index_of(record.key)];
  key.primary = record.row;
  rank_[value_of(record)] = record.row.version;
  binlog_.push_back(models::index_of(record.key));
  if (record.client != models::no_client) clients_[record.client].last_commit = binlog_.size();
}

void Ledger::set_slot(const Record& record) {
  const bool is_set = record.fact == Fact::slot_set;
  keys_[models::index_of(record.key)].slots[models::index_of(record.slot)] = is_set ? record.number : 0;
}

// What goes on in the background knows what its client knows.
void Ledger::fork(const Record& record) {
  Operation& operation = operations_[record.operation];
  operation.background.insert(operation.background.end(), operation.replies.begin(), operation.replies.end());
}

std::uint32_t Ledger::set_cache(const Record& record) {
  auto& cached = keys_[models::index_of(record.key)].cached;
  const bool same = cached == record.row;
  cached = record.row;
  keys_[models::index_of(record.key)].retired.reset();
  if (committed(value_of(record))) return same ? 0 : marks::stores;
  escaped_ |= set_of(value_of(record));
  return marks::cache_ahead | (same ? 0 : marks::stores);
}

std::vector<Record>& Ledger::replies_of(const Record& record) {
  if (record.client >= actors_) return clients_[record.client].replies;
  Operation& operation = operations_[record.operation];
  return record.background ? operation.background : operation.replies;
}

std::vector<Record>& Ledger::under_way_of(const Record& record) {
  return record.client >= actors_ ? clients_[record.client].under_way
                                  : operations_[record.operation].under_way;
}

void Ledger::log(const Record& record) {
  if (record.command == models::Command::select) clients_[record.client].asked = 0;
  const bool closed =
      record.client < actors_ && !record.background && operations_[record.operation].outcome != Fact::invoked;
  if (!closed) replies_of(record).push_back(record);
}

// Without a reply in the same step, this is where the code waits.
void Ledger::issue(const Record& record) {
  Client& client = clients_[record.client];
  if (record.from_replica) client.replica = record.replica + 1;
  if (faults_) {
    log(record);
    if (record.abandoned) under_way_of(record).push_back(record);
  }
  if (record.from_replica) client.asked = record.replica + 1;
}

// A command took effect, or was refused.
void Ledger::land(const Record& record) {
  if (!record.abandoned) return log(record);
  auto& under_way = under_way_of(record);
  const auto same = std::ranges::find_if(under_way, [&](const Record& issued) {
    return issued.command == record.command && issued.background == record.background &&
           issued.for_write == record.for_write && issued.script == record.script;
  });
  assert(same != under_way.end());
  under_way.erase(same);
}

// Its code sees nothing any more; what it has sent goes on.
void Ledger::crash(std::uint32_t number) {
  Client& client = clients_[number];
  if (client.crashed) return;
  client.crashed = true;
  ++crashes_;
  for (KeyState& key : keys_)
    std::erase_if(key.owner, [number](const Wait& w) { return w.client == number; });
  for (const std::uint32_t operation : client.operations) {
    operations_[operation].replies.clear();
    operations_[operation].background.clear();
  }
}

Ledger::Copy& Ledger::copy_of(const Record& record) {
  auto& copies = clients_[record.client].copies;
  if (copies.empty()) copies.resize(keys_.size());
  return copies[models::index_of(record.key)];
}

std::uint32_t Ledger::marks_of_final_state() const {
  std::uint32_t seen = 0;
  for (const KeyState& key : keys_) {
    if (key.cached && key.cached->value != key.primary.value) seen |= marks::stuck;
  }
  for (std::uint32_t i = 0; i < operation_count_; ++i) {
    const Operation& operation = operations_[i];
    const bool ok_write = operation.kind == OperationKind::write && operation.outcome == Fact::returned;
    if (ok_write && !committed(operation.value)) seen |= marks::lost_write;
    if (operation.outcome == Fact::invoked && !clients_[operation.client].crashed) seen |= marks::hangs;
  }
  return seen;
}

}  // namespace cacherace::exploration
