#include "sim/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace cacherace::sim {
namespace {

using namespace std::chrono_literals;

constexpr Time at(Duration d) {
  return time_zero + d;
}

class Bell final : public Wakeable {
 public:
  explicit Bell(std::vector<std::string>& log)
      : Wakeable([](Wakeable& self) { static_cast<Bell&>(self).log_.push_back("bell"); }), log_(log) {}

 private:
  std::vector<std::string>& log_;
};

TEST(World, moves_the_clock_from_event_to_event) {
  World world;
  std::vector<std::int64_t> seen;
  world.spawn(5ns, [&] {
    seen.push_back(nanos(world.now()));
    world.wait(10ns);
    seen.push_back(nanos(world.now()));
  });
  world.spawn(7ns, [&] {
    seen.push_back(nanos(world.now()));
    world.wait(100ns);
    seen.push_back(nanos(world.now()));
  });
  const RunEnd end = world.run({});
  EXPECT_EQ(seen, (std::vector<std::int64_t>{5, 7, 15, 107}));
  EXPECT_EQ(end.ending, Ending::quiescent);
  EXPECT_EQ(end.at, at(107ns));
  EXPECT_EQ(end.events, 4U);
  EXPECT_EQ(world.now(), time_zero);
}

// Fibers that somebody else wakes go on at that instant, in the order in which they were woken.
TEST(World, parks_a_fiber_until_it_is_woken) {
  World world;
  std::vector<std::pair<std::string, std::int64_t>> log;
  std::vector<Wakeable*> waiting;
  for (const char* name : {"a", "b"}) {
    world.spawn(1ns, [&, name] {
      waiting.push_back(&world.self());
      world.park();
      log.emplace_back(name, nanos(world.now()));
    });
  }
  world.spawn(9ns, [&] {
    for (Wakeable* fiber : waiting) world.wake(*fiber);
    log.emplace_back("waker", nanos(world.now()));
  });
  for (int i = 0; i < 2; ++i) {
    const RunEnd end = world.run({});
    EXPECT_EQ(end.at, at(i == 0 ? 9ns : 0ns));
  }
  EXPECT_EQ(log, (std::vector<std::pair<std::string, std::int64_t>>{{"waker", 9}, {"a", 9}, {"b", 9}}));
}

// Those who wait for others who wait wake up as the run ends, and know it.
// A fiber that waits for another no longer than it has patience; whoever is woken needs its patience no more.
TEST(World, parks_a_fiber_for_a_while) {
  World world;
  std::vector<std::pair<std::string, std::int64_t>> log;
  Wakeable* woken = nullptr;
  world.spawn(1ns, [&] {
    EXPECT_FALSE(world.park_for(5ns, Part::step, 1));
    log.emplace_back("a", nanos(world.now()));
  });
  world.spawn(1ns, [&] {
    woken = &world.self();
    EXPECT_TRUE(world.park_for(50ns, Part::step, 2));
    log.emplace_back("b", nanos(world.now()));
    EXPECT_FALSE(world.park_for(3ns, Part::step, 2)) << "and again";
  });
  world.spawn(9ns, [&] { world.wake(*woken); });
  const RunEnd end = world.run({});
  EXPECT_EQ(log, (std::vector<std::pair<std::string, std::int64_t>>{{"a", 6}, {"b", 9}}));
  EXPECT_EQ(end.at, at(12ns)) << "nothing is left of the 50 ns";
}

TEST(World, does_not_do_what_was_cancelled) {
  World world;
  std::vector<std::string> log;
  Bell bell(log), other(log);
  for (int i = 1; i <= 4; ++i) world.schedule(Duration(10 * i), bell);
  for (int i = 1; i <= 40; ++i) world.schedule(Duration(i), other);
  world.spawn(15ns, [&] { world.cancel(bell); });
  world.run({});
  EXPECT_EQ(log.size(), 41U);
}

TEST(World, ends_where_all_wait_for_each_other) {
  World world;
  int hung = 0;
  for (int i = 0; i < 2; ++i) {
    world.spawn(1ns, [&] {
      world.park();
      hung += world.hangs() ? 1 : 0;
    });
  }
  EXPECT_EQ(world.run({}).ending, Ending::quiescent);
  EXPECT_EQ(hung, 2);
  EXPECT_FALSE(world.hangs());
}

TEST(World, parks_nobody_while_a_run_is_wound_up) {
  World world;
  bool woke = false;
  world.spawn(1ns, [&] {
    world.wait(Duration(1h));
    world.park();
    woke = true;
  });
  EXPECT_EQ(world.run({.time = at(1s)}).ending, Ending::out_of_time);
  EXPECT_TRUE(woke);
}

TEST(World, fires_events_of_one_instant_in_the_order_of_their_creation) {
  World world;
  std::vector<std::string> log;
  Bell bell(log);
  world.spawn(3ns, [&] {
    log.push_back("a");
    world.wait(2ns);
    log.push_back("a again");
  });
  world.schedule(5ns, bell);
  world.spawn(5ns, [&] {
    log.push_back("b");
    world.wait(0ns);
    log.push_back("b again");
  });
  world.run({});
  // Created: a, bell, b; then "a again" (while a ran), then "b again".
  EXPECT_EQ(log, (std::vector<std::string>{"a", "bell", "b", "a again", "b again"}));
}

TEST(World, spawns_inside_a_run) {
  World world;
  std::vector<std::int64_t> seen;
  world.spawn(1ns, [&] {
    for (int i = 0; i < 3; ++i) {
      world.spawn(Duration(10 * (3 - i)), [&] { seen.push_back(nanos(world.now())); });
    }
  });
  world.run({});
  EXPECT_EQ(seen, (std::vector<std::int64_t>{11, 21, 31}));
}

TEST(World, repeats_a_run_exactly_on_kept_fibers) {
  World world;
  const auto run = [&] {
    std::vector<std::pair<int, std::int64_t>> log;
    for (int fiber = 0; fiber < 20; ++fiber) {
      world.spawn(Duration(fiber % 3), [&, fiber] {
        for (int i = 0; i < 5; ++i) {
          log.emplace_back(fiber, nanos(world.now()));
          world.wait(Duration((fiber * 7 + i * 3) % 11));
        }
      });
    }
    world.run({});
    return log;
  };
  const auto first = run();
  EXPECT_EQ(first.size(), 100U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(run(), first);
}

// The obvious twin: every wait is an entry in a list that is searched for its least (time, order).
TEST(World, agrees_with_a_list_that_is_searched) {
  std::mt19937_64 random(7);
  World world;
  for (int round = 0; round < 500; ++round) {
    const auto fibers = static_cast<int>(random() % 12 + 1);
    std::vector<std::vector<int>> waits(static_cast<std::size_t>(fibers));
    for (auto& list : waits) {
      for (std::uint64_t i = random() % 6; i > 0; --i) list.push_back(static_cast<int>(random() % 5));
    }
    std::vector<std::pair<int, std::int64_t>> log;
    for (int fiber = 0; fiber < fibers; ++fiber) {
      world.spawn({}, [&, fiber] {
        for (const int wait : waits[static_cast<std::size_t>(fiber)]) {
          world.wait(Duration(wait));
          log.emplace_back(fiber, nanos(world.now()));
        }
      });
    }
    world.run({});

    struct Entry {
      std::int64_t time;
      int order;
      int fiber;
      std::size_t next;
    };
    std::vector<Entry> list;
    int order = 0;
    for (int fiber = 0; fiber < fibers; ++fiber) list.push_back({0, order++, fiber, 0});
    std::vector<std::pair<int, std::int64_t>> expected;
    while (!list.empty()) {
      auto least = list.begin();
      for (auto entry = list.begin(); entry != list.end(); ++entry) {
        if (std::pair(entry->time, entry->order) < std::pair(least->time, least->order)) least = entry;
      }
      const Entry entry = *least;
      list.erase(least);
      if (entry.next > 0) expected.emplace_back(entry.fiber, entry.time);
      const auto& mine = waits[static_cast<std::size_t>(entry.fiber)];
      if (entry.next < mine.size())
        list.push_back({entry.time + mine[entry.next], order++, entry.fiber, entry.next + 1});
    }
    ASSERT_EQ(log, expected) << "round " << round;
  }
}

TEST(World, ends_a_run_at_the_limit_of_time) {
  World world;
  int woken = 0;
  bool saw_the_end = false;
  world.spawn({}, [&] {
    while (!world.stopping()) {
      world.wait(10ns);
      if (!world.stopping()) ++woken;
    }
    saw_the_end = true;
  });
  const RunEnd end = world.run({at(35ns), UINT64_MAX});
  EXPECT_EQ(end.ending, Ending::out_of_time);
  EXPECT_EQ(end.at, at(30ns));
  EXPECT_EQ(woken, 3);
  EXPECT_TRUE(saw_the_end);
  world.spawn({}, [&] { EXPECT_FALSE(world.stopping()); });
  EXPECT_EQ(world.run({}).ending, Ending::quiescent);
}

TEST(World, ends_a_run_at_the_limit_of_events_and_drops_callbacks) {
  World world;
  std::vector<std::string> log;
  Bell bell(log);
  world.spawn({}, [&] {
    while (!world.stopping()) world.wait(1ns);
  });
  world.spawn({}, [&] {
    while (!world.stopping()) world.wait(2ns);
  });
  world.schedule(Duration(1h), bell);
  const RunEnd end = world.run({time_never, 1000});
  EXPECT_EQ(end.ending, Ending::out_of_events);
  EXPECT_EQ(end.events, 1000U);
  EXPECT_TRUE(log.empty());
}

TEST(World, may_be_dropped_before_it_ran) {
  World world;
  world.spawn(1ns, [] { FAIL() << "nobody ran this world"; });
}

TEST(World, shares_its_thread_with_others_that_run_in_turn) {
  World one;
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    World other;
    for (World* world : {&one, &other}) {
      world->spawn(1ns, [&runs, world] {
        world->wait(5ns);
        ++runs;
      });
      EXPECT_EQ(world->run({}).at, at(6ns));
    }
  }
  EXPECT_EQ(runs, 6);
}

// A chooser decides instead of time, on the same fibers.
class RandomChooser final : public Chooser {
 public:
  explicit RandomChooser(std::uint64_t seed) : random_(seed) {}
  std::size_t next(std::span<const Pending> pending) override {
    for (std::size_t i = 1; i < pending.size(); ++i) EXPECT_LT(pending[i - 1].order, pending[i].order);
    chosen_.push_back(random_() % pending.size());
    return chosen_.back();
  }
  std::vector<std::size_t> chosen_;

 private:
  std::mt19937_64 random_;
};

class RecordedChooser final : public Chooser {
 public:
  explicit RecordedChooser(std::vector<std::size_t> choices) : choices_(std::move(choices)) {}
  std::size_t next(std::span<const Pending>) override { return choices_.at(place_++); }

 private:
  std::vector<std::size_t> choices_;
  std::size_t place_ = 0;
};

std::string letters(World& world) {
  std::string log;
  for (char name = 'a'; name <= 'd'; ++name) {
    world.spawn({}, [&, name] {
      for (int i = 0; i < 4; ++i) {
        log += name;
        world.wait(Duration(name - 'a'));
      }
    });
  }
  world.run({});
  return log;
}

TEST(World, lets_a_chooser_decide_and_repeats_recorded_choices) {
  World world;
  const std::string by_time = letters(world);
  std::vector<std::string> orders;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RandomChooser random(seed);
    world.use(&random);
    orders.push_back(letters(world));
    RecordedChooser recorded(random.chosen_);
    world.use(&recorded);
    EXPECT_EQ(letters(world), orders.back());
  }
  std::ranges::sort(orders);
  EXPECT_GT(std::unique(orders.begin(), orders.end()) - orders.begin(), 40);
  world.use(nullptr);
  EXPECT_EQ(letters(world), by_time);
}

// A chooser that always takes the earliest, of equals the one created first, is time itself.
class EarliestChooser final : public Chooser {
 public:
  explicit EarliestChooser(const World& world) : world_(world) {}
  std::size_t next(std::span<const Pending> pending) override {
    for (const Pending& event : pending) at_.try_emplace(event.order, world_.now() + event.delay.least);
    const auto earlier = [&](const Pending& a, const Pending& b) { return at_[a.order] < at_[b.order]; };
    return static_cast<std::size_t>(std::ranges::min_element(pending, earlier) - pending.begin());
  }
  Time instant(const Pending& chosen, Time) override { return at_[chosen.order]; }

 private:
  const World& world_;
  std::map<std::uint64_t, Time> at_;
};

TEST(World, by_time_is_the_earliest_of_the_pending) {
  World world;
  const std::string by_time = letters(world);
  EarliestChooser earliest(world);
  world.use(&earliest);
  EXPECT_EQ(letters(world), by_time);
}

}  // namespace
}  // namespace cacherace::sim
