// What befalls a client and its commands: faults that strike at them, and networks that are cut.
#include <algorithm>

#include "models/client.hpp"
#include "models/commands.hpp"
#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {
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

// The same by time, where the network may be cut: what is on its way waits for the end of that, and the
// client not for ever. `refuses`: so does the server, once it is there.
Client::Answer Client::cross(const Request& request, const Way& way, bool refuses) {
  const Store store = is_redis(request.command) ? Store::redis : Store::mysql;
  const Outages& outages = servers_.outages();
  const sim::Time sent = servers_.world().now();
  const Arrival there = outages.between(group_, store, sent + way.to_effect.least);
  const bool takes_effect = !refuses && changes_something(request.command);
  if (there.fault != nullptr && there.at + way.back.least - sent > there.fault->after) {
    if (takes_effect) {
      abandon(request, there.at - sent);
    } else {
      depart(request);
      lose_session();
    }
    if (!pass(there.fault->after)) return {};
    return give_up(request, takes_effect);
  }
  depart(request);
  if (!pass(there.at - sent)) return {};
  const Reply reply = refuses ? Reply{} : servers_.apply(request);
  const sim::Time replied = servers_.world().now();
  const Arrival back = outages.between(group_, store, replied + way.back.least);
  const bool too_late = back.fault != nullptr && back.at - sent > back.fault->after;
  if (!pass((too_late ? std::max(sent + back.fault->after, replied) : back.at) - replied)) return {};
  if (!too_late) return refuses ? learn_refusal(request) : answer_of(request, reply);
  lose_session();
  return give_up(request, takes_effect);
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
  if (servers_.outages().any()) return cross(request, way, true);
  depart(request);
  if (!pass(way.to_effect, way_of(request.command))) return {};
  if (!pass(way.back, reply_of(request))) return {};
  return learn_refusal(request);
}

Client::Answer Client::learn_refusal(const Request& request) {
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

// Sends a command that takes effect `delay` later, or when the network is whole again, whatever its client
// does meanwhile.
void Client::abandon(Request request, sim::Delay delay) {
  if (servers_.outages().any()) {
    const Store store = is_redis(request.command) ? Store::redis : Store::mysql;
    const sim::Time now = servers_.world().now();
    delay = servers_.outages().between(group_, store, now + delay.least).at - now;
  }
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
    if (fact != Fact::slept && !servers_.recorder().detailed()) return;
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

void Client::note_failure(const Request& request, Fact why) {
  const bool in_transaction = request.command == Command::update && transaction_ != Transaction::none;
  if (fails_telling(request) && !in_transaction) note_always(request, Fact::command_failed);
  note(request, why);
}

}  // namespace cacherace::models
