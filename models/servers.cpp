#include "models/servers.hpp"

#include "models/roles.hpp"

namespace cacherace::models {

class Servers::Expiry final : public sim::Wakeable {
 public:
  Expiry(Servers& servers, Key key)
      : Wakeable(
            [](Wakeable& self) {
              auto& expiry = static_cast<Expiry&>(self);
              expiry.servers_.expire(expiry.key_);
            },
            sim::Part::expiry, tag_of(Actor::entry, index_of(key))),
        servers_(servers),
        key_(key) {}

 private:
  Servers& servers_;
  Key key_;
};

Servers::Servers(sim::World& world, Recorder& recorder, const Setup& setup)
    : world_(world),
      recorder_(recorder),
      setup_(setup),
      redis_(setup.redis, setup.keys),
      mysql_(world, recorder, setup.mysql, setup.keys),
      queue_(world, recorder, setup.queue, setup.faults),
      faults_(world, setup.faults),
      loads_(setup.keys.count) {}

Servers::~Servers() = default;

void Servers::begin_run(std::uint64_t seed, std::uint64_t run, std::uint32_t consumers) {
  redis_.begin_run(seed, run);
  mysql_.begin_run(seed, run);
  queue_.begin_run(seed, run, consumers);
  if (faults_.any()) faults_.begin_run(seed, run);
  loads_.begin_run();
  if (!world_.is_chosen() || !setup_.keys.cached || !setup_.redis.ttl) return;
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    watch(Key(key), sim::time_zero + *setup_.redis.ttl);
  }
}

void Servers::watch(Key key, sim::Time expires) {
  if (!world_.is_chosen() || !world_.holds(sim::Part::expiry)) return;
  const std::size_t place = index_of(key);
  if (expiries_.size() <= place) expiries_.resize(place + 1);
  auto& expiry = expiries_[place];
  if (!expiry) expiry = std::make_unique<Expiry>(*this, key);
  world_.cancel(*expiry);
  if (expires == sim::time_never) return;
  world_.schedule(expires - world_.now(), *expiry);
  redis_.leave_expiry_to_event(key);
}

void Servers::expire(Key key) {
  redis_.del(key, world_.now());
  recorder_.add({.at = world_.now(), .key = key, .fact = Fact::expired});
}

Reply Servers::apply(const Request& request) {
  switch (request.command) {
    case Command::get:
      return get(request);
    case Command::set:
      return set(request);
    case Command::del:
      return del(request);
    case Command::script:
      return script(request);
    case Command::select:
      return select(request);
    case Command::update:
      return update(request);
    case Command::commit:
      break;  // no port sends it: an UPDATE commits by itself
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
    watch(request.key, entry->expires);
  } else {
    record_detail(request, Fact::unchanged, std::nullopt);
  }
  return {.done = entry.has_value()};
}

Reply Servers::del(const Request& request) {
  redis_.del(request.key, world_.now());
  record(request, Fact::cache_deleted, {});
  watch(request.key, sim::time_never);
  return {.done = true};
}

Reply Servers::script(const Request& request) {
  const auto before = redis_.get(request.key, world_.now());
  const bool done = redis_.eval(*request.script, request.key, request.row, world_.now());
  const auto after = redis_.get(request.key, world_.now());
  if (!after) {
    record(request, Fact::cache_deleted, {});
    watch(request.key, sim::time_never);
  } else if (!before || before->row != after->row) {
    record(request, Fact::cache_set, after->row, after->expires);
    watch(request.key, after->expires);
  } else {
    record_detail(request, Fact::unchanged, after->row);
  }
  return {.done = done};
}

Reply Servers::select(const Request& request) {
  const Row row =
      request.from_replica ? mysql_.on_replica(request.replica, request.key) : mysql_.newest(request.key);
  const bool outdated = row.version != mysql_.newest(request.key).version;
  recorder_.add({.at = world_.now(),
                 .client = request.client,
                 .operation = request.operation,
                 .key = request.key,
                 .row = row,
                 .replica = request.replica,
                 .fact = Fact::selected,
                 .command = Command::select,
                 .outdated = outdated,
                 .from_replica = request.from_replica,
                 .background = request.background,
                 .abandoned = request.abandoned,
                 .no_row = setup_.keys.is_absence(request.key, row)});
  return {.row = row, .done = true, .outdated = outdated};
}

Reply Servers::update(const Request& request) {
  const Row row = mysql_.update(request.key, request.row.value);
  record(request, Fact::committed, row);
  queue_.publish({request.key, row});
  return {.row = row, .done = true};
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
                 .no_row = setup_.keys.is_absence(request.key, row)});
}

void Servers::record_detail(const Request& request, Fact fact, std::optional<Row> row) {
  if (!recorder_.detailed()) return;
  record(request, fact, row.value_or(Row{}));
  if (!row) recorder_.mark_last_missing();
}

}  // namespace cacherace::models
