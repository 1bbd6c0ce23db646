// The queue between the binlog and the cache's consumers: ordered within a partition. A key has one
// partition, unless messages are put into one after the other, whatever their key.
//
// A message is delivered at max(commit + latency, the previous delivery of its partition). A partition
// belongs to one consumer, which takes an event, does its work, and takes the next: each waits in the
// consumer's inbox until then. It acknowledges what it took after every so many; when it crashes, or the
// partitions are given to others, all since the last acknowledgement comes again ("A B A B C").
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/faults.hpp"
#include "models/outages.hpp"
#include "models/ports.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class Queue {
 public:
  Queue(sim::World& world, Recorder& recorder, const Setup& setup, const Outages& outages);
  ~Queue();

  // `wake(consumer)` is called when a message arrives for a consumer whose inbox was empty and who is not at
  // work.
  void begin_run(std::uint64_t seed, std::uint64_t run, const ServiceSetup& service);
  void on_arrival(std::function<void(std::uint32_t consumer)> wake) { wake_ = std::move(wake); }

  // Of a commit, at its instant; or of what a client enqueues, to be sent `later`. Nothing happens where
  // nobody consumes.
  void publish(const BinlogEvent& event, sim::Duration later = {});

  // The next event for a consumer, who has dealt with the one before; nothing: the consumer is idle from now
  // on, until it is woken.
  std::optional<BinlogEvent> take(std::uint32_t consumer);
  // The consumer has crashed, and another is in its place: it has acknowledged nothing since.
  void rewind(std::uint32_t consumer);
  // Each consumer's partitions go to the next one, with all that is not acknowledged. What a consumer is at
  // goes on, and its acknowledgement says nothing any more.
  void rebalance();
  [[nodiscard]] bool has_consumers() const { return !inboxes_.empty(); }

 private:
  class Partition;
  struct Inbox {
    std::vector<BinlogEvent> events;
    std::size_t taken = 0;
    std::size_t acknowledged = 0;
    std::size_t sent = 0;  // acknowledged while the queue was out of reach, which it learns then
    sim::Time sent_until{};
    sim::Time held_until{};  // what comes again is on its way until then
    bool busy = false;
    bool outdated = false;  // what its consumer is at has gone to another
  };

  std::uint32_t next_partition(Key key);
  sim::Delay until_polled();
  void arrived(std::uint32_t partition, const BinlogEvent& event, bool strayed = false);
  void stray(std::uint32_t partition, const BinlogEvent& event, sim::Delay delay);
  [[nodiscard]] sim::Delay through_outages(sim::Delay latency) const;
  void acknowledge(std::uint32_t consumer);
  void settle(Inbox& inbox) const;
  void hold(std::uint32_t consumer);
  void wake(std::uint32_t consumer);
  void tell(const BinlogEvent& event, Fact fact, std::uint32_t partition, bool done = false);

  sim::World& world_;
  Recorder& recorder_;
  const QueueSetup& setup_;
  const Outages& outages_;
  MessageFaults faults_;
  sim::Stream latencies_, relay_;
  sim::Duration polled_every_{0};
  bool from_mysql_ = true;
  std::uint32_t published_ = 0;  // in this run
  std::uint32_t strays_ = 0;
  std::uint32_t moved_ = 0;  // so often partitions went to the next consumer
  std::vector<std::unique_ptr<Partition>> partitions_;
  std::vector<Inbox> inboxes_;
  std::vector<Inbox> rebalanced_;  // scratch
  std::function<void(std::uint32_t)> wake_;
};

}  // namespace cacherace::models
