#include "models/queue.hpp"

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// Deliveries follow one another, so the world fires them in the order of `under_way_`. A copy comes together
// with the message before it, or at once where there is none.
class Queue::Partition final : public sim::Wakeable {
 public:
  Partition(Queue& queue, std::uint32_t number)
      : Wakeable([](Wakeable& self) { static_cast<Partition&>(self).deliver(); }, sim::Part::delivery,
                 tag_of(Actor::partition, number)),
        queue_(queue),
        number_(number) {}

  void begin_run() {
    under_way_.clear();
    delivered_ = 0;
    queue_.world_.begin_following(*this);
  }

  void send(const BinlogEvent& event, sim::Delay latency, const Fault* duplicate) {
    under_way_.push_back({event, duplicate, false});
    queue_.world_.follow(latency, *this);
  }

 private:
  struct Message {
    BinlogEvent event;
    const Fault* duplicate;
    bool is_copy;
  };

  void deliver() {
    do {
      deliver_next();
    } while (delivered_ < under_way_.size() && under_way_[delivered_].is_copy);
  }

  void deliver_next() {
    const Message message = under_way_[delivered_++];
    if (message.duplicate != nullptr) send_again(message.event, *message.duplicate);
    queue_.arrived(number_, message.event);
  }

  // The copy joins the partition when its time has come: it holds up nothing before that.
  void send_again(const BinlogEvent& event, const Fault& duplicate) {
    const auto join = [this, event] {
      if (queue_.world_.stopping()) return;
      queue_.tell(event, Fact::sent_again, number_);
      const bool alone = delivered_ == under_way_.size();
      under_way_.push_back({event, nullptr, true});
      if (alone) deliver_next();
    };
    const auto number = static_cast<std::uint32_t>(number_ + queue_.setup_.partitions * delivered_);
    queue_.world_.spawn(queue_.through_outages(queue_.faults_.draw_delay(duplicate)), join,
                        sim::Part::uncounted, tag_of(Actor::copy, number));
  }

  Queue& queue_;
  std::uint32_t number_;
  std::vector<Message> under_way_;
  std::size_t delivered_ = 0;
};

Queue::Queue(sim::World& world, Recorder& recorder, const Setup& setup, const Outages& outages)
    : world_(world),
      recorder_(recorder),
      setup_(setup.queue),
      outages_(outages),
      faults_(world, setup.faults, setup.swarm) {
  for (std::uint32_t number = 0; number < setup_.partitions; ++number) {
    partitions_.push_back(std::make_unique<Partition>(*this, number));
  }
}

Queue::~Queue() = default;

void Queue::begin_run(std::uint64_t seed, std::uint64_t run, const ServiceSetup& service) {
  inboxes_.resize(service.consumers);
  if (inboxes_.empty()) return;
  latencies_ = {seed, run, purpose(0, Role::queue_latency)};
  relay_ = {seed, run, purpose(0, Role::relay)};
  polled_every_ = service.polled_every;
  from_mysql_ = service.follows_binlog;
  published_ = strays_ = moved_ = 0;
  faults_.begin_run(seed, run);
  for (const auto& partition : partitions_) partition->begin_run();
  for (Inbox& inbox : inboxes_) {
    inbox.events.clear();
    inbox.taken = inbox.acknowledged = inbox.sent = 0;
    inbox.held_until = sim::time_zero;
    inbox.busy = inbox.outdated = false;
  }
}

void Queue::publish(const BinlogEvent& event, sim::Duration later) {
  if (inboxes_.empty()) return;
  const MessageFate fate = faults_.next();
  sim::Delay latency = delay_of(world_, setup_.latency, latencies_) + later + until_polled();
  if (outages_.any() && from_mysql_) {
    latency = outages_.over(Link::mysql_queue, world_.now() + latency.least) - world_.now();
  }
  if (fate.lost) {
    recorder_.add({.at = world_.now(), .key = event.key, .row = event.row, .fact = Fact::message_lost});
    return;
  }
  const std::uint32_t partition = next_partition(event.key);
  tell(event, Fact::published, partition);
  if (fate.reorder != nullptr) {
    const sim::Delay delay = latency + faults_.draw_delay(*fate.reorder);
    return stray(partition, event, through_outages(delay));
  }
  if (fate.duplicate != nullptr) tell(event, Fact::duplicated, partition);
  partitions_[partition]->send(event, through_outages(latency), fate.duplicate);
}

std::uint32_t Queue::next_partition(Key key) {
  const std::uint32_t turn = published_++;
  return (setup_.partitioner == Partitioner::round_robin ? turn : index_of(key)) % setup_.partitions;
}

// What would come to a consumer so much later.
sim::Delay Queue::through_outages(sim::Delay latency) const {
  if (!outages_.any()) return latency;
  return outages_.over(Link::queue_consumer, world_.now() + latency.least) - world_.now();
}

// The relay of an outbox comes by at any instant of its interval.
sim::Delay Queue::until_polled() {
  if (polled_every_ == sim::Duration{0}) return {};
  if (world_.is_chosen()) return {sim::Duration{0}, polled_every_};
  return sim::Duration(
      static_cast<std::int64_t>(relay_.next_fraction() * static_cast<double>(polled_every_.count())));
}

// The message comes when its time has come, whatever is before or behind it.
void Queue::stray(std::uint32_t partition, const BinlogEvent& event, sim::Delay delay) {
  tell(event, Fact::strayed, partition);
  const auto come = [this, partition, event] {
    if (!world_.stopping()) arrived(partition, event, true);
  };
  constexpr std::uint32_t behind_copies = 1U << 22U;
  world_.spawn(delay, come, sim::Part::delivery,
               tag_of(Actor::copy, partition, behind_copies + partition + setup_.partitions * strays_++));
}

void Queue::arrived(std::uint32_t partition, const BinlogEvent& event, bool strayed) {
  const auto consumer = static_cast<std::uint32_t>((partition + moved_) % inboxes_.size());
  inboxes_[consumer].events.push_back(event);
  tell(event, Fact::delivered, partition, strayed);
  wake(consumer);
}

void Queue::wake(std::uint32_t consumer) {
  Inbox& inbox = inboxes_[consumer];
  if (inbox.busy || inbox.taken == inbox.events.size()) return;
  inbox.busy = true;
  wake_(consumer);
}

void Queue::tell(const BinlogEvent& event, Fact fact, std::uint32_t partition, bool done) {
  if (!recorder_.detailed()) return;
  recorder_.add({.at = world_.now(),
                 .key = event.key,
                 .row = event.row,
                 .fact = fact,
                 .done = done,
                 .number = partition});
}

std::optional<BinlogEvent> Queue::take(std::uint32_t consumer) {
  Inbox& inbox = inboxes_[consumer];
  settle(inbox);
  if (!inbox.outdated && inbox.taken - inbox.acknowledged >= setup_.ack_every) acknowledge(consumer);
  inbox.outdated = false;
  if (inbox.taken == inbox.events.size() || world_.now() < inbox.held_until) {
    inbox.busy = false;
    return std::nullopt;
  }
  return inbox.events[inbox.taken++];
}

void Queue::acknowledge(std::uint32_t consumer) {
  Inbox& inbox = inboxes_[consumer];
  const sim::Time arrives = outages_.any() ? outages_.over(Link::queue_consumer, world_.now()) : world_.now();
  if (arrives > world_.now()) {
    inbox.sent = inbox.taken;
    inbox.sent_until = arrives;
    return;
  }
  inbox.acknowledged = inbox.taken;
  if (!recorder_.detailed()) return;
  recorder_.add({.at = world_.now(), .fact = Fact::acknowledged, .number = consumer});
}

// What was acknowledged while the queue was out of reach has come there.
void Queue::settle(Inbox& inbox) const {
  if (inbox.sent > inbox.acknowledged && inbox.sent_until <= world_.now()) inbox.acknowledged = inbox.sent;
}

void Queue::rewind(std::uint32_t consumer) {
  Inbox& inbox = inboxes_[consumer];
  settle(inbox);
  inbox.sent = 0;  // the connection is gone
  inbox.taken = inbox.acknowledged;
  inbox.outdated = true;
  hold(consumer);
}

// What comes again crosses the same network.
void Queue::hold(std::uint32_t consumer) {
  if (!outages_.any()) return;
  const sim::Time until = outages_.over(Link::queue_consumer, world_.now());
  if (until <= world_.now()) return;
  inboxes_[consumer].held_until = until;
  const auto come = [this, consumer] {
    if (!world_.stopping()) wake(consumer);
  };
  world_.spawn(until - world_.now(), come, sim::Part::delivery, tag_of(Actor::copy, consumer));
}

void Queue::rebalance() {
  if (recorder_.detailed()) recorder_.add({.at = world_.now(), .fact = Fact::rebalanced});
  ++moved_;
  rebalanced_.resize(inboxes_.size());
  for (std::size_t i = 0; i < inboxes_.size(); ++i) {
    Inbox& from = inboxes_[i];
    settle(from);
    Inbox& to = rebalanced_[(i + 1) % inboxes_.size()];
    to.events.assign(from.events.begin() + static_cast<std::ptrdiff_t>(from.acknowledged), from.events.end());
    to.taken = to.acknowledged = to.sent = 0;
  }
  for (std::size_t i = 0; i < inboxes_.size(); ++i) {
    rebalanced_[i].busy = inboxes_[i].busy;
    rebalanced_[i].outdated = inboxes_[i].busy;
    rebalanced_[i].held_until = sim::time_zero;
  }
  inboxes_.swap(rebalanced_);
  for (std::uint32_t i = 0; i < inboxes_.size(); ++i) {
    hold(i);
    wake(i);
  }
}

}  // namespace cacherace::models
