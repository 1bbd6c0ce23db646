// Workload W as a callback loop without stacks, models or records: what a program that knows this one
// workload, and nothing else, would do. The yardstick for the fibers; it draws the same random numbers from
// the same laws.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/roles.hpp"
#include "sim/latency.hpp"
#include "sim/random.hpp"

namespace cacherace::bench {

class CallbackLoop {
 public:
  CallbackLoop(const sim::Latency& redis, const sim::Latency& mysql, sim::Duration sleep)
      : redis_(redis), mysql_(mysql), sleep_(sleep) {}

  // Returns the number of events.
  std::uint64_t run(std::uint64_t seed, std::uint64_t number) {
    heap_.clear();
    now_ = 0;
    order_ = 0;
    cached_ = false;
    for (std::uint32_t actor = 0; actor < 3; ++actor) {
      actors_[actor] = {{seed, number, models::purpose(actor, models::Role::redis_legs)},
                        {seed, number, models::purpose(actor, models::Role::mysql_legs)},
                        0,
                        0,
                        {}};
      wake(actor, 0);
    }
    std::uint64_t events = 0;
    while (!heap_.empty()) {
      std::ranges::pop_heap(heap_, later);
      const Event event = heap_.back();
      heap_.pop_back();
      now_ = event.at;
      ++events;
      if (event.actor == 0) {
        step_writer();
      } else {
        step_reader(event.actor);
      }
    }
    return events;
  }

 private:
  struct Event {
    std::int64_t at;
    std::uint64_t order;
    std::uint32_t actor;
  };
  struct Actor {
    sim::Stream redis, mysql;
    int step;
    int round;
    sim::DrawPair legs;
  };
  static bool later(const Event& a, const Event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }

  void wake(std::uint32_t actor, std::int64_t after) {
    heap_.push_back({now_ + after, order_++, actor});
    std::ranges::push_heap(heap_, later);
  }

  std::int64_t request(Actor& actor, bool redis) {
    actor.legs = (redis ? actor.redis : actor.mysql).next_pair();
    return sim::nanos((redis ? redis_ : mysql_).at(sim::fraction(actor.legs.first)));
  }

  std::int64_t response(const Actor& actor, bool redis) {
    return sim::nanos((redis ? redis_ : mysql_).at(sim::fraction(actor.legs.second)));
  }

  // DEL, UPDATE, sleep, DEL.
  void step_writer() {
    Actor& actor = actors_[0];
    switch (actor.step++) {
      case 0:
        wake(0, request(actor, true));
        break;
      case 1:
        cached_ = false;
        wake(0, response(actor, true));
        break;
      case 2:
        wake(0, request(actor, false));
        break;
      case 3:
        wake(0, response(actor, false));
        break;
      case 4:
        wake(0, sim::nanos(sleep_));
        break;
      case 5:
        wake(0, request(actor, true));
        break;
      case 6:
        cached_ = false;
        wake(0, response(actor, true));
        break;
      default:
        break;
    }
  }

  // GET, and on a miss SELECT and SET; twice.
  void step_reader(std::uint32_t number) {
    Actor& actor = actors_[number];
    switch (actor.step++) {
      case 0:
        wake(number, request(actor, true));
        break;
      case 1:
        actor.step = cached_ ? 6 : 2;
        wake(number, response(actor, true));
        break;
      case 2:
        wake(number, request(actor, false));
        break;
      case 3:
        wake(number, response(actor, false));
        break;
      case 4:
        wake(number, request(actor, true));
        break;
      case 5:
        cached_ = true;
        wake(number, response(actor, true));
        break;
      default:
        if (++actor.round < 2) {
          actor.step = 1;
          wake(number, request(actor, true));
        }
    }
  }

  sim::Latency redis_, mysql_;
  sim::Duration sleep_;
  std::array<Actor, 3> actors_{};
  std::vector<Event> heap_;
  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;
  bool cached_ = false;
};

}  // namespace cacherace::bench
