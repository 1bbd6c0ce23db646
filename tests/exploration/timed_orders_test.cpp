// How many orders of all events apart latencies leave: known numbers, from a search that shares nothing with
// this project.
#include <gtest/gtest.h>

#include <set>

#include "all_instants.hpp"
#include "sim/chooser.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::must_choose;
using scenarios::must_read;

// One order of starts, request legs, response legs and wake-ups.
class OneOrderOfLegs final : public sim::Chooser {
 public:
  struct Event {
    std::uint64_t order;  // of creation
    sim::Tag who;
    std::size_t cause;  // 1 + place in the order of what made it; 0: the beginning
    sim::Delay delay;
  };

  explicit OneOrderOfLegs(Odometer& choices) : choices_(choices) {}

  bool holds(sim::Part part) override { return OneRunByTime::is_event(part); }

  std::size_t next(std::span<const sim::Pending> pending) override {
    for (const sim::Pending& event : pending) {
      if (std::ranges::find(met_, event.order, &Event::order) == met_.end()) {
        met_.push_back({event.order, event.who->tag(), happened_.size(), event.delay});
      }
    }
    const std::size_t chosen = choices_.choose(pending.size());
    happened_.push_back(*std::ranges::find(met_, pending[chosen].order, &Event::order));
    return chosen;
  }

  [[nodiscard]] const std::vector<Event>& happened() const { return happened_; }

 private:
  Odometer& choices_;
  std::vector<Event> met_, happened_;
};

// t(to) - t(from) <= most; variable 0 is the beginning.
struct Limit {
  std::size_t to, from;
  std::int64_t most;
};

// Whether there are instants: Bellman and Ford.
bool is_feasible(const std::vector<OneOrderOfLegs::Event>& events) {
  std::vector<Limit> limits;
  for (std::size_t i = 0; i < events.size(); ++i) {
    limits.push_back({i + 1, events[i].cause, sim::nanos(events[i].delay.most)});
    limits.push_back({events[i].cause, i + 1, -sim::nanos(events[i].delay.least)});
    limits.push_back({i, i + 1, 0});
  }
  std::vector<std::int64_t> instant(events.size() + 1, 0);
  for (std::size_t round = 0; round <= instant.size(); ++round) {
    bool changed = false;
    for (const Limit& limit : limits) {
      if (instant[limit.from] + limit.most >= instant[limit.to]) continue;
      instant[limit.to] = instant[limit.from] + limit.most;
      changed = true;
    }
    if (!changed) return true;
  }
  return false;
}

struct Counts {
  std::size_t untimed = 0, timed = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts count(const std::string& strategy) {
  const Scenario scenario = must_read(R"({"name": "late fill",
    "redis": {"latency": {"uniform": ["1ms", "3ms"]}}, "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
    "clients": [{"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
                {"name": "reader", "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"]}],
    "strategies": ["ttl-only"]})");
  scenarios::Simulation simulation(scenario, must_choose(strategy));
  std::set<std::vector<sim::Tag>> orders;
  Counts counts;
  Odometer choices;
  do {
    OneOrderOfLegs run(choices);
    simulation.choose_by(&run);
    simulation.run(0);
    ++counts.untimed;
    if (is_feasible(run.happened())) ++counts.timed;
    std::vector<sim::Tag> order;
    for (const auto& event : run.happened()) order.push_back(event.who);
    EXPECT_TRUE(orders.insert(order).second);
  } while (choices.advance());
  return counts;
}

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.timed << " of " << counts.untimed;
}

TEST(TimedOrders, are_as_many_as_known) {
  EXPECT_EQ(count("delete-then-write"), (Counts{792, 600}));
  EXPECT_EQ(count("write-then-delete"), (Counts{792, 600}));
  EXPECT_EQ(count("write-then-update"), (Counts{772, 597}));
  EXPECT_EQ(count("update-then-write"), (Counts{544, 396}));
  EXPECT_EQ(count("delayed-double-delete:sleep=5ms"), (Counts{6435, 3355}));
}

}  // namespace
}  // namespace cacherace::exploration
