// The faults of a matrix that names none: one of each kind, at any occasions or at any instant. Of several
// writers each may be struck, so that none only puts right what befell another.
#include <ranges>

#include "exploration/matrix.hpp"

namespace cacherace::exploration {
namespace {

using models::Command;
using models::Fault;
using models::FaultKind;
using models::Moment;

using Forms = std::vector<std::vector<Fault>>;

// In an untimed order a probability says that each match may be struck, or not.
constexpr double now_and_then = 0.5;

Fault at_any(FaultKind kind, const char* client, Command command) {
  Fault fault;
  fault.kind = kind;
  fault.client = client;
  fault.command = command;
  fault.probability = now_and_then;
  return fault;
}

// What a writer or a consumer tells the cache.
template <class Change>
Forms of_cache_writes(FaultKind kind, const Change& change) {
  Forms forms;
  for (const char* client : {"writer", "consumer"}) {
    for (const Command command : {Command::del, Command::set, Command::script}) {
      Fault fault = at_any(kind, client, command);
      change(fault);
      forms.push_back({fault});
    }
  }
  return forms;
}

Forms crashes(const char* client, std::initializer_list<std::pair<Command, Moment>> points) {
  Forms forms;
  for (const auto& [command, moment] : points) {
    Fault fault = at_any(FaultKind::crash, client, command);
    fault.moment = moment;
    forms.push_back({fault});
  }
  return forms;
}

// What is tried again and again, by another consumer or for a lock, may be struck each time, without end: so
// these come one at a time, at the first match or one of the next.
Forms one_at_a_time(const Forms& forms) {
  Forms counted;
  for (const std::uint64_t occurrence : {1U, 2U, 3U}) {
    for (Fault fault : std::views::join(forms)) {
      fault.probability.reset();
      fault.occurrence = occurrence;
      counted.push_back({fault});
    }
  }
  return counted;
}

Forms timeouts(std::initializer_list<Command> commands) {
  Forms forms;
  for (const Command command : commands) {
    Fault fault = at_any(FaultKind::timeout, "writer", command);
    fault.after = std::chrono::milliseconds(50);
    forms.push_back({fault});
  }
  return forms;
}

// Within the first 50 ms; in an untimed order at any instant.
Fault some_time(FaultKind kind, models::Thing thing = 0) {
  Fault fault;
  fault.kind = kind;
  fault.thing = thing;
  fault.time = first_moments();
  return fault;
}

Fault restart() {
  Fault fault = some_time(FaultKind::restart);
  fault.snapshot = *fault.time;
  return fault;
}

Fault of_message(FaultKind kind) {
  Fault fault;
  fault.kind = kind;
  fault.probability = now_and_then;
  return fault;
}

// A client and a store, for 100 ms; nobody waits longer than 50 ms.
Fault cut_off(const char* client, models::Store store) {
  Fault fault = some_time(FaultKind::partition);
  fault.client = client;
  fault.store = store;
  fault.length = sim::Latency::constant(std::chrono::milliseconds(100));
  fault.after = std::chrono::milliseconds(50);
  return fault;
}

// What no client sees, for 100 ms.
Fault cut_apart(models::Link link) {
  Fault fault = some_time(FaultKind::partition);
  fault.link = link;
  fault.length = sim::Latency::constant(std::chrono::milliseconds(100));
  return fault;
}

// By more than any guard lives.
Fault clock_jump() {
  Fault fault = some_time(FaultKind::clock_jump);
  fault.by = std::chrono::hours(1);
  return fault;
}

}  // namespace

std::vector<MatrixFault> usual_faults() {
  const auto as_it_is = [](Fault&) {};
  const auto late = [](Fault& fault) { fault.after = std::chrono::milliseconds(50); };
  Forms guards;
  for (models::Thing thing = 1; thing < models::thing_names.size(); ++thing) {
    guards.push_back({some_time(FaultKind::expire, thing)});
  }
  const Forms consumer_crashes = crashes("consumer", {{Command::del, Moment::before},
                                                      {Command::del, Moment::after},
                                                      {Command::set, Moment::before},
                                                      {Command::set, Moment::after},
                                                      {Command::script, Moment::before},
                                                      {Command::script, Moment::after}});
  return {
      {"no fault", "latencies alone", {{}}},
      {.name = "replica reads",
       .meaning = "a read that misses selects from a replica that lags",
       .forms = {{}},
       .replica_reads = true},
      {"cache write fails", "a DEL, SET or script of a writer or a consumer is refused",
       of_cache_writes(FaultKind::fail, as_it_is)},
      {"cache write late", "its client gives up; it takes effect all the same, perhaps much later",
       one_at_a_time(of_cache_writes(FaultKind::timeout, late))},
      {"update fails",
       "an UPDATE or COMMIT is refused",
       {{at_any(FaultKind::fail, "writer", Command::update)},
        {at_any(FaultKind::fail, "writer", Command::commit)}}},
      {"update unknown", "a writer gives up waiting for its UPDATE or COMMIT, which takes effect",
       timeouts({Command::update, Command::commit})},
      {"writer crashes", "after its UPDATE, around its COMMIT, or at a cache command",
       crashes("writer", {{Command::update, Moment::after},
                          {Command::commit, Moment::sent},
                          {Command::del, Moment::before},
                          {Command::set, Moment::before},
                          {Command::script, Moment::after}})},
      {"reader crashes", "between its SELECT and its fill, or with the fill sent",
       crashes("reader", {{Command::select, Moment::after},
                          {Command::set, Moment::sent},
                          {Command::script, Moment::sent}})},
      {"eviction", "Redis drops the value, at any instant", {{some_time(FaultKind::evict)}}},
      {"guard expires", "a lock, lease, marker, tombstone or freshness ends, at any instant", guards},
      {"session killed",
       "MySQL ends a client's session, its transaction undone",
       {{some_time(FaultKind::kill)}}},
      {.name = "Redis failover",
       .meaning = "its replica takes over, and what had not arrived there is lost",
       .forms = {{some_time(FaultKind::failover)}},
       .redis_replica = true},
      {"Redis restart", "it starts again from a snapshot, or from nothing", {{restart()}}},
      {"message lost", "the queue loses a message", {{of_message(FaultKind::lose)}}},
      {"message twice", "the queue delivers a message again", {{of_message(FaultKind::duplicate)}}},
      {"message late", "others overtake a message", {{of_message(FaultKind::reorder)}}},
      {"consumer crashes",
       "before or after its cache command; another does again what it has not acknowledged",
       one_at_a_time(consumer_crashes)},
      {"rebalance",
       "the queue's partitions go to the next consumers, from the last acknowledgements on",
       {{some_time(FaultKind::rebalance)}}},
      {.name = "database failover",
       .meaning = "MySQL's replica takes over, and commits that had not arrived there are lost",
       .forms = {{some_time(FaultKind::database_failover)}},
       .mysql_replica = true},
      {.name = "network cut",
       .meaning = "for 100 ms nothing passes between a client and a store (clients wait for 50 ms), or on "
                  "the way of "
                  "the queue's messages (by time)",
       .forms = {{cut_off("writer", models::Store::redis)},
                 {cut_off("reader", models::Store::redis)},
                 {cut_off("consumer", models::Store::redis)},
                 {cut_off("writer", models::Store::mysql)},
                 {cut_off("reader", models::Store::mysql)},
                 {cut_apart(models::Link::mysql_queue)},
                 {cut_apart(models::Link::queue_consumer)}},
       .by_time = true},
      {.name = "replica cut off",
       .meaning =
           "for 100 ms nothing passes from MySQL's primary to its replica, which reads go to (by time)",
       .forms = {{cut_apart(models::Link::mysql_replica)}},
       .replica_reads = true,
       .by_time = true},
      {.name = "clock jump",
       .meaning = "Redis's clock jumps ahead, and whatever has a TTL is gone (by time)",
       .forms = {{clock_jump()}},
       .by_time = true},
  };
}

}  // namespace cacherace::exploration
