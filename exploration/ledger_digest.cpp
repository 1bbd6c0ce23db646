// What of a ledger goes into the digest of a state, and into an outcome.
#include <algorithm>
#include <bit>
#include <numeric>

#include "exploration/ledger.hpp"
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

template <class See>
void for_each_value(ValueSet set, const See& see) {
  for (; set != 0; set &= set - 1) see(static_cast<std::uint32_t>(std::countr_zero(set)));
}

// What there is to say of each value of a set; values have no order.
template <class Tell>
void add_in_any_order(sim::Digest& digest, ValueSet set, const Tell& tell) {
  sim::Digest sum{0, 0};
  for_each_value(set, [&](std::uint32_t value) {
    sim::Digest one;
    tell(one, value);
    sum.low += one.low;
    sum.high += one.high;
  });
  digest.add(sum);
}

}  // namespace

// Of a key at Redis's replica, on the way there, and in a snapshot.
template <class See>
void Ledger::for_each_copy(std::uint32_t key, const See& see) const {
  see(keys_[key].replica);
  see(keys_[key].snapshot);
  for (const Change& change : to_replicate_) {
    if (change.key == key) see(change.cell);
  }
}

// A token is good for nothing but to be compared with what the key's slots hold.
std::uint32_t Ledger::name_of_number(const Record& record) const {
  if (record.fact == Fact::started_over) return 3 + record.number;
  const auto holds = [&](const Cell& cell) {
    return cell.slots[models::index_of(models::Slot::lock)] == record.number ||
           cell.slots[models::index_of(models::Slot::lease)] == record.number;
  };
  const std::uint32_t key = models::index_of(record.key);
  if (!copies_of_redis_) return holds(keys_[key]) ? 1 : 2;
  std::uint32_t name = holds(keys_[key]) ? 1 : 2;
  for_each_copy(key, [&](const Cell& copy) { name = name * 2 + (holds(copy) ? 1 : 0); });
  return 64 + name;
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
               static_cast<std::uint64_t>(record.done) << 17U |
               static_cast<std::uint64_t>(record.busy) << 18U |
               static_cast<std::uint64_t>(replica_matters ? record.replica : 0) << 24U |
               static_cast<std::uint64_t>(record.fault) << 48U);
    digest.add(names[models::number_of(record.row.value)] | static_cast<std::uint64_t>(record.row.version)
                                                                << 32U);
    digest.add(names[models::number_of(record.for_write)] |
               static_cast<std::uint64_t>(models::index_of(record.key)) << 32U);
    if (record.number != 0) digest.add(name_of_number(record));
  }
}

// What a client's code has seen says which script it sent; of a command that nobody waits for nothing else
// does.
void Ledger::add_under_way(sim::Digest& digest, const std::vector<Record>& records,
                           const Names& names) const {
  add_replies(digest, records, names);
  for (const Record& record : records) {
    digest.add(record.script | static_cast<std::uint64_t>(record.background) << 8U);
  }
}

void Ledger::add_set(sim::Digest& digest, ValueSet set, const Names& names) const {
  add_in_any_order(digest, set, [&](sim::Digest& one, std::uint32_t value) { one.add(names[value]); });
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
  if (!is_seen && is_settled && ((copies_ | strays_) & set_of(operation.value)) == 0) return;
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
    digest.add(static_cast<std::uint64_t>((key.monitor.now().values & set_of(operation.value)) != 0) |
               static_cast<std::uint64_t>(is_cached) << 1U |
               static_cast<std::uint64_t>((copies_ & set_of(operation.value)) != 0) << 2U |
               static_cast<std::uint64_t>((strays_ & set_of(operation.value)) != 0) << 3U |
               static_cast<std::uint64_t>((lost_ & set_of(operation.value)) != 0) << 4U);
  }
  add_transaction(digest, operation.transaction);
  add_transaction(digest, operation.background_transaction);
  add_replies(digest, operation.background, names);
  add_under_way(digest, operation.under_way, names);
}

// The versions it made are its own client's: their number says which.
void Ledger::add_transaction(sim::Digest& digest, const Transaction& transaction) const {
  if (!transaction.open && !transaction.broken) return;
  digest.add(static_cast<std::uint64_t>(transaction.open) |
             static_cast<std::uint64_t>(transaction.broken) << 1U |
             static_cast<std::uint64_t>(transaction.snapshot) << 2U);
  for (const Record& change : transaction.changes) {
    digest.add(models::index_of(change.key) | static_cast<std::uint64_t>(change.row.version) << 32U);
  }
}

// What a client holds or waits for, and its place in the line.
void Ledger::add_waits(sim::Digest& digest, std::uint32_t client) const {
  for (std::uint64_t key = 0; key < keys_.size(); ++key) {
    for (const auto* line : {&keys_[key].row, &keys_[key].owner}) {
      std::uint64_t waiting = 0;
      for (const Wait& wait : *line) {
        if (!wait.granted) ++waiting;
        if (wait.client != client) continue;
        digest.add(key << 32U | static_cast<std::uint64_t>(line == &keys_[key].owner) << 16U |
                   std::uint64_t{wait.lock} << 8U | static_cast<std::uint64_t>(wait.background) << 1U |
                   static_cast<std::uint64_t>(wait.granted));
        if (!wait.granted) digest.add(waiting);
      }
    }
  }
}

void Ledger::add_copies(sim::Digest& digest, const Client& client, const Names& names) const {
  for (const Copy& copy : client.copies) {
    digest.add(copy.row ? names[models::number_of(copy.row->value)] : std::uint64_t{nothing});
    digest.add(static_cast<std::uint64_t>(copy.expected) | static_cast<std::uint64_t>(copy.tracked) << 1U);
  }
  digest.add(client.told.size());
  for (const std::uint32_t key : client.told) digest.add(std::uint64_t{key});
}

// How many changes must come to Redis's replica until it has all of the client's; of its work in the
// background, too.
void Ledger::add_changes_under_way(sim::Digest& digest, std::uint32_t client) const {
  for (const bool background : {false, true}) {
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < to_replicate_.size(); ++i) {
      if (to_replicate_[i].client == client && to_replicate_[i].background == background) last = i + 1;
    }
    digest.add(last);
  }
}

sim::Digest Ledger::part_of(const Client& client, const Names& names) const {
  sim::Digest digest;
  digest.add(client.operations.size() | static_cast<std::uint64_t>(client.crashed) << 32U);
  digest.add(client.asked);
  if (setup_.mysql.replica_choice == models::ReplicaChoice::session) digest.add(client.replica);
  for (const std::uint32_t operation : client.operations) {
    add_operation(digest, operations_[operation], names);
  }
  if (client.pins != 0) digest.add(client.pins);
  if (setup_.mysql.gtid_wait) digest.add(client.last_commit);
  if (!client.copies.empty()) add_copies(digest, client, names);
  if (waits_for_copies_) add_changes_under_way(digest, static_cast<std::uint32_t>(&client - clients_.data()));
  if (waits_) add_waits(digest, static_cast<std::uint32_t>(&client - clients_.data()));
  add_replies(digest, client.replies, names);
  add_under_way(digest, client.under_way, names);
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
      const sim::Digest digest = digest_of(order, pending);
      if (digest < least) best_ = order;
      least = std::min(least, digest);
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
  order_ = best_;
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
  for (const auto& inbox : inboxes_) {
    digest.add(inbox.size());
    for (const std::uint32_t value : inbox) add(value, false);
  }
  // Where it goes by turn, the key does not say which partition is next, or has a message that strays.
  if (setup_.queue.partitioner == models::Partitioner::round_robin) {
    digest.add(published_ % messages_.size());
    add_in_any_order(digest, copies_ | strays_, [&](sim::Digest& one, std::uint32_t value) {
      one.add(names_[value] | std::uint64_t{operations_[writer_[value]].key} << 32U);
      one.add(partition_of_[value]);
    });
  }
  if (!redelivers_) return;
  digest.add(moved_ % inboxes_.size());
  for (const auto& again : unacknowledged_) {
    digest.add(again.size());
    for (const std::uint32_t value : again) add(value, false);
  }
}

void Ledger::add_met(sim::Digest& digest) const {
  for (std::size_t i = 0; i < met_.size(); ++i) {
    if (const auto occurrence = setup_.faults[i].occurrence) digest.add(std::min(met_[i], *occurrence));
    if (setup_.faults[i].time) digest.add(met_[i]);
  }
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
  std::vector<std::size_t> count(order_.size(), 0);  // of each client's slots
  for (const Slot& slot : slots) {
    sight.order.push_back(slot.place);
    sight.state.add(slot.owner);
    sight.state.add(slot.which << 8U | static_cast<std::uint64_t>(pending[slot.place].who->part()));
    if (slot.owner < count.size()) ++count[slot.owner];
  }
  if (!any_escaped()) find_blocks(count, sight);
}

// Clients side by side that look alike. (Where others have seen uncommitted versions of theirs, clients that
// look alike need not be.)
void Ledger::find_blocks(const std::vector<std::size_t>& count, sim::TimedSight& sight) const {
  std::size_t slot = 0;
  for (std::size_t first = 0; first < order_.size();) {
    std::size_t last = first + 1;
    const auto alike = [&](std::size_t other) {
      return order_[other].first == order_[first].first && count[other] == count[first] &&
             clients_[order_[other].second].group == clients_[order_[first].second].group;
    };
    while (last < order_.size() && alike(last)) ++last;
    if (last - first > 1 && count[first] > 0) sight.blocks.push_back({slot, count[first], last - first});
    slot += count[first] * (last - first);
    first = last;
  }
}

void Ledger::add_key(sim::Digest& digest, const KeyState& key) const {
  digest.add(key.primary.version);
  add_cell(digest, key);
  if (copies_of_redis_) {
    const auto index = static_cast<std::uint32_t>(&key - keys_.data());
    for_each_copy(index, [&](const Cell& copy) { add_cell(digest, copy); });
  }
  if (returns_ == Returns::unseen) return;
  digest.add(key.monitor.linearizable() ? 1 : 0);
  add_set(digest, key.monitor.before(0), names_);
  add_set(digest, key.monitor.now().values, names_);
  add_floors(digest, key.monitor.now(), names_);
}

void Ledger::add_cell(sim::Digest& digest, const Cell& cell) const {
  digest.add(cell.cached ? names_[models::number_of(cell.cached->value)] |
                               static_cast<std::uint64_t>(cell.cached->version) << 32U
                         : std::uint64_t{nothing});
  if (cell.retired) {
    digest.add(names_[models::number_of(cell.retired->value)] |
               static_cast<std::uint64_t>(cell.retired->version) << 32U);
  }
  for (std::size_t slot = 0; slot < models::slot_count; ++slot) {
    const bool is_token = slot <= models::index_of(models::Slot::lease);
    digest.add(is_token ? std::uint64_t{cell.slots[slot] != 0} : cell.slots[slot]);
  }
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
