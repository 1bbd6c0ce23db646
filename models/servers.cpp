#include "models/servers.hpp"

#include <algorithm>

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

namespace {

constexpr std::size_t things_of_key = 1 + slot_count;

std::optional<sim::Duration> fresh_at_first(const ServiceSetup& service, std::optional<sim::Duration> ttl) {
  if (service.fresh || !ttl) return service.fresh;
  return std::max(*ttl - *service.refresh_before, sim::Duration{1});
}

}  // namespace

class Servers::Expiry final : public sim::Wakeable {
 public:
  Expiry(Servers& servers, Key key, Thing what)
      : Wakeable(
            [](Wakeable& self) {
              auto& expiry = static_cast<Expiry&>(self);
              expiry.servers_.drop(expiry.key_, expiry.what_, Fact::expired);
            },
            sim::Part::expiry, tag_of(Actor::entry, index_of(key), static_cast<std::uint32_t>(what))),
        servers_(servers),
        key_(key),
        what_(what) {}

 private:
  Servers& servers_;
  Key key_;
  Thing what_;
};

Servers::Servers(sim::World& world, Recorder& recorder, const Setup& setup)
    : world_(world),
      recorder_(recorder),
      setup_(setup),
      redis_(setup.redis, setup.keys),
      copies_(
          world, redis_, setup,
          [](void* who, Key key) {
            auto& servers = *static_cast<Servers*>(who);
            if (servers.recorder_.detailed()) {
              servers.recorder_.add({.at = servers.world_.now(), .key = key, .fact = Fact::replicated});
            }
          },
          this),
      mysql_(world, recorder, setup.mysql, setup.keys),
      queue_(world, recorder, setup),
      faults_(world, setup.faults, setup.swarm),
      owners_(world, setup.keys.count),
      store_faults_(world, *this, setup),
      loads_(setup.keys.count) {}

Servers::~Servers() = default;

void Servers::begin_run(std::uint64_t seed, std::uint64_t run, const ServiceSetup& service) {
  tokens_ = 0;
  follows_binlog_ = service.consumers > 0 && service.follows_binlog;
  owners_.begin_run();
  loads_.begin_run();
  redis_.begin_run(seed, run, setup_.expires);
  mysql_.begin_run(seed, run);
  queue_.begin_run(seed, run, service);
  acknowledgements_ = {seed, run, purpose(0, Role::semi_sync)};
  if (faults_.any()) faults_.begin_run(seed, run);
  store_faults_.begin_run(seed, run);
  if (setup_.keys.cached) begin_with_entries(service);
  copies_.begin_run(seed, run);
}

void Servers::begin_with_entries(const ServiceSetup& service) {
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    if (setup_.redis.ttl) watch(Key(key), 0, sim::time_zero + *setup_.redis.ttl);
    if (!service.fresh && !service.refresh_before) continue;
    redis_.set_slot(Key(key), Slot::fresh, 1, fresh_at_first(service, setup_.redis.ttl), sim::time_zero);
    const auto slot = redis_.slot(Key(key), Slot::fresh, sim::time_zero);
    if (slot) watch(Key(key), 1 + index_of(Slot::fresh), slot->expires);
  }
}

void Servers::watch(Key key, std::size_t what, sim::Time expires) {
  if (!world_.is_chosen() || !world_.holds(sim::Part::expiry)) return;
  const std::size_t place = index_of(key) * things_of_key + what;
  if (expiries_.size() <= place) expiries_.resize(place + 1);
  auto& expiry = expiries_[place];
  if (expiry) world_.cancel(*expiry);
  if (expires == sim::time_never) return;
  if (!expiry) expiry = std::make_unique<Expiry>(*this, key, static_cast<Thing>(what));
  world_.schedule(expires - world_.now(), *expiry);
  if (what == 0) {
    redis_.leave_expiry_to_event(key);
  } else {
    redis_.leave_expiry_to_event(key, static_cast<Slot>(what - 1));
  }
}

Connection Servers::connect(std::string_view group) {
  group_of_.push_back(group);
  return mysql_.connect();
}

bool Servers::holds(Key key, Thing thing) {
  if (thing == 0) return redis_.get(key, world_.now()).has_value();
  return redis_.slot(key, static_cast<Slot>(thing - 1), world_.now()).has_value();
}

void Servers::drop(Key key, Thing thing, Fact of_value) {
  watch(key, thing, sim::time_never);
  if (thing == 0) {
    redis_.del(key, world_.now());
    recorder_.add({.at = world_.now(), .key = key, .fact = of_value});
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
  } else if (holds(key, fault.thing)) {
    drop(key, fault.thing, Fact::evicted);
  }
}

void Servers::follow(Key key) {
  if (!copies_.has_replica()) return;
  if (recorder_.detailed()) {
    recorder_.add({.at = world_.now(), .key = key, .fact = Fact::to_replicate});
  }
  copies_.follow(key);
}

void Servers::take_snapshot() {
  if (recorder_.detailed()) recorder_.add({.at = world_.now(), .fact = Fact::snapped});
  copies_.take_snapshot();
}

// Redis fails over, or starts again: what that changes is told.
void Servers::put_back(const Fault& fault) {
  if (recorder_.detailed()) recorder_.add({.at = world_.now(), .fact = Fact::failed_over});
  std::vector<RedisCell> before;
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    before.push_back(redis_.cell(Key(key), world_.now()));
  }
  const auto changed = fault.kind == FaultKind::failover ? copies_.fail_over() : copies_.restart();
  for (const Key key : changed) {
    note_difference(key, before[index_of(key)]);
    if (fault.kind == FaultKind::restart) follow(key);
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
  if (brings_back(fault.kind)) return 1;
  if (fault.kind == FaultKind::kill) {
    for (Connection i = 0; i < group_of_.size(); ++i) count += may_be_killed(i, fault) ? 1 : 0;
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
    for (Connection i = 0; i < group_of_.size(); ++i) {
      if (may_be_killed(i, fault) && before++ == victim) return kill(i);
    }
    return;
  }
  if (brings_back(fault.kind)) {
    if (victim == 0) put_back(fault);
    return;
  }
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    if (holds(Key(key), fault.thing) && before++ == victim) return drop(Key(key), fault.thing, Fact::evicted);
  }
}

Reply Servers::apply(const Request& request) {
  switch (request.command) {
    case Command::get:
      return get(request);
    case Command::set:
      return request.slot ? take(request) : set(request);
    case Command::del:
      return del(request);
    case Command::script:
      return script(request);
    case Command::select:
    case Command::update:
    case Command::commit:
    case Command::rollback:
      return statement(request);
  }
  return {};
}

Reply Servers::get(const Request& request) {
  const auto entry = redis_.get(request.key, world_.now());
  std::optional<Row> row;
  if (entry) row = entry->row;
  record(request, Fact::looked_up, row.value_or(Row{}));
  if (!row) recorder_.mark_last_missing();
  return {.row = row, .done = row.has_value()};
}

Reply Servers::set(const Request& request) {
  const auto entry = redis_.set(request.key, request.row, request.options, world_.now());
  if (entry) {
    record(request, Fact::cache_set, entry->row, entry->expires);
    watch(request.key, 0, entry->expires);
    follow(request.key);
  } else {
    record_detail(request, Fact::unchanged, std::nullopt);
  }
  return {.done = entry.has_value()};
}

Reply Servers::del(const Request& request) {
  redis_.del(request.key, world_.now());
  if (request.slot && redis_.slot(request.key, *request.slot, world_.now())) {
    redis_.erase_slot(request.key, *request.slot);
    note_slot(request, *request.slot);
  }
  record(request, Fact::cache_deleted, {});
  watch(request.key, 0, sim::time_never);
  follow(request.key);
  return {.done = true};
}

Reply Servers::take(const Request& request) {
  const bool is_free = !redis_.slot(request.key, *request.slot, world_.now());
  if (is_free) {
    redis_.set_slot(request.key, *request.slot, number_of(request.token), request.ttl, world_.now());
    note_slot(request, *request.slot);
    follow(request.key);
  }
  note_answer(request, {.done = is_free});
  return {.done = is_free};
}

Reply Servers::script(const Request& request) {
  ScriptEffects effects;
  const ScriptReply reply = redis_.eval(*request.script, request.key,
                                        {request.row, request.token, request.ttl}, world_.now(), effects);
  if (request.script->reads) {
    record(request, Fact::looked_up, reply.row.value_or(Row{}));
    if (!reply.row) recorder_.mark_last_missing();
  }
  note_effects(request, effects);
  if (effects.any()) follow(request.key);
  note_answer(request, reply);
  return {.row = reply.row, .done = reply.done, .busy = reply.busy};
}

void Servers::note_effects(const Request& request, const ScriptEffects& effects) {
  if (effects.value_set) {
    const auto entry = redis_.get(request.key, world_.now());
    record(request, Fact::cache_set, entry->row, entry->expires);
    watch(request.key, 0, entry->expires);
  }
  if (effects.value_erased) {
    record(request, Fact::cache_deleted, {});
    watch(request.key, 0, sim::time_never);
  }
  if (effects.value_retired) {
    record(request, Fact::cache_deleted, {});
    recorder_.last().retired = true;
  }
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    if (effects.slot_set[slot] || effects.slot_erased[slot]) note_slot(request, static_cast<Slot>(slot));
  }
}

void Servers::note_slot(const Request& request, Slot slot) {
  const auto held = redis_.slot(request.key, slot, world_.now());
  watch(request.key, 1 + index_of(slot), held ? held->expires : sim::time_never);
  if (!recorder_.detailed()) return;
  record(request, held ? Fact::slot_set : Fact::slot_erased, {}, held ? held->expires : sim::Time{});
  recorder_.last().slot = slot;
  recorder_.last().number = held ? held->number : 0;
}

void Servers::note_answer(const Request& request, const ScriptReply& reply) {
  if (!recorder_.detailed()) return;
  record(request, Fact::answered, reply.row.value_or(Row{}));
  Record& last = recorder_.last();
  last.missing = !reply.row;
  last.done = reply.done;
  last.busy = reply.busy;
  last.number = number_of(request.token);
  if (request.slot) last.slot = *request.slot;
}

// What a client asks MySQL for. A session whose client is gone ends with its last statement.
Reply Servers::statement(const Request& request) {
  const Caller caller{request.connection, request.client, request.operation, request.background};
  if (request.begins) mysql_.begin(caller);
  Reply reply;
  if (request.command == Command::select) reply = select(request);
  if (request.command == Command::update) reply = update(request);
  if (request.command == Command::commit) reply = commit(request);
  if (request.command == Command::rollback) {
    mysql_.rollback(caller);
    record_detail(request, Fact::answered, std::nullopt);
    reply.done = true;
  }
  if (world_.stopping()) return {};
  if (reply.error && recorder_.detailed()) {
    record(request, Fact::refused, {});
    recorder_.last().busy = true;  // by the database itself
  }
  if (request.ends_session) mysql_.disconnect(request.connection);
  return reply;
}

Reply Servers::select(const Request& request) {
  const Caller caller{request.connection, request.client, request.operation, request.background};
  std::optional<Row> row;
  if (request.from_replica) {
    row = mysql_.on_replica(request.replica, request.key);
  } else {
    row = mysql_.select(caller, request.key, request.lock);
  }
  if (!row) return {.error = true};
  const bool outdated = row->version < mysql_.newest(request.key).version;
  recorder_.add({.at = world_.now(),
                 .client = request.client,
                 .operation = request.operation,
                 .key = request.key,
                 .row = *row,
                 .replica = request.replica,
                 .fact = Fact::selected,
                 .command = Command::select,
                 .outdated = outdated,
                 .from_replica = request.from_replica,
                 .background = request.background,
                 .abandoned = request.abandoned,
                 .no_row = setup_.keys.is_absence(request.key, *row)});
  return {.row = row, .done = true, .outdated = outdated};
}

// By itself it is a transaction of one statement.
Reply Servers::update(const Request& request) {
  const Caller caller{request.connection, request.client, request.operation, request.background};
  const bool alone = !mysql_.in_transaction(request.connection);
  const bool in_steps = alone && setup_.mysql.semi_sync != SemiSync::off;
  if (in_steps) mysql_.begin(caller);
  const std::size_t before = mysql_.binlog().size();
  const auto row = mysql_.update(caller, request.key, request.row.value);
  if (!row) return {.error = true};
  if (in_steps) {
    if (!commit(request).done) return {.error = true};
  } else if (alone) {
    make_visible(request, before);
  } else {
    record_detail(request, Fact::answered, *row);
  }
  return {.row = row, .done = true};
}

Reply Servers::commit(const Request& request) {
  const Caller caller{request.connection, request.client, request.operation, request.background};
  const SemiSync semi_sync = setup_.mysql.semi_sync;
  const auto acknowledged = [&] {
    world_.wait(delay_of(world_, setup_.mysql.semi_sync_ack, acknowledgements_), sim::Part::step);
  };
  const bool waits = semi_sync != SemiSync::off && !mysql_.changes(request.connection).empty();
  const bool ahead = waits && semi_sync == SemiSync::after_sync;
  if (ahead) {
    if (follows_binlog_) {
      for (const BinlogEvent& change : mysql_.changes(request.connection)) queue_.publish(change);
    }
    record_detail(request, Fact::flushed, Row{});
    acknowledged();
    if (world_.stopping()) return {};
  }
  const std::size_t before = mysql_.binlog().size();
  if (!mysql_.commit(caller)) return {.error = true};
  make_visible(request, before, !ahead);
  if (waits && !ahead) {
    record_detail(request, Fact::flushed, Row{});
    acknowledged();
    if (world_.stopping()) return {};
  }
  record_detail(request, Fact::answered, Row{});
  if (recorder_.detailed()) recorder_.last().missing = mysql_.binlog().size() == before;
  return {.done = true};
}

// The commits from number `first` on: told, and sent to the queue.
void Servers::make_visible(const Request& request, std::size_t first, bool publish) {
  const auto& commits = mysql_.binlog();
  for (std::size_t i = first; i < commits.size(); ++i) {
    Request changed = request;
    changed.key = commits[i].key;
    record(changed, Fact::committed, commits[i].row);
    if (publish && follows_binlog_) queue_.publish(commits[i]);
  }
}

void Servers::record(const Request& request, Fact fact, Row row, sim::Time until) {
  recorder_.add({.at = world_.now(),
                 .until = until,
                 .client = request.client,
                 .operation = request.operation,
                 .key = request.key,
                 .row = row,
                 .for_write = request.for_write,
                 .fact = fact,
                 .command = request.command,
                 .origin = request.origin,
                 .outdated = request.source_outdated,
                 .background = request.background,
                 .abandoned = request.abandoned,
                 .no_row = setup_.keys.is_absence(request.key, row),
                 .script = request.script != nullptr ? request.script->number : std::uint8_t{0}});
}

void Servers::record_detail(const Request& request, Fact fact, std::optional<Row> row) {
  if (!recorder_.detailed()) return;
  record(request, fact, row.value_or(Row{}));
  if (!row) recorder_.mark_last_missing();
}

}  // namespace cacherace::models
