#include "models/queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "sim/laws.hpp"

namespace cacherace::models {
namespace {

using namespace std::chrono_literals;

constexpr sim::Time at(sim::Duration d) {
  return sim::time_zero + d;
}

// Consumers that note what they get and take `work` for each.
class Consumers {
 public:
  Consumers(const QueueSetup& setup, const std::vector<Fault>& faults, std::uint32_t count,
            sim::Duration work)
      : setup_{.queue = setup, .faults = faults},
        outages_(world_, setup_),
        queue_(world_, recorder_, setup_, outages_),
        count_(count),
        got_(count),
        work_(work) {
    queue_.on_arrival([this](std::uint32_t consumer) {
      world_.spawn({}, [this, consumer] {
        while (const auto event = queue_.take(consumer)) {
          got_[consumer].emplace_back(number_of(event->row.value), sim::nanos(world_.now()));
          world_.wait(work_);
        }
      });
    });
  }

  using Got = std::vector<std::pair<std::uint32_t, std::int64_t>>;

  // Publishes write i (from 1) about key `keys[i - 1]` at 10 i ns.
  std::vector<Got> run(const std::vector<std::uint32_t>& keys, std::uint64_t number = 0) {
    for (Got& got : got_) got.clear();
    recorder_.begin(false);
    outages_.begin_run(1, number);
    queue_.begin_run(1, number, {.consumers = count_});
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
      world_.spawn(sim::Duration(10 * (i + 1)), [this, i, key = keys[i]] {
        queue_.publish({Key{key}, {WriteId{i + 1}, 1}});
      });
    }
    if (then_) world_.spawn(then_at_, [this] { then_(queue_); });
    world_.run({});
    return got_;
  }

  // Something happens to the queue at an instant.
  Consumers& then(sim::Duration when, std::function<void(Queue&)> what) {
    then_at_ = when;
    then_ = std::move(what);
    return *this;
  }

  [[nodiscard]] const Recorder& recorder() const { return recorder_; }

 private:
  models::Setup setup_;
  sim::World world_;
  Recorder recorder_;
  Outages outages_;
  Queue queue_;
  std::uint32_t count_;
  std::vector<Got> got_;
  sim::Duration work_;
  sim::Duration then_at_{0};
  std::function<void(Queue&)> then_;
};

TEST(Queue, delivers_after_its_latency_and_a_consumer_takes_one_after_the_other) {
  Consumers consumers({.latency = sim::Latency::constant(100ns)}, {}, 1, 15ns);
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{1, 110}, {2, 125}, {3, 140}}));
}

TEST(Queue, delivers_in_order_within_a_partition_whatever_the_latencies) {
  const auto latency = std::get<sim::Latency>(sim::Latency::of(sim::uniform(0ns, 500ns), {}));
  Consumers consumers({.latency = latency}, {}, 1, 0ns);
  for (std::uint64_t run = 0; run < 200; ++run) {
    const auto got = consumers.run({0, 1, 0, 1, 0}, run)[0];
    ASSERT_EQ(got.size(), 5U);
    for (std::uint32_t i = 0; i < 5; ++i) ASSERT_EQ(got[i].first, i + 1);
  }
}

TEST(Queue, in_turn_the_messages_of_a_key_go_to_every_partition_and_so_to_every_consumer) {
  const QueueSetup setup = {
      .latency = sim::Latency::constant(5ns), .partitions = 2, .partitioner = Partitioner::round_robin};
  const auto got = Consumers(setup, {}, 2, 100ns).run({0, 0, 0});
  EXPECT_EQ(got[0], (Consumers::Got{{1, 15}, {3, 115}}));
  EXPECT_EQ(got[1], (Consumers::Got{{2, 25}}));
}

TEST(Queue, partitions_overtake_each_other_but_a_key_keeps_its_own) {
  const auto latency = std::get<sim::Latency>(sim::Latency::of(sim::uniform(0ns, 500ns), {}));
  Consumers consumers({.latency = latency, .partitions = 2}, {}, 2, 0ns);
  bool overtaken = false;
  for (std::uint64_t run = 0; run < 200; ++run) {
    const auto got = consumers.run({0, 1, 2, 3}, run);
    ASSERT_EQ(got[0].size(), 2U);
    ASSERT_EQ(got[1].size(), 2U);
    ASSERT_EQ(got[0][0].first, 1U);  // keys 0 and 2
    ASSERT_EQ(got[1][0].first, 2U);  // keys 1 and 3
    overtaken = overtaken || got[0][0].second > got[1][1].second;
  }
  EXPECT_TRUE(overtaken);
}

TEST(Queue, one_consumer_may_serve_several_partitions) {
  Consumers consumers({.latency = sim::Latency::constant(0ns), .partitions = 4}, {}, 1, 3ns);
  EXPECT_EQ(consumers.run({0, 1, 2, 3})[0].size(), 4U);
}

TEST(Queue, loses_the_message_that_it_is_told_to_lose) {
  Consumers consumers({}, {{.kind = FaultKind::lose, .occurrence = 2}}, 1, 0ns);
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{1, 10}, {3, 30}}));
  ASSERT_EQ(consumers.recorder().records().size(), 1U);
  EXPECT_EQ(consumers.recorder().records()[0].fact, Fact::message_lost);
  EXPECT_EQ(consumers.recorder().records()[0].row.value, WriteId{2});
}

TEST(Queue, delivers_a_duplicate_after_its_delay_without_holding_up_others) {
  const Fault twice{.kind = FaultKind::duplicate, .occurrence = 1, .delay = sim::Latency::constant(15ns)};
  Consumers consumers({}, {twice}, 1, 0ns);
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{1, 10}, {2, 20}, {1, 25}, {3, 30}}));
}

// At least once: A B A B C.
TEST(Queue, after_a_crash_all_since_the_last_acknowledgement_comes_again) {
  Consumers consumers({.ack_every = 3}, {}, 1, 0ns);
  consumers.then(25ns, [](Queue& queue) { queue.rewind(0); });
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{1, 10}, {2, 20}, {1, 30}, {2, 30}, {3, 30}}));
}

TEST(Queue, what_is_acknowledged_does_not_come_again) {
  Consumers consumers({.ack_every = 2}, {}, 1, 0ns);
  consumers.then(35ns, [](Queue& queue) { queue.rewind(0); });
  EXPECT_EQ(consumers.run({0, 0, 0, 0})[0], (Consumers::Got{{1, 10}, {2, 20}, {3, 30}, {3, 40}, {4, 40}}));
}

// The one that is at work goes on, and what it does is done again by the other.
TEST(Queue, a_rebalance_gives_partitions_to_the_next_consumers_from_the_last_acknowledgements_on) {
  Consumers consumers({.ack_every = 2}, {}, 2, 8ns);
  consumers.then(35ns, [](Queue& queue) { queue.rebalance(); });
  const auto got = consumers.run({0, 0, 0, 0});
  EXPECT_EQ(got[0], (Consumers::Got{{1, 10}, {2, 20}, {3, 30}}));
  EXPECT_EQ(got[1], (Consumers::Got{{3, 35}, {4, 43}}));
}

TEST(Queue, the_acknowledgement_of_one_who_lost_its_partitions_says_nothing) {
  Consumers consumers({.ack_every = 1}, {}, 1, 30ns);
  consumers.then(15ns, [](Queue& queue) { queue.rebalance(); });
  EXPECT_EQ(consumers.run({0})[0], (Consumers::Got{{1, 10}, {1, 40}})) << "to itself, where it is alone";
}

TEST(Queue, while_the_binlog_is_cut_off_its_events_wait) {
  const Fault cut{.kind = FaultKind::partition,
                  .length = sim::Latency::constant(100ns),
                  .link = Link::mysql_queue,
                  .time = sim::Latency::constant(15ns)};
  Consumers consumers({}, {cut}, 1, 0ns);
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{1, 10}, {2, 115}, {3, 115}}));
}

Fault cut_from_consumers() {
  return {.kind = FaultKind::partition,
          .length = sim::Latency::constant(100ns),
          .link = Link::queue_consumer,
          .time = sim::Latency::constant(15ns)};
}

TEST(Queue, while_its_consumers_are_cut_off_messages_wait_for_them) {
  Consumers consumers({}, {cut_from_consumers()}, 2, 0ns);
  const auto got = consumers.run({0, 0, 0});
  EXPECT_EQ(got[0], (Consumers::Got{{1, 10}, {2, 115}, {3, 115}}));
}

// What is delivered is dealt with all the same; its acknowledgement comes when the network is whole again, so
// a consumer that crashes before that does it once more.
TEST(Queue, an_acknowledgement_waits_until_the_network_is_whole_again) {
  const auto got = [](sim::Duration crash) {
    Consumers consumers({.ack_every = 1}, {cut_from_consumers()}, 1, 10ns);
    consumers.then(crash, [](Queue& queue) { queue.rewind(0); });
    return consumers.run({0, 0})[0];
  };
  EXPECT_EQ(got(14ns), (Consumers::Got{{1, 10}, {1, 20}, {2, 115}})) << "before it was sent";
  EXPECT_EQ(got(114ns), (Consumers::Got{{1, 10}, {1, 115}, {2, 125}})) << "it died with its connection";
  EXPECT_EQ(got(120ns), (Consumers::Got{{1, 10}, {2, 115}, {2, 125}})) << "the first has been acknowledged";
}

TEST(Queue, nobody_consumes_nothing_happens) {
  Consumers consumers({}, {}, 0, 0ns);
  EXPECT_TRUE(consumers.run({0, 0}).empty());
}

TEST(Queue, a_message_on_a_way_of_its_own_is_overtaken) {
  const Fault late{.kind = FaultKind::reorder, .occurrence = 1, .delay = sim::Latency::constant(15ns)};
  Consumers consumers({}, {late}, 1, 0ns);
  EXPECT_EQ(consumers.run({0, 0, 0})[0], (Consumers::Got{{2, 20}, {1, 25}, {3, 30}}));
}

// The relay of an outbox comes by within its interval, and keeps the order.
TEST(Queue, a_polled_queue_delivers_within_the_interval_in_order) {
  sim::World world;
  Recorder recorder;
  const models::Setup setup;
  const Outages outages(world, setup);
  Queue queue(world, recorder, setup, outages);
  for (std::uint64_t run = 0; run < 50; ++run) {
    std::vector<std::int64_t> at;
    queue.on_arrival([&](std::uint32_t consumer) {
      while (queue.take(consumer)) at.push_back(sim::nanos(world.now()));
    });
    queue.begin_run(1, run, {.consumers = 1, .polled_every = 100ns});
    world.spawn(1000ns, [&] {
      for (std::uint32_t i = 1; i <= 3; ++i) queue.publish({Key{0}, {WriteId{i}, i}});
    });
    world.run({});
    ASSERT_EQ(at.size(), 3U);
    EXPECT_TRUE(std::ranges::is_sorted(at));
    EXPECT_GE(at.front(), 1000);
    EXPECT_LE(at.back(), 1100);
  }
}

}  // namespace
}  // namespace cacherace::models
