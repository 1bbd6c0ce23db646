// An independent simulation of a few strategies on one key: no fibers, no models, no strategies' code; each
// client is a list of steps, and the next step is the one with the least (time, order) in a plain search. It
// draws the same random numbers, so it must come to the same values, run by run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/roles.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"

namespace cacherace::scenarios {

struct TwinOutcome {
  std::optional<std::uint32_t> cached;  // the write id in the cache at the end
  std::uint32_t newest = 0;             // the write id on the primary
  std::vector<std::uint32_t> reads;     // what each read returned, in order of return
  std::int64_t end_ns = 0;
  friend bool operator==(const TwinOutcome&, const TwinOutcome&) = default;
};

class CallbackTwin {
 public:
  // `write` is the write's program: letters D (DEL), U (UPDATE), S (SET to the new value), W (sleep).
  CallbackTwin(const models::Setup& setup, std::uint64_t seed, std::string write, std::int64_t sleep_ns)
      : setup_(setup), seed_(seed), write_(std::move(write)), sleep_ns_(sleep_ns) {}

  TwinOutcome run(std::uint64_t number) {
    outcome_ = {};
    if (setup_.keys.cached) outcome_.cached = 0;
    writes_ = 0;
    steps_.clear();
    clients_.clear();
    order_ = 0;
    now_ = 0;
    for (const models::ClientGroup& group : setup_.clients) {
      for (std::uint32_t i = 0; i < group.count; ++i) {
        const auto who = static_cast<std::uint32_t>(clients_.size());
        clients_.push_back({group.plan[0].kind == models::OperationKind::write, number});
        const double start = fraction(who, models::Role::start, 0, number).first;
        at(who, sim::nanos(group.start.at(start)), "invoke");
      }
    }
    while (!steps_.empty()) {
      std::size_t least = 0;
      for (std::size_t i = 1; i < steps_.size(); ++i) {
        if (std::pair(steps_[i].time, steps_[i].order) < std::pair(steps_[least].time, steps_[least].order))
          least = i;
      }
      const Step step = steps_[least];
      steps_.erase(steps_.begin() + static_cast<std::ptrdiff_t>(least));
      now_ = step.time;
      take(step);
    }
    outcome_.end_ns = now_;
    return outcome_;
  }

 private:
  struct Step {
    std::int64_t time;
    std::uint64_t order;
    std::uint32_t who;
    std::string what;
  };
  struct Client {
    bool writes;
    std::uint64_t run;
    std::size_t place = 0;    // in the write's program
    std::uint32_t id = 0;     // of its write
    std::uint32_t redis = 0;  // commands so far
    std::uint32_t mysql = 0;
    std::int64_t back = 0;    // response leg of the command under way
    std::uint32_t value = 0;  // read so far
  };

  std::pair<double, double> fraction(std::uint32_t who, models::Role role, std::uint32_t index,
                                     std::uint64_t run) {
    const auto draws = sim::draw_pair(seed_, run, models::purpose(who, role), index);
    return {sim::fraction(draws.first), sim::fraction(draws.second)};
  }

  void at(std::uint32_t who, std::int64_t time, std::string what) {
    steps_.push_back({time, order_++, who, std::move(what)});
  }

  // Sends a command; `effect` names its effect.
  void send(std::uint32_t who, bool redis, const std::string& effect) {
    Client& client = clients_[who];
    const models::Legs& legs = redis ? setup_.redis.legs : setup_.mysql.legs;
    const auto role = redis ? models::Role::redis_legs : models::Role::mysql_legs;
    const auto draws = fraction(who, role, redis ? client.redis++ : client.mysql++, client.run);
    client.back = sim::nanos(legs.response.at(draws.second));
    at(who, now_ + sim::nanos(legs.request.at(draws.first)), effect);
  }

  void reply(std::uint32_t who, const std::string& what) { at(who, now_ + clients_[who].back, what); }

  void next_of_write(std::uint32_t who) {
    Client& client = clients_[who];
    if (client.place == write_.size()) return;
    switch (write_[client.place++]) {
      case 'D':
        send(who, true, "del");
        break;
      case 'S':
        send(who, true, "set new");
        break;
      case 'U':
        send(who, false, "update");
        break;
      default:
        at(who, now_ + sleep_ns_, "next");
    }
  }

  void take(const Step& step) {
    const std::uint32_t who = step.who;
    Client& client = clients_[who];
    if (step.what == "invoke" && client.writes) {
      client.id = ++writes_;
      next_of_write(who);
    } else if (step.what == "invoke") {
      send(who, true, "get");
    } else if (step.what == "next") {
      next_of_write(who);
    } else if (step.what == "del") {
      outcome_.cached.reset();
      reply(who, "next");
    } else if (step.what == "set new") {
      outcome_.cached = client.id;
      reply(who, "next");
    } else if (step.what == "update") {
      outcome_.newest = client.id;
      reply(who, "next");
    } else if (step.what == "get") {
      client.value = outcome_.cached.value_or(0);
      reply(who, outcome_.cached ? "return" : "missed");
    } else if (step.what == "missed") {
      send(who, false, "select");
    } else if (step.what == "select") {
      client.value = outcome_.newest;
      reply(who, "selected");
    } else if (step.what == "selected") {
      send(who, true, "fill");
    } else if (step.what == "fill") {
      outcome_.cached = client.value;
      reply(who, "return");
    } else {
      outcome_.reads.push_back(client.value);
    }
  }

  const models::Setup& setup_;
  std::uint64_t seed_;
  std::string write_;
  std::int64_t sleep_ns_;
  TwinOutcome outcome_;
  std::vector<Client> clients_;
  std::vector<Step> steps_;
  std::uint64_t order_ = 0;
  std::uint32_t writes_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace cacherace::scenarios
