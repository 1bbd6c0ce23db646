#include "models/redis_copies.hpp"

#include <algorithm>

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

class RedisCopies::Replica final : public sim::Wakeable {
 public:
  explicit Replica(RedisCopies& copies)
      : Wakeable([](Wakeable& self) { static_cast<Replica&>(self).arrive(); }, sim::Part::uncounted,
                 tag_of(Actor::redis_replica, 0)),
        copies_(copies) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    lags_ = {seed, run, purpose(0, Role::redis_lag)};
    copies_.world_.begin_following(*this);
  }

  void follow() {
    sim::Delay lag = delay_of(copies_.world_, copies_.setup_.redis.replication_lag, lags_);
    const sim::Time now = copies_.world_.now();
    if (copies_.outages_.any()) lag = copies_.outages_.over(Link::redis_replica, now + lag.least) - now;
    copies_.world_.follow(lag, *this);
  }

 private:
  void arrive() {
    if (copies_.void_ > 0) {
      --copies_.void_;
      return;
    }
    const Change& change = copies_.changes_[copies_.first_++];
    copies_.copy_[index_of(change.key)] = change.cell;
    copies_.arrived_(copies_.who_, change.key);
    std::erase_if(copies_.waiting_, [&](const Waiting& one) {
      const bool is_here = copies_.first_ >= one.changes;
      if (is_here) copies_.world_.wake(*one.fiber);
      return is_here;
    });
  }

  RedisCopies& copies_;
  sim::Stream lags_;
};

RedisCopies::RedisCopies(sim::World& world, Redis& redis, const Setup& setup, const Outages& outages,
                         Arrived arrived, void* who)
    : world_(world),
      redis_(redis),
      setup_(setup),
      outages_(outages),
      arrived_(arrived),
      who_(who),
      replica_(std::make_unique<Replica>(*this)),
      copy_(setup.redis.replica ? setup.keys.count : 0, RedisCell{}) {}

RedisCopies::~RedisCopies() = default;

void RedisCopies::begin_run(std::uint64_t seed, std::uint64_t run) {
  changes_.clear();
  first_ = void_ = 0;
  waiting_.clear();
  has_snapshot_ = false;
  if (!has_replica()) return;
  copy_.begin_run();
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    copy_[key] = redis_.cell(Key(key), sim::time_zero);
  }
  replica_->begin_run(seed, run);
}

void RedisCopies::follow(Key key) {
  changes_.push_back({key, redis_.cell(key, world_.now())});
  replica_->follow();
}

bool RedisCopies::arrive(std::size_t changes, sim::Duration patience, sim::Tag tag) {
  if (first_ >= changes) return true;
  sim::Wakeable& fiber = world_.self();
  waiting_.push_back({changes, &fiber});
  const bool woken = world_.park_for(patience, sim::Part::step, tag);
  if (!woken) std::erase_if(waiting_, [&](const Waiting& one) { return one.fiber == &fiber; });
  return woken;
}

void RedisCopies::take_snapshot() {
  has_snapshot_ = true;
  snapshot_.clear();
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    snapshot_.push_back(redis_.cell(Key(key), world_.now()));
  }
}

void RedisCopies::fail_over(std::vector<Key>& changed) {
  waiting_.clear();  // they wait until their time is over
  for (; first_ < changes_.size(); ++first_) {
    const Key key = changes_[first_].key;
    if (world_.is_chosen()) {
      world_.cancel(*replica_);
    } else {
      ++void_;
    }
    if (std::ranges::find(changed, key) != changed.end()) continue;
    changed.push_back(key);
    redis_.put(key, copy_[index_of(key)]);
  }
}

void RedisCopies::restart(std::vector<Key>& changed) {
  for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
    changed.push_back(Key(key));
    redis_.put(Key(key), has_snapshot_ ? snapshot_[key] : RedisCell{});
  }
}

}  // namespace cacherace::models
