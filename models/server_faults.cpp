// What befalls the servers: evictions, expiries, killed sessions, and a Redis that comes back with less.
#include "models/servers.hpp"

namespace cacherace::models {

bool Servers::holds(Key key, Thing thing) {
  if (thing == 0) return redis_.get(key, world_.now()).has_value();
  return redis_.slot(key, static_cast<Slot>(thing - 1), world_.now()).has_value();
}

void Servers::drop(Key key, Thing thing, Fact of_value) {
  watch(key, thing, sim::time_never);
  if (thing == 0) {
    redis_.del(key, world_.now());
    recorder_.add({.at = world_.now(), .key = key, .fact = of_value});
    tracking_.change(key);
  } else {
    const auto slot = static_cast<Slot>(thing - 1);
    redis_.erase_slot(key, slot);
    if (recorder_.detailed()) {
      recorder_.add({.at = world_.now(), .key = key, .fact = Fact::slot_erased, .slot = slot});
    }
  }
  follow(key);
}

bool Servers::may_be_killed(Connection connection, const Fault& fault) const {
  return mysql_.in_transaction(connection) && (!fault.client || *fault.client == group_of_[connection]);
}

void Servers::kill(Connection connection) {
  const Caller& caller = mysql_.caller_of(connection);
  recorder_.add({.at = world_.now(),
                 .client = caller.client,
                 .operation = caller.operation,
                 .fact = Fact::killed,
                 .background = caller.background});
  mysql_.kill(connection);
}

void Servers::strike(const Fault& fault, Key key, Connection connection) {
  if (fault.kind == FaultKind::kill) {
    if (mysql_.in_transaction(connection)) kill(connection);
  } else if (brings_back(fault.kind)) {
    put_back(fault);
  } else if (fault.kind == FaultKind::clock_jump) {
    jump(fault.by);
  } else if (fault.kind == FaultKind::database_failover) {
    promote();
  } else if (fault.kind == FaultKind::rebalance) {
    if (queue_.has_consumers()) queue_.rebalance();
  } else if (holds(key, fault.thing)) {
    drop(key, fault.thing, Fact::evicted);
  }
}

void Servers::follow(Key key, const Request* by) {
  if (memory_.is_limited()) memory_.look(key, world_.now());
  if (!copies_.has_replica()) return;
  if (recorder_.detailed()) {
    recorder_.add({.at = world_.now(),
                   .client = by == nullptr ? no_client : by->client,
                   .key = key,
                   .fact = Fact::to_replicate,
                   .background = by != nullptr && by->background});
  }
  copies_.follow(key);
  if (by != nullptr) last_change_[by->connection] = copies_.changes();
}

void Servers::take_snapshot() {
  if (recorder_.detailed()) recorder_.add({.at = world_.now(), .fact = Fact::snapped});
  copies_.take_snapshot();
}

// Redis fails over, or starts again: what that changes is told.
void Servers::put_back(const Fault& fault) {
  if (recorder_.detailed()) recorder_.add({.at = world_.now(), .fact = Fact::failed_over});
  before_.clear();
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    before_.push_back(redis_.cell(Key(key), world_.now()));
  }
  changed_.clear();
  if (fault.kind == FaultKind::failover) {
    copies_.fail_over(changed_);
  } else {
    copies_.restart(changed_);
  }
  for (const Key key : changed_) {
    note_difference(key, before_[index_of(key)]);
    if (memory_.is_limited()) memory_.look(key, world_.now());
    if (fault.kind == FaultKind::restart) follow(key);
  }
}

// What has a TTL has less of it now, or none.
void Servers::jump(sim::Duration by) {
  for (std::uint32_t number = 0; number < setup_.keys.count; ++number) {
    const auto key = static_cast<Key>(number);
    const RedisCell before = redis_.cell(key, world_.now());
    RedisCell sooner = before;
    const auto hasten = [&](auto& entry, Thing thing) {
      if (!entry || entry->expires == sim::time_never) return;
      if (entry->expires - world_.now() <= by) {
        drop(key, thing, Fact::expired);
        entry.reset();
      } else {
        entry->expires -= by;
      }
    };
    hasten(sooner.value, 0);
    for (std::size_t slot = 0; slot < slot_count; ++slot)
      hasten(sooner.slots[slot], static_cast<Thing>(slot + 1));
    redis_.put(key, sooner);
    if (sooner.value && sooner.value->expires != before.value->expires) {
      recorder_.add({.at = world_.now(),
                     .until = sooner.value->expires,
                     .key = key,
                     .row = sooner.value->row,
                     .fact = Fact::restored});
    }
    follow(key);
  }
}

// MySQL fails over: which rows are old ones again is told.
void Servers::promote() {
  lost_.clear();
  mysql_.fail_over(lost_);
  recorder_.add({.at = world_.now(),
                 .fact = Fact::promoted,
                 .number = static_cast<std::uint32_t>(mysql_.binlog().size())});
  for (const Key key : lost_) {
    recorder_.add({.at = world_.now(), .key = key, .row = mysql_.newest(key), .fact = Fact::rolled_back});
  }
}

void Servers::note_difference(Key key, const RedisCell& before) {
  const RedisCell now = redis_.cell(key, world_.now());
  const bool same_value = now.value.has_value() == before.value.has_value() &&
                          (!now.value || now.value->row == before.value->row);
  if (!same_value && now.value) {
    recorder_.add({.at = world_.now(),
                   .until = now.value->expires,
                   .key = key,
                   .row = now.value->row,
                   .fact = Fact::restored});
  } else if (!same_value) {
    recorder_.add({.at = world_.now(), .key = key, .fact = Fact::evicted});
  }
  if (!same_value) tracking_.change(key);
  if (!recorder_.detailed()) return;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const auto number = [slot](const RedisCell& cell) {
      return cell.slots[slot] ? cell.slots[slot]->number : 0;
    };
    if (number(now) == number(before)) continue;
    recorder_.add({.at = world_.now(),
                   .key = key,
                   .fact = now.slots[slot] ? Fact::slot_set : Fact::slot_erased,
                   .slot = static_cast<Slot>(slot),
                   .number = number(now)});
  }
}

std::size_t Servers::victims(const Fault& fault) {
  std::size_t count = 0;
  if (fault.kind == FaultKind::rebalance) return queue_.has_consumers() ? 1 : 0;
  if (is_about_all(fault.kind)) return 1;
  if (fault.kind == FaultKind::kill) {
    for (const Connection i : mysql_.in_order()) count += may_be_killed(i, fault) ? 1 : 0;
    return count;
  }
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) count += holds(Key(key), fault.thing) ? 1 : 0;
  return count;
}

void Servers::strike(const Fault& fault, std::size_t victim) {
  if (recorder_.detailed()) {
    const auto place = static_cast<std::uint16_t>(&fault - setup_.faults.data());
    recorder_.add({.at = world_.now(), .fact = Fact::struck, .fault = place});
  }
  std::size_t before = 0;
  if (fault.kind == FaultKind::kill) {
    for (const Connection i : mysql_.in_order()) {
      if (may_be_killed(i, fault) && before++ == victim) return kill(i);
    }
    return;
  }
  if (is_about_all(fault.kind)) {
    if (victim == 0) strike(fault, Key(0), no_connection);
    return;
  }
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    if (holds(Key(key), fault.thing) && before++ == victim) return drop(Key(key), fault.thing, Fact::evicted);
  }
}

}  // namespace cacherace::models
