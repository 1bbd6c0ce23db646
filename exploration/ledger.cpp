#include "exploration/ledger.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::OperationKind;
using models::Record;

// Names of versions that have no rank: behind all ranks. Before clients are in order they are named by place
// in the program alone, which is enough as long as nobody else has seen them.
constexpr std::uint32_t unranked = 1U << 20U;
constexpr std::uint32_t unranked_in_order = 1U << 24U;
constexpr std::uint32_t nothing = UINT32_MAX;

std::uint32_t value_of(const Record& record) {
  return models::number_of(record.row.value);
}

template <class See>
void for_each_value(ValueSet set, const See& see) {
  for (; set != 0; set &= set - 1) see(static_cast<std::uint32_t>(std::countr_zero(set)));
}

}  // namespace

Ledger::Ledger(const models::Setup& setup, const std::vector<std::uint32_t>& group_of, std::uint32_t actors)
    : setup_(setup),
      actors_(actors),
      faults_(!setup.faults.empty()),
      many_partitions_(setup.queue.partitions > group_of.size() - actors),
      clients_(group_of.size()),
      keys_(setup.keys.count),
      messages_(setup.queue.partitions) {
  for (std::size_t i = 0; i < group_of.size(); ++i) clients_[i].group = group_of[i];
}

void Ledger::begin() {
  operation_count_ = 0;
  for (Client& client : clients_) {
    client.crashed = false;
    client.replica = 0;
    client.operations.clear();
    client.replies.clear();
    client.under_way.clear();
  }
  for (KeyState& key : keys_) {
    key.cached.reset();
    if (setup_.keys.cached) key.cached = models::Row{};
    key.primary = {};
    key.monitor.begin();
  }
  binlog_.clear();
  applied_.assign(setup_.mysql.replicas, 0);
  rank_.assign(1, 0);
  writer_.assign(1, nothing);
  escaped_ = copies_ = 0;
  for (auto& messages : messages_) messages.clear();
  delivered_.clear();
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
        land(record);
        break;
      case Fact::cache_set:
        seen |= set_cache(record);
        land(record);
        break;
      case Fact::cache_deleted: {
        auto& cached = keys_[models::index_of(record.key)].cached;
        if (cached) seen |= marks::stores;
        cached.reset();
        land(record);
        break;
      }
      case Fact::refused:
        if (record.command != models::Command::get && record.command != models::Command::select)
          seen |= marks::stores;
        land(record);
        break;
      case Fact::looked_up:
      case Fact::selected:
      case Fact::unchanged:
        land(record);
        break;
      case Fact::timed_out:
        seen |= marks::stores;
        log(record);
        break;
      case Fact::command_failed:
      case Fact::slept:
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
        partition_of(record.key).pop_back();
        break;
      case Fact::duplicated:
        partition_of(record.key).back().again = true;
        break;
      case Fact::sent_again:
        send_again(record);
        break;
      case Fact::struck:
        ++met_[record.fault];
        log(record);
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
      case Fact::replied:
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
  operation.value = value_of(record);
  operation.before = monitor.now();
  operation.replies.clear();
  operation.background.clear();
  operation.under_way.clear();
  client.operations.push_back(operation_count_);
  if (record.kind == OperationKind::write) {
    rank_.push_back(0);
    writer_.push_back(operation_count_);
    monitor.write_invoked(operation.value);
  }
  ++operation_count_;
}

std::uint32_t Ledger::close(const Record& record) {
  Operation& operation = operations_[record.operation];
  KeyMonitor& monitor = keys_[operation.key].monitor;
  const bool was_linearizable = monitor.linearizable();
  std::uint32_t seen = 0;
  operation.outcome = record.fact;
  operation.replies.clear();
  if (operation.kind == OperationKind::write) {
    if (record.fact == Fact::returned) monitor.write_returned(operation.value);
    if (record.fact == Fact::failed) monitor.write_failed(operation.value);
  } else if (record.fact == Fact::returned) {
    operation.value = value_of(record);
    const auto faults = monitor.read_returned(operation.value, operation.before,
                                              [this](std::uint32_t value) { return rank_[value]; });
    if (faults.stale) seen |= marks::stale_read;
    if (faults.inversion) seen |= marks::inversion;
    if (faults.dirty) seen |= marks::dirty_read;
  }
  if (was_linearizable && !monitor.linearizable()) seen |= marks::nonlinearizable;
  return seen;
}

void Ledger::commit(const Record& record) {
  KeyState& key = keys_[models::index_of(record.key)];
  key.primary = record.row;
  rank_[value_of(record)] = record.row.version;
  binlog_.push_back(models::index_of(record.key));
  if (has_consumers()) partition_of(record.key).push_back({value_of(record), false});
}

std::uint32_t Ledger::set_cache(const Record& record) {
  auto& cached = keys_[models::index_of(record.key)].cached;
  const bool same = cached == record.row;
  cached = record.row;
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
  const bool closed =
      record.client < actors_ && !record.background && operations_[record.operation].outcome != Fact::invoked;
  if (!closed) replies_of(record).push_back(record);
}

// Without a reply in the same step, this is where the code waits.
void Ledger::issue(const Record& record) {
  if (record.from_replica) clients_[record.client].replica = record.replica + 1;
  if (!faults_) return;
  log(record);
  if (record.abandoned) under_way_of(record).push_back(record);
}

// A command took effect, or was refused.
void Ledger::land(const Record& record) {
  if (!record.abandoned) return log(record);
  auto& under_way = under_way_of(record);
  const auto same = std::ranges::find_if(under_way, [&](const Record& issued) {
    return issued.command == record.command && issued.background == record.background &&
           issued.for_write == record.for_write;
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
  for (const std::uint32_t operation : client.operations) {
    operations_[operation].replies.clear();
    operations_[operation].background.clear();
  }
}

std::vector<Ledger::Message>& Ledger::partition_of(models::Key key) {
  return messages_[models::index_of(key) % messages_.size()];
}

void Ledger::deliver(const Record& record) {
  auto& messages = partition_of(record.key);
  if (messages.front().again) copies_ |= set_of(messages.front().value);
  messages.erase(messages.begin());
  delivered_.push_back(value_of(record));
}

void Ledger::send_again(const Record& record) {
  copies_ &= ~set_of(value_of(record));
  partition_of(record.key).push_back({value_of(record), false});
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
  }
  return seen;
}

void Ledger::add_replies(sim::Digest& digest, const std::vector<Record>& records, const Names& names) const {
  const bool sessions = setup_.mysql.replica_choice == models::ReplicaChoice::session;
  digest.add(records.size());
  for (const Record& record : records) {
    // Which replica a SELECT is sent to says nothing more once it has answered.
    const bool is_sent = record.fact == Fact::issued && &record == &records.back();
    const bool replica_matters = sessions || is_sent || record.fact == Fact::struck;
    digest.add(static_cast<std::uint64_t>(record.fact) | static_cast<std::uint64_t>(record.command) << 8U |
               static_cast<std::uint64_t>(record.missing) << 16U |
               static_cast<std::uint64_t>(replica_matters ? record.replica : 0) << 24U |
               static_cast<std::uint64_t>(record.fault) << 48U);
    digest.add(names[value_of(record)] | static_cast<std::uint64_t>(record.row.version) << 32U);
    digest.add(names[models::number_of(record.for_write)] |
               static_cast<std::uint64_t>(models::index_of(record.key)) << 32U);
  }
}

// The names of a set have no order.
void Ledger::add_set(sim::Digest& digest, ValueSet set, const Names& names) const {
  sim::Digest sum{0, 0};
  for_each_value(set, [&](std::uint32_t value) {
    sim::Digest one;
    one.add(names[value]);
    sum.low += one.low;
    sum.high += one.high;
  });
  digest.add(sum);
}

// Of what was returned only the newest matters, and versions whose rank is not yet known.
void Ledger::add_floors(sim::Digest& digest, const Before& before, const Names& names) const {
  for (const ValueSet set : {before.returned_writes, before.returned_reads}) {
    std::uint32_t newest = 0;
    ValueSet unknown = 0;
    for_each_value(set, [&](std::uint32_t value) {
      newest = std::max(newest, rank_[value]);
      if (!committed(value)) unknown |= set_of(value);
    });
    digest.add(newest);
    add_set(digest, unknown, names);
  }
}

void Ledger::add_operation(sim::Digest& digest, const Operation& operation, const Names& names) const {
  const KeyState& key = keys_[operation.key];
  const bool is_write = operation.kind == OperationKind::write;
  const bool is_open = operation.outcome == Fact::invoked;
  digest.add(static_cast<std::uint64_t>(operation.kind) |
             static_cast<std::uint64_t>(operation.outcome) << 8U | std::uint64_t{operation.key} << 16U);
  if (is_write || operation.outcome == Fact::returned) digest.add(names[operation.value]);
  if (is_open) add_replies(digest, operation.replies, names);
  if (is_open && !is_write) {
    add_set(digest, operation.before.values, names);
    add_floors(digest, operation.before, names);
  }
  if (is_write) {
    const bool is_cached = key.cached && models::number_of(key.cached->value) == operation.value;
    add_set(digest, key.monitor.before(operation.value), names);
    digest.add(static_cast<std::uint64_t>((key.monitor.now().values & set_of(operation.value)) != 0) |
               static_cast<std::uint64_t>(is_cached) << 1U |
               static_cast<std::uint64_t>((copies_ & set_of(operation.value)) != 0) << 2U);
  }
  add_replies(digest, operation.background, names);
  add_replies(digest, operation.under_way, names);
}

sim::Digest Ledger::part_of(const Client& client, const Names& names) const {
  sim::Digest digest;
  digest.add(client.operations.size() | static_cast<std::uint64_t>(client.crashed) << 32U);
  if (setup_.mysql.replica_choice == models::ReplicaChoice::session) digest.add(client.replica);
  for (const std::uint32_t operation : client.operations) {
    add_operation(digest, operations_[operation], names);
  }
  add_replies(digest, client.replies, names);
  add_replies(digest, client.under_way, names);
  return digest;
}

void Ledger::name_by_rank() {
  names_.resize(rank_.size());
  for (std::size_t value = 0; value < rank_.size(); ++value) {
    names_[value] =
        value == 0 || rank_[value] != 0 ? rank_[value] : unranked + operations_[writer_[value]].place;
  }
}

// Once clients are in order, versions without a rank can be told apart by the client that writes them.
void Ledger::name_by_order() {
  for (std::uint32_t i = 0; i < order_.size(); ++i) {
    for (const std::uint32_t index : clients_[order_[i].second].operations) {
      const Operation& operation = operations_[index];
      if (operation.kind != OperationKind::write || committed(operation.value)) continue;
      names_[operation.value] = unranked_in_order + (i << 12U) + operation.place;
    }
  }
}

void Ledger::order_clients() {
  order_.clear();
  for (std::uint32_t i = 0; i < clients_.size(); ++i) order_.emplace_back(part_of(clients_[i], names_), i);
  sort_groups(order_);
}

// Clients of a group stand side by side in every order.
void Ledger::sort_groups(Order& order) const {
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    while (last < order.size() && clients_[last].group == clients_[first].group) ++last;
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(first),
              order.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
}

bool Ledger::any_escaped() const {
  bool any = false;
  for_each_value(escaped_, [&](std::uint32_t value) { any = any || !committed(value); });
  return any;
}

bool Ledger::has_unranked(const Client& client) const {
  return std::ranges::any_of(client.operations, [this](std::uint32_t index) {
    const Operation& operation = operations_[index];
    return operation.kind == OperationKind::write && !committed(operation.value);
  });
}

sim::Digest Ledger::digest(std::size_t pending) {
  name_by_rank();
  order_clients();
  return any_escaped() ? least_digest(pending) : digest_of(order_, pending);
}

// Goes through all orders of those that look alike before others' views of them are told apart.
sim::Digest Ledger::least_digest(std::size_t pending) {
  sim::Digest least{UINT64_MAX, UINT64_MAX};
  const auto permute = [&](const auto& self, std::size_t first) -> void {
    if (first == order_.size()) {
      name_by_order();
      Order order;
      for (const auto& [part, number] : order_) order.emplace_back(part_of(clients_[number], names_), number);
      sort_groups(order);
      least = std::min(least, digest_of(order, pending));
      return;
    }
    std::size_t last = first + 1;
    const auto alike = [&](std::size_t place) {
      return clients_[place].group == clients_[first].group && order_[place].first == order_[first].first;
    };
    while (last < order_.size() && alike(last) && has_unranked(clients_[order_[first].second])) ++last;
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = order_.begin() + static_cast<std::ptrdiff_t>(last);
    do {
      self(self, last);
    } while (std::next_permutation(begin, end));
  };
  permute(permute, 0);
  return least;
}

sim::Digest Ledger::digest_of(const Order& order, std::size_t pending) const {
  sim::Digest digest;
  digest.add(pending);
  for (const auto& [part, number] : order) digest.add(part);
  for (const KeyState& key : keys_) add_key(digest, key);
  for (const std::uint32_t count : applied_) digest.add(count);
  if (keys_.size() > 1 && !applied_.empty()) {
    for (const std::uint32_t key : binlog_) digest.add(key);
  }
  if (has_consumers()) add_queue(digest);
  add_met(digest);
  return digest;
}

// Values of different keys have the same rank, and so the same name.
void Ledger::add_queue(sim::Digest& digest) const {
  const auto add = [&](std::uint32_t value, bool again) {
    const std::uint64_t key = operations_[writer_[value]].key;
    digest.add(names_[value] | key << 32U | static_cast<std::uint64_t>(again) << 63U);
  };
  for (const auto& messages : messages_) {
    digest.add(messages.size());
    for (const Message& message : messages) add(message.value, message.again);
  }
  if (!many_partitions_ && !faults_) return;  // what is delivered is what the consumers' replies tell
  for (const std::uint32_t value : delivered_) add(value, false);
}

void Ledger::add_met(sim::Digest& digest) const {
  for (std::size_t i = 0; i < met_.size(); ++i) {
    if (const auto occurrence = setup_.faults[i].occurrence) digest.add(std::min(met_[i], *occurrence));
  }
}

void Ledger::add_key(sim::Digest& digest, const KeyState& key) const {
  digest.add(key.primary.version);
  digest.add(key.cached ? names_[models::number_of(key.cached->value)] |
                              static_cast<std::uint64_t>(key.cached->version) << 32U
                        : std::uint64_t{nothing});
  digest.add(key.monitor.linearizable() ? 1 : 0);
  add_set(digest, key.monitor.before(0), names_);
  add_set(digest, key.monitor.now().values, names_);
  add_floors(digest, key.monitor.now(), names_);
}

sim::Digest Ledger::outcome(const std::vector<std::uint32_t>& slot_of) const {
  const auto name = [&](std::uint32_t value) -> std::uint64_t {
    if (value == 0) return 0;
    const Operation& writer = operations_[writer_[value]];
    return 1 + (std::uint64_t{slot_of[writer.client]} << 32U) + writer.place;
  };
  sim::Digest digest;
  for (const KeyState& key : keys_) {
    digest.add(key.cached ? name(models::number_of(key.cached->value)) : UINT64_MAX);
    digest.add(name(models::number_of(key.primary.value)));
  }
  std::vector<std::uint32_t> client_in(slot_of.size());
  for (std::uint32_t client = 0; client < slot_of.size(); ++client) client_in[slot_of[client]] = client;
  for (std::uint32_t slot = 0; slot < actors_; ++slot) {
    const Client& client = clients_[client_in[slot]];
    digest.add(client.operations.size());
    for (const std::uint32_t index : client.operations) {
      const Operation& operation = operations_[index];
      const bool returned_value =
          operation.kind == OperationKind::read && operation.outcome == Fact::returned;
      digest.add(static_cast<std::uint64_t>(operation.outcome));
      digest.add(std::uint64_t{operation.key});
      digest.add(returned_value ? name(operation.value) : 0);
    }
  }
  return digest;
}

// Every way to permute the clients of each group.
void Ledger::add_outcomes(std::set<sim::Digest>& outcomes) const {
  std::vector<std::uint32_t> slot_of(clients_.size());
  std::iota(slot_of.begin(), slot_of.end(), 0U);
  const auto permute = [&](const auto& self, std::size_t first) -> void {
    if (first >= actors_) {
      outcomes.insert(outcome(slot_of));
      return;
    }
    std::size_t last = first + 1;
    while (last < actors_ && clients_[last].group == clients_[first].group) ++last;
    const auto begin = slot_of.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = slot_of.begin() + static_cast<std::ptrdiff_t>(last);
    do {
      self(self, last);
    } while (std::next_permutation(begin, end));
  };
  permute(permute, 0);
}

}  // namespace cacherace::exploration
