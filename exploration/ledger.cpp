#include "exploration/ledger.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "models/roles.hpp"
#include "sim/world.hpp"

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

Ledger::Ledger(const models::Setup& setup, const std::vector<std::uint32_t>& group_of, std::uint32_t actors,
               Returns returns)
    : setup_(setup),
      actors_(actors),
      returns_(returns),
      faults_(!setup.faults.empty()),
      many_partitions_(setup.queue.partitions > group_of.size() - actors),
      clients_(group_of.size()),
      keys_(setup.keys.count) {
  for (std::size_t i = 0; i < group_of.size(); ++i) clients_[i].group = group_of[i];
  for (auto& issued : issued_) issued.resize(group_of.size());
}

void Ledger::begin() {
  operation_count_ = 0;
  for (Client& client : clients_) {
    client.crashed = false;
    client.replica = client.asked = 0;
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
  escaped_ = lost_ = 0;
  delivered_.clear();
  for (auto& issued : issued_) std::ranges::fill(issued, 0);
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
        clients_[record.client].crashed = true;
        ++crashes_;
        break;
      case Fact::message_lost:
        seen |= marks::stores;
        lost_ |= set_of(value_of(record));
        break;
      case Fact::issued:
        if (record.from_replica) clients_[record.client].asked = record.replica + 1;
        if (!faults_) break;
        under_way_of(record).push_back(record);
        ++issued_[models::index_of(record.command)][clients_[record.client].group];
        break;
      case Fact::applied:
        ++applied_[record.replica];
        break;
      case Fact::delivered:
        delivered_.push_back(value_of(record));
        break;
      case Fact::expired:
        keys_[models::index_of(record.key)].cached.reset();
        seen |= marks::stores;
        break;
      case Fact::announced:
        seen |= announce(operations_[record.operation]);
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
  operation.announced = true;
  operation.value = value_of(record);
  operation.before = before_next(client, operation.key);
  operation.replies.clear();
  operation.background.clear();
  operation.under_way.clear();
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
  if (record.command == models::Command::select) clients_[record.client].asked = 0;
  const bool closed =
      record.client < actors_ && !record.background && operations_[record.operation].outcome != Fact::invoked;
  if (!closed) replies_of(record).push_back(record);
}

// A command took effect, or was refused.
void Ledger::land(const Record& record) {
  if (record.fact == Fact::selected && record.from_replica) clients_[record.client].replica = record.replica;
  log(record);
  if (!faults_) return;
  auto& under_way = under_way_of(record);
  const auto same = std::ranges::find_if(under_way, [&](const Record& issued) {
    return issued.command == record.command && issued.background == record.background;
  });
  if (same != under_way.end()) under_way.erase(same);
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

void Ledger::add_replies(sim::Digest& digest, const std::vector<Record>& records, const Names& names) const {
  const bool sessions = setup_.mysql.replica_choice == models::ReplicaChoice::session;
  digest.add(records.size());
  for (const Record& record : records) {
    digest.add(static_cast<std::uint64_t>(record.fact) | static_cast<std::uint64_t>(record.command) << 8U |
               static_cast<std::uint64_t>(record.missing) << 16U |
               static_cast<std::uint64_t>(sessions ? record.replica : 0) << 24U);
    digest.add(names[value_of(record)] | static_cast<std::uint64_t>(record.row.version) << 32U);
    digest.add(names[models::number_of(record.for_write)]);
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
  const bool is_seen = returns_ != Returns::unseen;
  const bool is_settled =
      !is_open && committed(operation.value) && operation.background.empty() && operation.under_way.empty();
  if (!is_seen && is_settled) return;
  digest.add(static_cast<std::uint64_t>(operation.kind) |
             static_cast<std::uint64_t>(operation.outcome) << 8U |
             static_cast<std::uint64_t>(operation.announced) << 15U | std::uint64_t{operation.key} << 16U);
  if (is_write || operation.outcome == Fact::returned) digest.add(names[operation.value]);
  if (is_open) add_replies(digest, operation.replies, names);
  if (is_seen && !is_write && (is_open || !operation.announced)) {
    add_set(digest, operation.before.values, names);
    add_floors(digest, operation.before, names);
  }
  if (is_write) {
    const bool is_cached = key.cached && models::number_of(key.cached->value) == operation.value;
    if (is_seen) add_set(digest, key.monitor.before(operation.value), names);
    digest.add(static_cast<std::uint64_t>((lost_ & set_of(operation.value)) != 0) |
               static_cast<std::uint64_t>((key.monitor.now().values & set_of(operation.value)) != 0) << 1U |
               static_cast<std::uint64_t>(is_cached) << 2U);
  }
  add_replies(digest, operation.background, names);
  add_replies(digest, operation.under_way, names);
}

sim::Digest Ledger::part_of(const Client& client, const Names& names) const {
  sim::Digest digest;
  digest.add(client.operations.size() | static_cast<std::uint64_t>(client.crashed) << 32U);
  digest.add(client.asked);
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
  for (auto& [part, number] : order_) part = part_of(clients_[number], names_);
}

void Ledger::order_clients() {
  order_.clear();
  for (std::uint32_t i = 0; i < clients_.size(); ++i) order_.emplace_back(part_of(clients_[i], names_), i);
  for (std::size_t first = 0; first < order_.size();) {
    std::size_t last = first + 1;
    while (last < order_.size() && clients_[last].group == clients_[first].group) ++last;
    std::sort(order_.begin() + static_cast<std::ptrdiff_t>(first),
              order_.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
}

sim::Digest Ledger::digest(std::size_t waiting) {
  name_by_rank();
  order_clients();
  bool any_escaped = false;
  for_each_value(escaped_, [&](std::uint32_t value) { any_escaped = any_escaped || !committed(value); });
  if (any_escaped) name_by_order();
  sim::Digest digest;
  digest.add(waiting);
  for (const auto& [part, number] : order_) digest.add(part);
  for (const KeyState& key : keys_) add_key(digest, key);
  for (const std::uint32_t count : applied_) digest.add(count);
  if (keys_.size() > 1 && (!applied_.empty() || clients_.size() > actors_)) {
    for (const std::uint32_t key : binlog_) digest.add(key);
  }
  if (many_partitions_ || faults_) {
    for (const std::uint32_t value : delivered_) digest.add(names_[value]);
  }
  if (faults_) {
    for (const auto& issued : issued_) {
      for (const std::uint64_t count : issued) digest.add(count);
    }
  }
  return digest;
}

void Ledger::arrange(std::span<const sim::Pending> pending, sim::TimedSight& sight) const {
  std::vector<std::uint32_t> place_of(clients_.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) place_of[order_[i].second] = i;
  struct Slot {
    std::uint64_t owner;  // clients by their place, then all others
    std::uint64_t which;
    std::size_t place;
  };
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const models::TagParts tag = models::parts_of(pending[i].who->tag());
    const bool of_client = models::is_of_client(tag.actor);
    slots.push_back({of_client ? place_of[tag.who] : clients_.size() + tag.who,
                     static_cast<std::uint64_t>(tag.actor) << 32U | tag.number, i});
  }
  std::ranges::stable_sort(slots, {}, [](const Slot& slot) { return std::pair(slot.owner, slot.which); });
  for (const Slot& slot : slots) {
    sight.order.push_back(slot.place);
    sight.state.add(slot.owner);
    sight.state.add(slot.which << 8U | static_cast<std::uint64_t>(pending[slot.place].who->part()));
  }
  for (std::uint32_t first = 0; first < order_.size();) {
    std::uint32_t last = first + 1;
    const auto alike = [&](std::uint32_t other) {
      return order_[other].first == order_[first].first &&
             clients_[order_[other].second].group == clients_[order_[first].second].group;
    };
    while (last < order_.size() && alike(last)) ++last;
    const auto slots_of = [&](std::uint32_t owner) {
      return static_cast<std::size_t>(std::ranges::count(slots, owner, &Slot::owner));
    };
    const std::size_t length = slots_of(first);
    bool same_length = length > 0;
    for (std::uint32_t i = first + 1; i < last; ++i) same_length = same_length && slots_of(i) == length;
    if (last - first > 1 && same_length) {
      const auto begin = std::ranges::find(slots, first, &Slot::owner);
      sight.blocks.push_back({static_cast<std::size_t>(begin - slots.begin()), length, last - first});
    }
    first = last;
  }
}

void Ledger::add_key(sim::Digest& digest, const KeyState& key) const {
  digest.add(key.primary.version);
  digest.add(key.cached ? names_[models::number_of(key.cached->value)] |
                              static_cast<std::uint64_t>(key.cached->version) << 32U
                        : std::uint64_t{nothing});
  if (returns_ == Returns::unseen) return;
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
