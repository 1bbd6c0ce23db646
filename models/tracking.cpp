#include "models/tracking.hpp"

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// What Redis and one client know of each other.
class Tracking::Client final : public sim::Wakeable {
 public:
  struct Key {
    std::optional<Row> copy;
    bool expected = false;  // a copy is to come, and no change has been told since
    bool tracked = false;   // at Redis
  };

  Client(Tracking& tracking, std::uint32_t number)
      : Wakeable([](Wakeable& self) { static_cast<Client&>(self).learn(); }, sim::Part::uncounted,
                 tag_of(Actor::invalidation, number)),
        tracking_(tracking),
        number_(number),
        keys_(tracking.setup_.keys.count, Key{}) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    keys_.begin_run();
    told_.clear();
    learnt_ = 0;
    legs_ = {seed, run, purpose(number_, Role::invalidation)};
    tracking_.world_.begin_following(*this);
  }

  std::string_view group;

  Key& of(models::Key key) { return keys_[index_of(key)]; }

  void send(models::Key key) {
    told_.push_back(key);
    sim::Delay leg = delay_of(tracking_.world_, tracking_.setup_.redis.legs.response, legs_);
    const sim::Time now = tracking_.world_.now();
    if (tracking_.outages_.any()) {
      leg = tracking_.outages_.between(group, Store::redis, now + leg.least).at - now;
    }
    tracking_.world_.follow(leg, *this);
  }

 private:
  void learn() {
    const models::Key key = told_[learnt_++];
    of(key).copy.reset();
    of(key).expected = false;
    tracking_.tell(number_, key, Fact::invalidated);
  }

  Tracking& tracking_;
  std::uint32_t number_;
  PerRun<Key> keys_;
  sim::Stream legs_;
  std::vector<models::Key> told_;  // in order; the first `learnt_` have arrived
  std::size_t learnt_ = 0;
};

Tracking::Tracking(sim::World& world, Recorder& recorder, const Setup& setup, const Outages& outages)
    : world_(world), recorder_(recorder), setup_(setup), outages_(outages) {}

Tracking::~Tracking() = default;

void Tracking::begin_run(std::uint64_t seed, std::uint64_t run) {
  seed_ = seed;
  run_ = run;
  any_ = false;
  for (const auto& one : clients_) {
    if (one) one->begin_run(seed, run);
  }
}

Tracking::Client& Tracking::client(std::uint32_t number) {
  if (clients_.size() <= number) clients_.resize(number + 1);
  auto& one = clients_[number];
  if (!one) {
    one = std::make_unique<Client>(*this, number);
    one->begin_run(seed_, run_);
  }
  return *one;
}

void Tracking::track(std::uint32_t number, std::string_view group, Key key) {
  any_ = true;
  client(number).group = group;
  client(number).of(key).tracked = true;
  tell(number, key, Fact::tracked);
}

void Tracking::change(Key key) {
  if (!any_) return;
  for (std::uint32_t number = 0; number < clients_.size(); ++number) {
    if (!clients_[number] || !clients_[number]->of(key).tracked) continue;
    clients_[number]->of(key).tracked = false;
    tell(number, key, Fact::invalidation_sent);
    clients_[number]->send(key);
  }
}

std::optional<Row> Tracking::copy(std::uint32_t number, Key key) {
  return client(number).of(key).copy;
}

void Tracking::expect(std::uint32_t number, Key key) {
  client(number).of(key).expected = true;
}

bool Tracking::keep(std::uint32_t number, Key key, Row row, bool if_undisturbed) {
  auto& known = client(number).of(key);
  if (if_undisturbed && !known.expected) return false;
  known.copy = row;
  known.expected = false;
  return true;
}

void Tracking::tell(std::uint32_t number, Key key, Fact fact) {
  if (!recorder_.detailed()) return;
  recorder_.add({.at = world_.now(), .client = number, .key = key, .fact = fact});
}

}  // namespace cacherace::models
