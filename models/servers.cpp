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

Caller caller_of(const Request& request) {
  return {request.connection, request.client, request.operation, request.background, request.transaction};
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
      outages_(world, setup),
      redis_(setup.redis, setup.keys),
      memory_(redis_, setup),
      copies_(
          world, redis_, setup, outages_,
          [](void* who, Key key) {
            auto& servers = *static_cast<Servers*>(who);
            if (servers.recorder_.detailed()) {
              servers.recorder_.add({.at = servers.world_.now(), .key = key, .fact = Fact::replicated});
            }
          },
          this),
      tracking_(world, recorder, setup, outages_),
      mysql_(world, recorder, setup.mysql, setup.keys, outages_),
      queue_(world, recorder, setup, outages_),
      faults_(world, setup.faults, setup.swarm),
      owners_(world, setup.keys.count),
      store_faults_(world, *this, setup),
      loads_(setup.keys.count) {}

Servers::~Servers() = default;

void Servers::begin_run(std::uint64_t seed, std::uint64_t run, const ServiceSetup& service) {
  tokens_ = 0;
  outages_.begin_run(seed, run);
  follows_binlog_ = service.consumers > 0 && service.follows_binlog;
  // A relay reads a table, and so what is visible; only the binlog itself can be ahead of that.
  reads_binlog_ = follows_binlog_ && !service.reads_outbox;
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
  memory_.begin_run(seed, run);
  tracking_.begin_run(seed, run);
  last_change_.assign(group_of_.size(), 0);
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

Connection Servers::connect(std::string_view group, std::uint32_t client) {
  group_of_.push_back(group);
  last_change_.push_back(0);
  return mysql_.connect(client);
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
    case Command::wait:
      return wait(request);
    case Command::select:
    case Command::update:
    case Command::commit:
    case Command::rollback:
      return statement(request);
  }
  return {};
}

Reply Servers::get(const Request& request) {
  const bool is_over = redis_.holds_expired(request.key, world_.now());
  const auto entry = redis_.get(request.key, world_.now());
  std::optional<Row> row;
  if (entry) row = entry->row;
  if (entry) memory_.use(request.key, 0, world_.now());
  record(request, Fact::looked_up, row.value_or(Row{}));
  if (is_over) tracking_.change(request.key);  // nobody had noticed so far
  if (request.tracked) tracking_.track(request.client, group_of_[request.connection], request.key);
  if (!row) recorder_.mark_last_missing();
  return {.row = row, .done = row.has_value()};
}

Reply Servers::set(const Request& request) {
  const bool is_new = memory_.is_limited() && !holds(request.key, 0);
  if (is_new && !make_room(true)) return refuse(request);
  const auto entry = redis_.set(request.key, request.row, request.options, world_.now());
  if (entry) {
    record(request, Fact::cache_set, entry->row, entry->expires);
    watch(request.key, 0, entry->expires);
    tracking_.change(request.key);
    follow(request.key, &request);
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
  tracking_.change(request.key);
  follow(request.key, &request);
  return {.done = true};
}

Reply Servers::take(const Request& request) {
  const bool is_free = !redis_.slot(request.key, *request.slot, world_.now());
  if (memory_.is_limited() && is_free && !make_room(true)) return refuse(request);
  if (is_free) {
    redis_.set_slot(request.key, *request.slot, number_of(request.token), request.ttl, world_.now());
    note_slot(request, *request.slot);
    follow(request.key, &request);
  }
  note_answer(request, {.done = is_free});
  return {.done = is_free};
}

Reply Servers::script(const Request& request) {
  const bool is_limited = memory_.is_limited();
  const RedisCell before = is_limited ? redis_.cell(request.key, world_.now()) : RedisCell{};
  ScriptEffects effects;
  const ScriptReply reply = redis_.eval(*request.script, request.key,
                                        {request.row, request.token, request.ttl}, world_.now(), effects);
  if (is_limited && !fits(request.key)) {
    redis_.put(request.key, before);
    memory_.look(request.key, world_.now());
    return refuse(request);
  }
  if (request.script->reads) {
    record(request, Fact::looked_up, reply.row.value_or(Row{}));
    if (!reply.row) recorder_.mark_last_missing();
  }
  note_effects(request, effects);
  if (effects.any()) follow(request.key, &request);
  if (is_limited) make_room(false);
  note_answer(request, reply);
  return {.row = reply.row, .done = reply.done, .busy = reply.busy};
}

// WAIT 1: until the replica has what this connection has changed, or the time is over.
Reply Servers::wait(const Request& request) {
  const sim::Tag tag = tag_of(Actor::patience, request.client, request.connection);
  const bool has_all =
      copies_.has_replica() && copies_.arrive(last_change_[request.connection], request.ttl, tag);
  if (world_.stopping()) return {};
  note_answer(request, {.done = has_all});
  return {.done = has_all};
}

Servers::Room Servers::look_for_room(bool is_new, Memory::Victim& victim) {
  while (is_new ? memory_.is_full() : memory_.is_over()) {
    const auto chosen = memory_.choose(world_.now());
    if (!chosen) return Room::none;
    if (chosen->is_over) continue;  // its time had ended before
    victim = *chosen;
    return Room::once_victim_goes;
  }
  return Room::there;
}

// Whether what a script has added to the key finds room, or something can go for it.
bool Servers::fits(Key key) {
  memory_.look(key, world_.now());
  Memory::Victim victim{};
  return look_for_room(false, victim) != Room::none;
}

// What can go goes (see Eviction), also of the key itself.
bool Servers::make_room(bool is_new) {
  Memory::Victim victim{};
  Room room = look_for_room(is_new, victim);
  for (; room == Room::once_victim_goes; room = look_for_room(is_new, victim)) {
    drop(victim.key, victim.thing, Fact::evicted);
  }
  return room == Room::there;
}

// Out of memory.
Reply Servers::refuse(const Request& request) {
  record_detail(request, Fact::refused, Row{});
  return {.error = true};
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
  if (effects.value_set || effects.value_erased || effects.value_retired) tracking_.change(request.key);
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

// Of the last statement of a session whose client is gone: its transaction has ended by now, or its
// connection serves another one.
bool Servers::comes_too_late(const Request& request) const {
  if (request.begins) return mysql_.in_transaction(request.connection);
  return mysql_.has_gone_on(caller_of(request));
}

// By the database itself.
Reply Servers::refuse_statement(const Request& request) {
  record_detail(request, Fact::refused, Row{});
  if (recorder_.detailed()) recorder_.last().busy = true;
  return {.error = true};
}

// What a client asks MySQL for. A session whose client is gone ends with its last statement.
Reply Servers::statement(const Request& request) {
  const Caller caller = caller_of(request);
  if (request.ends_session && comes_too_late(request)) return refuse_statement(request);
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
  if (reply.error) reply.still_open = mysql_.in_transaction(request.connection);
  if (reply.error) refuse_statement(request);
  if (request.ends_session) mysql_.disconnect(request.connection);
  return reply;
}

Reply Servers::select(const Request& request) {
  const Caller caller = caller_of(request);
  const bool from_replica = request.from_replica && mysql_.catches_up(caller, request.replica);
  if (world_.stopping()) return {};
  std::optional<Row> row;
  if (from_replica) {
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
                 .from_replica = from_replica,
                 .background = request.background,
                 .abandoned = request.abandoned,
                 .no_row = setup_.keys.is_absence(request.key, *row)});
  return {.row = row, .done = true, .outdated = outdated};
}

// By itself it is a transaction of one statement.
Reply Servers::update(const Request& request) {
  const Caller caller = caller_of(request);
  const bool alone = !mysql_.in_transaction(request.connection);
  const bool in_steps = alone && setup_.mysql.semi_sync != SemiSync::off;
  if (in_steps) mysql_.begin(caller);
  const auto row = mysql_.update(caller, request.key, request.row.value);
  if (!row) {
    if (in_steps) mysql_.rollback(caller);
    return {.error = true};
  }
  if (in_steps) {
    const Reply committed = commit(request);
    if (!committed.done) return committed;
  } else if (alone) {
    // Its own commit alone: others may have committed while it waited for the row.
    make_visible(request, mysql_.binlog().size() - 1);
  } else {
    record_detail(request, Fact::answered, *row);
  }
  return {.row = row, .done = true};
}

Reply Servers::commit(const Request& request) {
  const Caller caller = caller_of(request);
  const SemiSync semi_sync = setup_.mysql.semi_sync;
  const bool waits = semi_sync != SemiSync::off && !mysql_.changes(request.connection).empty();
  const bool ahead = waits && semi_sync == SemiSync::after_sync;
  const bool published = ahead && reads_binlog_;
  const std::uint32_t failovers = mysql_.failovers();
  const auto server_is_gone = [&] { return mysql_.failovers() > failovers; };
  if (ahead) {
    if (published) {
      for (const BinlogEvent& change : mysql_.changes(request.connection)) queue_.publish(change);
    }
    record_detail(request, Fact::flushed, Row{});
    await_acknowledgement();
    if (world_.stopping()) return {};
  }
  const std::size_t before = mysql_.binlog().size();
  if (!mysql_.commit(caller)) return {.error = true, .unknown = server_is_gone()};
  const std::size_t commits = mysql_.binlog().size();
  make_visible(request, before, !published);
  if (waits && !ahead) {
    record_detail(request, Fact::flushed, Row{});
    await_acknowledgement();
    if (world_.stopping()) return {};
    if (server_is_gone()) return {.error = true, .unknown = true};
  }
  if (waits) mysql_.secure(commits);
  record_detail(request, Fact::answered, Row{});
  if (recorder_.detailed()) recorder_.last().missing = mysql_.binlog().size() == before;
  return {.done = true};
}

// Of the replica that is the first to answer.
void Servers::await_acknowledgement() {
  sim::Delay delay = delay_of(world_, setup_.mysql.semi_sync_ack, acknowledgements_);
  if (outages_.any() && setup_.mysql.replicas > 0) {
    sim::Time first = sim::time_never;
    for (std::uint32_t replica = 0; replica < setup_.mysql.replicas; ++replica) {
      first = std::min(first, outages_.to_replica(replica, world_.now() + delay.least));
    }
    delay = first - world_.now();
  }
  world_.wait(delay, sim::Part::step);
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
