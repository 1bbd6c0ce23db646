#include "models/client.hpp"

#include <algorithm>

#include "models/client_pin.hpp"
#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {
namespace {

bool is_redis(Command command) {
  return command == Command::get || command == Command::set || command == Command::del ||
         command == Command::script || command == Command::wait;
}

bool changes_something(Command command) {
  return command != Command::get && command != Command::select && command != Command::wait;
}

// Whether the value, or a commit, is not what it should be where the request fails. A SELECT that fails makes
// its read fail, which says all.
bool fails_telling(const Request& request) {
  switch (request.command) {
    case Command::select:
    case Command::rollback:
    case Command::wait:
      return false;
    case Command::set:
      return !request.slot;
    case Command::script:
      return request.script->touches_value;
    default:
      return true;
  }
}

}  // namespace

Client::Client(Servers& servers, std::uint32_t number, std::string_view group)
    : servers_(servers),
      number_(number),
      group_(group),
      session_(*this, *this, *this),
      life_(&own_life_),
      streams_(&own_streams_),
      connection_(servers.connect(group)) {}

Client::Client(Client& owner)
    : servers_(owner.servers_),
      number_(owner.number_),
      group_(owner.group_),
      owner_(&owner),
      session_(*this, *this, *this),
      life_(owner.life_),
      streams_(&owner.background_streams_),
      connection_(owner.servers_.connect(owner.group_)) {}

Client::~Client() = default;

void Client::begin_run(std::uint64_t seed, std::uint64_t run) {
  own_life_.crashed = false;
  own_life_.backgrounds = own_life_.late_commands = 0;
  own_life_.replica.reset();
  own_life_.fault_matches.assign(servers_.faults().size(), 0);
  for (const auto& pin : own_life_.pins) pin->begin_run();
  at_work_ = false;
  transaction_ = Transaction::none;
  for (const auto& helper : background_) helper->transaction_ = Transaction::none;
  load_.reset();
  const auto begin = [&](Streams& streams, std::uint32_t offset) {
    streams.redis_legs = {seed, run, purpose(number_, Role::redis_legs, offset)};
    streams.redis_service = {seed, run, purpose(number_, Role::redis_service, offset)};
    streams.mysql_legs = {seed, run, purpose(number_, Role::mysql_legs, offset)};
    streams.mysql_service = {seed, run, purpose(number_, Role::mysql_service, offset)};
    streams.replica_choice = {seed, run, purpose(number_, Role::replica_choice, offset)};
  };
  begin(own_streams_, 0);
  begin(background_streams_, static_cast<std::uint32_t>(Role::background));
}

void Client::occupy(const Occupation& occupation) {
  occupation_ = occupation;
  at_work_ = true;
  write_state_ = WriteState::not_sent;
  source_outdated_ = acknowledged_ = changed_ = false;
}

void Client::finish() {
  hang_up();
  at_work_ = false;
}

bool Client::pass(sim::Delay delay, sim::Part part) {
  servers_.world().wait(delay, part);
  if (life_->crashed) servers_.world().disregard_this_instant();
  return alive();
}

bool Client::alive() const {
  return !life_->crashed && !servers_.world().stopping();
}

// Before a command: whether there is anything left to do. Where orders are chosen, a command is issued as
// late as possible, together with its effect.
bool Client::ready() {
  sim::World& world = servers_.world();
  if (world.is_chosen() && alive()) world.wait({}, sim::Part::issue);
  return alive();
}

Request Client::request(Command command, Key key) const {
  Request request;
  request.command = command;
  request.key = key;
  request.client = number_;
  request.operation = occupation_.operation;
  request.for_write = occupation_.serves;
  request.origin = occupation_.origin;
  request.background = owner_ != nullptr;
  request.connection = connection_;
  return request;
}

std::uint32_t Client::choose_replica() {
  const MysqlSetup& mysql = servers_.setup().mysql;
  if (mysql.replicas == 1) return 0;
  if (mysql.replica_choice == ReplicaChoice::session && life_->replica) return *life_->replica;
  if (servers_.world().is_chosen()) {
    life_->replica = static_cast<std::uint32_t>(servers_.world().pick(mysql.replicas));
  } else {
    life_->replica = static_cast<std::uint32_t>(streams_->replica_choice.next_fraction() * mysql.replicas);
  }
  return *life_->replica;
}

Client::Way Client::draw_way(Command command) {
  const Setup& setup = servers_.setup();
  const bool redis = is_redis(command);
  const Legs& legs = redis ? setup.redis.legs : setup.mysql.legs;
  sim::Delay served = draw_service(command);
  if (command == Command::update && transaction_ == Transaction::none) {
    served += draw_service(Command::commit);  // it commits by itself
  }
  if (servers_.world().is_chosen()) return {support_of(legs.request) + served, support_of(legs.response)};
  sim::DrawPair draws{};
  if (!legs.request.is_constant() || !legs.response.is_constant()) {
    draws = (redis ? streams_->redis_legs : streams_->mysql_legs).next_pair();
  }
  return {legs.request.at(sim::fraction(draws.first)) + served,
          legs.response.at(sim::fraction(draws.second))};
}

sim::Delay Client::draw_service(Command command) {
  return delay_of(servers_.world(), servers_.setup().service[models::index_of(command)],
                  is_redis(command) ? streams_->redis_service : streams_->mysql_service);
}

Client::Answer Client::send(const Request& request) {
  const Way way = draw_way(request.command);
  if (!servers_.faults().any()) {
    const Answer answer = complete(request, way);
    end_load();
    return answer;
  }
  servers_.faults().meet(request.command, {number_, group_, life_->fault_matches}, met_);
  note_met(request);
  meet(Moment::before);
  if (!alive()) return {};
  const Answer answer = meet_fate(request, way);
  end_load();
  if (alive()) meet(Moment::after);
  return answer;
}

void Client::note_met(const Request& request) {
  if (!servers_.recorder().detailed()) return;
  for (const MetFault& met : met_) {
    servers_.recorder().add({.at = servers_.world().now(),
                             .client = number_,
                             .operation = request.operation,
                             .key = request.key,
                             .replica = request.replica,
                             .fact = met.strikes ? Fact::struck : Fact::spared,
                             .command = request.command,
                             .from_replica = request.from_replica,
                             .background = request.background,
                             .fault = met.place});
  }
}

// The pauses and crashes that strike before or after the command.
void Client::meet(Moment moment) {
  for (std::size_t i = 0; i < met_.size() && alive(); ++i) {
    const MetFault met = met_[i];
    if (!met.strikes || met.fault->moment != moment) continue;
    if (met.fault->kind == FaultKind::crash) crash(delay_at(servers_.world(), met.fault->length, met.draw));
    if (is_about_stores(met.fault->kind)) servers_.strike(*met.fault, occupation_.key, connection_);
    if (met.fault->kind == FaultKind::pause) {
      stand_still(delay_at(servers_.world(), met.fault->length, met.draw), Fact::paused);
    }
  }
}

// The first fault that decides what becomes of the command itself does so.
Client::Answer Client::meet_fate(const Request& request, const Way& way) {
  for (const MetFault& met : met_) {
    if (!met.strikes) continue;
    const Fault& fault = *met.fault;
    if (fault.kind == FaultKind::fail) return refused(request, way);
    if (fault.kind == FaultKind::timeout) return timed_out(request, way, fault, met.draw);
    if (fault.kind == FaultKind::crash && fault.moment == Moment::sent) {
      abandon(request, way.to_effect);
      if (!is_redis(request.command)) transaction_ = Transaction::none;  // ended with this statement
      crash(delay_at(servers_.world(), fault.length, met.draw));
      return {};
    }
  }
  return complete(request, way);
}

// Where orders are chosen, a command leaves together with its effect, unless faults count it: then one that
// leaves first may take effect last.
sim::Part Client::way_of(Command command) const {
  const bool counts = servers_.world().is_chosen() && servers_.faults().counts(command, group_);
  return counts ? sim::Part::uncounted : sim::Part::effect;
}

// A reply that Redis's news of the key may overtake is a step of its own.
sim::Part Client::reply_of(const Request& request) {
  return request.tracked ? sim::Part::uncounted : sim::Part::reply;
}

// Request leg and service, effect, response leg.
Client::Answer Client::complete(const Request& request, const Way& way) {
  if (servers_.outages().any()) return cross(request, way);
  depart(request);
  if (!pass(way.to_effect, way_of(request.command))) return {};
  const Reply reply = servers_.apply(request);
  if (!pass(way.back, reply_of(request))) return {};
  return answer_of(request, reply);
}

Client::Answer Client::answer_of(const Request& request, const Reply& reply) {
  note(request, Fact::replied);
  const bool refused = reply.error && is_redis(request.command);
  if (refused && fails_telling(request)) note_always(request, Fact::command_failed);
  return {.reply = reply, .acknowledged = !reply.error, .surely_not_done = reply.error && !reply.unknown};
}

// The same by time, where the network may be cut: what is on its way waits for the end of that, and the
// client not for ever.
Client::Answer Client::cross(const Request& request, const Way& way) {
  const Store store = is_redis(request.command) ? Store::redis : Store::mysql;
  const Outages& outages = servers_.outages();
  const sim::Time sent = servers_.world().now();
  const Arrival there = outages.between(group_, store, sent + way.to_effect.least);
  if (there.fault != nullptr && there.at + way.back.least - sent > there.fault->after) {
    if (changes_something(request.command)) {
      abandon(request, there.at - sent);
    } else {
      depart(request);
      lose_session();
    }
    if (!pass(there.fault->after)) return {};
    return give_up(request, changes_something(request.command));
  }
  depart(request);
  if (!pass(there.at - sent)) return {};
  const Reply reply = servers_.apply(request);
  const sim::Time replied = servers_.world().now();
  const Arrival back = outages.between(group_, store, replied + way.back.least);
  const bool too_late = back.fault != nullptr && back.at - sent > back.fault->after;
  if (!pass((too_late ? std::max(sent + back.fault->after, replied) : back.at) - replied)) return {};
  if (!too_late) return answer_of(request, reply);
  lose_session();
  return give_up(request, changes_something(request.command));
}

// What is open on its connection to MySQL is undone.
void Client::lose_session() {
  if (transaction_ != Transaction::open) return;
  servers_.disconnect(connection_);
  transaction_ = Transaction::gone;
}

// The client waits no longer, and does not know what became of the command.
Client::Answer Client::give_up(const Request& request, bool takes_effect) {
  if (takes_effect && is_redis(request.command)) {
    note(request, Fact::timed_out);
  } else {
    note_failure(request, Fact::timed_out);
  }
  return {};
}

// The server says no.
Client::Answer Client::refused(const Request& request, const Way& way) {
  depart(request);
  if (!pass(way.to_effect, way_of(request.command))) return {};
  if (!pass(way.back, sim::Part::reply)) return {};
  note_failure(request, Fact::refused);
  return {.surely_not_done = true};
}

// The client gives up; what it sent may still take effect, before or after that. A command that only looks is
// then nobody's business any more.
Client::Answer Client::timed_out(const Request& request, const Way& way, const Fault& fault, double draw) {
  const bool takes_effect = fault.takes_effect && changes_something(request.command);
  if (takes_effect) {
    abandon(request, way.to_effect + delay_at(servers_.world(), fault.delay, draw));
  } else {
    depart(request);
    lose_session();
  }
  if (!pass(fault.after, sim::Part::uncounted)) return {};
  return give_up(request, takes_effect);
}

void Client::depart(const Request& request) {
  const bool commits = request.command == Command::update ? transaction_ == Transaction::none
                                                          : request.command == Command::commit && changed_;
  if (commits) write_state_ = WriteState::unknown;
  if (request.command == Command::select) {
    load_ = request.key;
    servers_.loads().begin(request.key);
  }
  note(request, Fact::issued);
}

// The SELECT under way, where there is one: its reply is there, or nobody waits for it any more.
void Client::end_load() {
  if (load_) servers_.loads().end(*load_);
  load_.reset();
}

// Sends a command that takes effect `delay` later, whatever its client does meanwhile.
void Client::abandon(Request request, sim::Delay delay) {
  request.abandoned = true;
  request.ends_session = !is_redis(request.command) && transaction_ != Transaction::none;
  depart(request);
  Servers& servers = servers_;
  const auto arrive = [&servers, request] {
    if (!servers.world().stopping()) servers.apply(request);
  };
  // It was counted as it left.
  servers_.world().spawn(delay, arrive, sim::Part::uncounted,
                         tag_of(Actor::late_command, number_, life_->late_commands++));
}

void Client::stand_still(sim::Delay delay, Fact why) {
  const auto tell = [&](Fact fact) {
    if (!servers_.recorder().detailed()) return;
    servers_.recorder().add({.at = servers_.world().now(),
                             .until = servers_.world().now() + delay.least,
                             .client = number_,
                             .operation = occupation_.operation,
                             .fact = fact,
                             .background = owner_ != nullptr});
  };
  tell(why);
  if (pass(delay, sim::Part::sleep)) tell(Fact::woke);
}

// All that the client was at dies with it: its operation, and what goes on in the background of earlier ones.
void Client::crash(sim::Delay down_for) {
  life_->crashed = true;
  life_->down_for = down_for;
  Client& whole = owner_ == nullptr ? *this : *owner_;
  whole.note_crash();
  for (const auto& helper : whole.background_) helper->note_crash();
}

void Client::revive() {
  life_->crashed = false;
  if (!life_->down_for.is_zero()) stand_still(life_->down_for, Fact::paused);
}

void Client::note_crash() {
  hang_up();
  servers_.owners().leave(connection_);
  if (at_work_) note_always(request(Command::get, occupation_.key), Fact::crashed);
  end_load();
}

void Client::note(const Request& request, Fact fact) {
  if (servers_.recorder().detailed()) note_always(request, fact);
}

void Client::note_always(const Request& request, Fact fact) {
  servers_.recorder().add({.at = servers_.world().now(),
                           .client = number_,
                           .operation = request.operation,
                           .key = request.key,
                           .row = request.row,
                           .for_write = request.for_write,
                           .replica = request.replica,
                           .fact = fact,
                           .command = request.command,
                           .origin = request.origin,
                           .from_replica = request.from_replica,
                           .background = owner_ != nullptr,
                           .abandoned = request.abandoned,
                           .script = request.script != nullptr ? request.script->number : std::uint8_t{0},
                           .number = number_of(request.token)});
}

void Client::note_failure(const Request& request, Fact why) {
  const bool in_transaction = request.command == Command::update && transaction_ != Transaction::none;
  if (fails_telling(request) && !in_transaction) note_always(request, Fact::command_failed);
  note(request, why);
}

}  // namespace cacherace::models
