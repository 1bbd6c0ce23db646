#include "models/client.hpp"

#include <algorithm>

#include "models/client_pin.hpp"
#include "models/commands.hpp"
#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {
Client::Client(Servers& servers, std::uint32_t number, std::string_view group)
    : servers_(servers),
      number_(number),
      group_(group),
      session_(*this, *this, *this),
      life_(&own_life_),
      streams_(&own_streams_),
      connection_(servers.connect(group, number)) {}

Client::Client(Client& owner)
    : servers_(owner.servers_),
      number_(owner.number_),
      group_(owner.group_),
      owner_(&owner),
      session_(*this, *this, *this),
      life_(owner.life_),
      streams_(&owner.background_streams_),
      connection_(owner.servers_.connect(owner.group_, owner.number_)) {}

Client::~Client() = default;

void Client::begin_run(std::uint64_t seed, std::uint64_t run) {
  own_life_.crashed = false;
  own_life_.backgrounds = own_life_.late_commands = 0;
  own_life_.replica.reset();
  own_life_.fault_matches.assign(servers_.faults().size(), 0);
  for (const auto& pin : own_life_.pins) pin->begin_run();
  at_work_ = false;
  transaction_ = Transaction::none;
  // The first work in the background has the first helper, whatever earlier runs had.
  background_idle_.clear();
  for (auto helper = background_.rbegin(); helper != background_.rend(); ++helper) {
    (*helper)->transaction_ = Transaction::none;
    background_idle_.push_back(helper->get());
  }
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
  request.transaction = transactions_;
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
    draws = (redis ? streams_->redis_legs : streams_->mysql_legs).next_pair(draw_use(command));
  }
  return {legs.request.at(sim::fraction(draws.first)) + served,
          legs.response.at(sim::fraction(draws.second))};
}

sim::Delay Client::draw_service(Command command) {
  return delay_of(servers_.world(), servers_.setup().service[models::index_of(command)],
                  is_redis(command) ? streams_->redis_service : streams_->mysql_service, draw_use(command));
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

// Where orders are chosen, a command leaves together with its effect, unless faults count it: then one that
// leaves first may take effect last; or unless others may see what befell a store before it.
sim::Part Client::way_of(Command command) const {
  if (!servers_.world().is_chosen()) return sim::Part::effect;
  const bool apart = servers_.faults().counts(command, group_) || strikes_a_store(Moment::before);
  return apart ? sim::Part::uncounted : sim::Part::effect;
}

// A reply is a step of its own where Redis's news of the key may overtake it, or something befalls a store
// once it is there.
sim::Part Client::reply_of(const Request& request) const {
  if (request.tracked) return sim::Part::uncounted;
  if (!servers_.world().is_chosen()) return sim::Part::reply;
  return strikes_a_store(Moment::after) ? sim::Part::uncounted : sim::Part::reply;
}

bool Client::strikes_a_store(Moment moment) const {
  return std::ranges::any_of(met_, [moment](const MetFault& met) {
    return met.strikes && met.fault->moment == moment && is_about_stores(met.fault->kind);
  });
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

}  // namespace cacherace::models
