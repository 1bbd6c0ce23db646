#include "scenarios/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/client.hpp"
#include "models/delays.hpp"
#include "models/roles.hpp"
#include "models/servers.hpp"
#include "scenarios/flights.hpp"

namespace cacherace::scenarios {
namespace {

using models::Client;
using models::ClientGroup;
using models::Fact;
using models::OperationKind;
using models::Role;

// Draws keys by popularity.
class KeyChooser {
 public:
  explicit KeyChooser(const models::KeysSetup& keys) : count_(keys.count) {
    if (keys.zipf == 0.0 || keys.count == 1) return;
    double sum = 0.0;
    for (std::uint32_t key = 0; key < keys.count; ++key) {
      sum += std::pow(static_cast<double>(key) + 1.0, -keys.zipf);
      cumulative_.push_back(sum);
    }
  }

  [[nodiscard]] bool needs_draw() const { return count_ > 1; }

  [[nodiscard]] models::Key at(double fraction) const {
    std::size_t chosen = 0;
    if (cumulative_.empty()) {
      chosen = static_cast<std::size_t>(fraction * count_);
    } else {
      const auto found = std::ranges::upper_bound(cumulative_, fraction * cumulative_.back());
      chosen = static_cast<std::size_t>(found - cumulative_.begin());
    }
    return models::Key(static_cast<std::uint32_t>(std::min<std::size_t>(chosen, count_ - 1)));
  }

 private:
  std::uint32_t count_;
  std::vector<double> cumulative_;
};

}  // namespace

class Simulation::Parts {
 public:
  Parts(const Scenario& scenario, const StrategyChoice& choice)
      : scenario_(scenario),
        strategy_(choice.info->make(choice.parameters)),
        keys_(scenario.setup.keys),
        servers_(world_, recorder_, scenario.setup),
        jittered_(scenario.setup.redis.ttl && scenario.setup.redis.ttl_jitter > sim::Duration{0}) {
    for (const ClientGroup& group : scenario.setup.clients) {
      Flights* flights = nullptr;
      if (group.coalesce) {
        flights_.push_back(std::make_unique<Flights>(world_, scenario.setup.keys.count));
        flights = flights_.back().get();
      }
      for (std::uint32_t i = 0; i < group.count; ++i) add_client(group.name, &group, flights);
    }
    actors_ = clients_.size();
    for (std::uint32_t i = 0; i < strategy_->service().consumers; ++i) {
      add_client(models::consumer_name, nullptr, nullptr);
    }
    servers_.queue().on_arrival([this](std::uint32_t consumer) {
      world_.spawn(
          {}, [this, consumer] { consume(consumer); }, sim::Part::rest,
          tag_of(models::Actor::client, static_cast<std::uint32_t>(actors_) + consumer));
    });
  }

  sim::RunEnd run(std::uint64_t run, bool detailed) {
    recorder_.begin(detailed);
    servers_.begin_run(scenario_.seed, run, strategy_->service());
    writes_ = 0;
    operations_ = 0;
    for (Member& member : clients_) {
      member.client->begin_run(scenario_.seed, run);
      member.announcer->begin_run();
    }
    for (std::size_t i = 0; i < actors_; ++i) start(clients_[i], run);
    const models::Limits& limits = scenario_.setup.limits;
    return world_.run({sim::time_zero + limits.time, limits.events});
  }

  void choose_by(sim::Chooser* chooser) { world_.use(chooser); }
  [[nodiscard]] const models::Recorder& recorder() const { return recorder_; }
  [[nodiscard]] std::uint32_t concurrent_loads() { return servers_.loads().most(); }

  [[nodiscard]] std::string client_name(std::uint32_t number) const {
    const Member& member = clients_[number];
    std::uint32_t first = number;
    while (first > 0 && clients_[first - 1].name == member.name) --first;
    const bool alone =
        (number + 1 == clients_.size() || clients_[number + 1].name != member.name) && first == number;
    std::string name(member.name);
    return alone ? name : name + "#" + std::to_string(number - first + 1);
  }

 private:
  class Announcer;
  struct Member {
    std::string_view name;
    const ClientGroup* group;  // null: a consumer
    Flights* flights;          // of its process; null: it reads alone
    std::unique_ptr<Client> client;
    std::unique_ptr<Announcer> announcer;
    sim::Stream think, operation, key;
  };

  // Lets others see the returns of one client.
  class Announcer final : public sim::Wakeable {
   public:
    Announcer(Parts& parts, std::uint32_t client)
        : Wakeable([](Wakeable& self) { static_cast<Announcer&>(self).announce_next(); }, sim::Part::closing,
                   tag_of(models::Actor::announcement, client)),
          parts_(parts),
          client_(client) {}

    void begin_run() {
      operations_.clear();
      announced_ = 0;
    }
    void announce(std::uint32_t operation) {
      operations_.push_back(operation);
      parts_.world_.schedule(sim::Duration{1}, *this);
    }

   private:
    void announce_next() { parts_.note_announced(parts_.clients_[client_], operations_[announced_++]); }

    Parts& parts_;
    std::uint32_t client_;
    std::vector<std::uint32_t> operations_;
    std::size_t announced_ = 0;
  };

  void add_client(std::string_view name, const ClientGroup* group, Flights* flights) {
    const auto number = static_cast<std::uint32_t>(clients_.size());
    clients_.push_back({name,
                        group,
                        flights,
                        std::make_unique<Client>(servers_, number, name),
                        std::make_unique<Announcer>(*this, number),
                        {},
                        {},
                        {}});
  }

  void start(Member& member, std::uint64_t run) {
    const std::uint32_t number = member.client->number();
    const auto stream = [&](Role role) {
      return sim::Stream(scenario_.seed, run, models::purpose(number, role));
    };
    member.think = stream(Role::think);
    member.operation = stream(Role::operation);
    member.key = stream(Role::key);
    const sim::Latency& start = member.group->start;
    sim::Stream starts = stream(Role::start);
    world_.spawn(
        models::delay_of(world_, start, starts), [this, &member] { live(member); }, sim::Part::opening,
        tag_of(models::Actor::client, number));
  }

  // A client's whole run.
  void live(Member& member) {
    const ClientGroup& group = *member.group;
    const std::uint64_t count = operations_of(group);
    for (std::uint64_t i = 0; i < count && member.client->alive(); ++i) {
      if (i > 0) think(member);
      operate(member, plan(member, i), i + 1 == count);
    }
  }

  models::PlannedOperation plan(Member& member, std::uint64_t i) {
    const ClientGroup& group = *member.group;
    if (!group.plan.empty()) return group.plan[i % group.plan.size()];
    const bool reads = member.operation.next_fraction() < group.read_share;
    return {reads ? OperationKind::read : OperationKind::write, std::nullopt};
  }

  void think(Member& member) {
    const sim::Latency& think = member.group->think;
    const sim::Delay pause = models::delay_of(world_, think, member.think);
    if (!pause.is_zero() || world_.is_chosen()) member.client->pass(pause, sim::Part::opening);
  }

  void operate(Member& member, const models::PlannedOperation& planned, bool is_last) {
    Client& client = *member.client;
    if (!client.alive()) return;
    const models::Key key = planned.key ? models::Key(*planned.key) : choose_key(member);
    const std::uint32_t operation = operations_++;
    if (planned.kind == OperationKind::read) {
      read(member, key, operation, is_last);
    } else {
      write(member, key, operation, is_last);
    }
  }

  // Where orders are chosen and somebody looks, a return is an event, and others see it from the next instant
  // on (announcement). What a client's last operation does and what is seen of it need no telling apart.
  void come_back(const Client& client, bool is_last) {
    if (!world_.is_chosen() || !client.alive() || !world_.holds(sim::Part::closing)) return;
    if (is_last) {
      world_.wait(sim::Duration{1}, sim::Part::closing);
    } else {
      world_.settle();
    }
  }

  void announce(Member& member, std::uint32_t operation, bool is_last) {
    if (!world_.is_chosen() || !world_.holds(sim::Part::closing)) return;
    if (is_last) {
      note_announced(member, operation);
    } else {
      member.announcer->announce(operation);
    }
  }

  void note_announced(const Member& member, std::uint32_t operation) {
    note(*member.client, operation, models::Key(0), OperationKind::read, Fact::announced, {});
  }

  models::Key choose_key(Member& member) {
    if (!keys_.needs_draw()) return models::Key(0);
    if (!world_.is_chosen()) return keys_.at(member.key.next_fraction());
    return models::Key(static_cast<std::uint32_t>(world_.pick(scenario_.setup.keys.count)));
  }

  void read(Member& member, models::Key key, std::uint32_t operation, bool is_last) {
    Client& client = *member.client;
    client.occupy({OperationKind::read, models::Origin::fill, operation, models::WriteId(0), key});
    note(client, operation, key, OperationKind::read, Fact::invoked, {});
    const auto row = member.flights == nullptr ? strategy_->read(client.session(), key)
                                               : read_together(member, operation, key);
    client.finish();
    come_back(client, is_last);
    const Fact outcome = !client.alive() ? Fact::unknown : row ? Fact::returned : Fact::failed;
    note(client, operation, key, OperationKind::read, outcome, row.value_or(models::Row{}));
    if (outcome == Fact::returned) announce(member, operation, is_last);
  }

  // Joins the read of the key that its process has under way, where there is one. Where that comes to nothing
  // (it failed, or its client crashed) it reads alone.
  std::optional<models::Row> read_together(Member& member, std::uint32_t operation, models::Key key) {
    Client& client = *member.client;
    if (!member.flights->is_open(key)) {
      member.flights->open(key);
      const auto row = strategy_->read(client.session(), key);
      member.flights->land(key, client.alive() ? row : std::nullopt);
      return row;
    }
    if (recorder_.detailed()) note(client, operation, key, OperationKind::read, Fact::joined, {});
    if (const auto row = member.flights->join(key)) return row;
    if (client.crashed()) world_.disregard_this_instant();
    return strategy_->read(client.session(), key);
  }

  void write(Member& member, models::Key key, std::uint32_t operation, bool is_last) {
    Client& client = *member.client;
    const models::WriteId id{++writes_};
    client.occupy({OperationKind::write, models::Origin::write, operation, id, key});
    note(client, operation, key, OperationKind::write, Fact::invoked, {.value = id});
    strategy_->write(client.session(), key, id);
    client.finish();
    come_back(client, is_last);
    const Fact outcome = outcome_of_write(client);
    note(client, operation, key, OperationKind::write, outcome, {.value = id});
    if (outcome == Fact::returned) announce(member, operation, is_last);
  }

  // Ok once the COMMIT was acknowledged and the strategy has returned: not after a crash, or where a limit
  // ended the run. Failed when surely nothing was done.
  static Fact outcome_of_write(const Client& client) {
    if (client.acknowledged() && client.alive()) return Fact::returned;
    switch (client.write_state()) {
      case models::WriteState::not_sent:
      case models::WriteState::failed:
        return Fact::failed;
      case models::WriteState::unknown:
        return Fact::unknown;
      case models::WriteState::committed:
        break;
    }
    return client.alive() ? Fact::returned : Fact::unknown;
  }

  void consume(std::uint32_t consumer) {
    Client& client = *clients_[actors_ + consumer].client;
    while (const auto event = servers_.queue().take(consumer)) {
      client.occupy({OperationKind::write, models::Origin::consumer, 0, event->row.value, event->key});
      note_event(client, *event, Fact::taken);
      strategy_->consume(client.session(), *event);
      world_.settle();  // it takes the next one when the reply is there
      if (client.crashed() && !world_.stopping()) {
        take_over(consumer, client);
        continue;
      }
      if (!client.alive()) return;
      note_event(client, *event, Fact::dealt_with);
    }
  }

  // Another consumer in the place of one that crashed.
  void take_over(std::uint32_t consumer, Client& client) {
    servers_.queue().rewind(consumer);
    note_event(client, {}, Fact::revived);
    client.revive();
  }

  void note_event(const Client& client, const models::BinlogEvent& event, Fact fact) {
    if (recorder_.detailed()) note(client, 0, event.key, OperationKind::write, fact, event.row);
  }

  void note(const Client& client, std::uint32_t operation, models::Key key, OperationKind kind, Fact fact,
            models::Row row) {
    if (world_.hangs()) return;  // it never came to this
    const bool says_expiry = jittered_ && fact == Fact::invoked;
    recorder_.add({.at = world_.now(),
                   .until = says_expiry ? servers_.initial_expiry(key) : sim::Time{},
                   .client = client.number(),
                   .operation = operation,
                   .key = key,
                   .row = row,
                   .fact = fact,
                   .kind = kind,
                   .no_row = fact == Fact::returned && scenario_.setup.keys.is_absence(key, row)});
  }

  const Scenario& scenario_;
  std::unique_ptr<strategies::Strategy> strategy_;
  KeyChooser keys_;
  sim::World world_;
  models::Recorder recorder_;
  models::Servers servers_;
  bool jittered_;                                  // entries' TTLs
  std::vector<std::unique_ptr<Flights>> flights_;  // of each process that coalesces
  std::vector<Member> clients_;                    // the scenario's, then the consumers
  std::size_t actors_ = 0;                         // how many are the scenario's
  std::uint32_t writes_ = 0;
  std::uint32_t operations_ = 0;
};

std::uint64_t operations_of(const models::ClientGroup& group) {
  return group.plan.empty() ? group.operations : group.repeat * group.plan.size();
}

Simulation::Simulation(const Scenario& scenario, const StrategyChoice& strategy)
    : parts_(std::make_unique<Parts>(scenario, strategy)) {}

Simulation::~Simulation() = default;

sim::RunEnd Simulation::run(std::uint64_t run, bool detailed) {
  return parts_->run(run, detailed);
}

std::uint32_t Simulation::concurrent_loads() const {
  return parts_->concurrent_loads();
}

void Simulation::choose_by(sim::Chooser* chooser) {
  parts_->choose_by(chooser);
}

const std::vector<models::Record>& Simulation::records() const {
  return parts_->recorder().records();
}

std::string Simulation::client_name(std::uint32_t number) const {
  return parts_->client_name(number);
}

}  // namespace cacherace::scenarios
