// What a scenario decides about the simulated world: stores, latencies, clients, faults. No strategy yet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/ports.hpp"
#include "sim/latency.hpp"
#include "sim/time.hpp"

namespace cacherace::models {

// One request to a store. The names are those of the fault grammar: redis.get, mysql.update …
enum class Command : std::uint8_t { get, set, del, select, update, script, commit, rollback, wait };
inline constexpr std::size_t command_count = 9;
inline constexpr std::array<std::string_view, command_count> command_names = {
    "redis.get",    "redis.set",    "redis.del",      "mysql.select", "mysql.update",
    "redis.script", "mysql.commit", "mysql.rollback", "redis.wait"};
constexpr std::size_t index_of(Command command) {
  return static_cast<std::size_t>(command);
}

// The way to a server and back; drawn independently.
struct Legs {
  sim::Latency request;
  sim::Latency response;
};

// Which keys make room where Redis is full: none (what would need room fails); the ones used longest ago,
// most seldom, any; of all keys or of those with a TTL; or the one whose TTL ends next.
enum class Eviction : std::uint8_t {
  noeviction,
  allkeys_lru,
  allkeys_lfu,
  allkeys_random,
  volatile_lru,
  volatile_lfu,
  volatile_random,
  volatile_ttl,
};
inline constexpr std::array<std::string_view, 8> eviction_names = {
    "noeviction",   "allkeys-lru",  "allkeys-lfu",     "allkeys-random",
    "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"};

struct RedisSetup {
  Legs legs;
  std::optional<sim::Duration> ttl;  // of every entry; none: entries stay
  // Whether there is a replica, and how long a change takes to it; changes arrive in order.
  bool replica = false;
  sim::Latency replication_lag;
  sim::Duration ttl_jitter{0};  // each entry lives up to so much longer than the TTL, evenly drawn
  std::optional<sim::Duration> negative_ttl;  // of an entry that says that there is no row; none: not cached
  std::optional<std::uint32_t> maxmemory;     // in keys; none: there is room for all
  Eviction eviction = Eviction::noeviction;
};

enum class ReadFrom : std::uint8_t { primary, replica };
enum class ReplicaChoice : std::uint8_t { read, session };  // drawn for each read, or kept by a client

// What a SELECT without a lock sees inside a transaction: what was committed when it first read, or now.
enum class Isolation : std::uint8_t { repeatable_read, read_committed };
inline constexpr std::array<std::string_view, 2> isolation_names = {"repeatable-read", "read-committed"};

// Semi-synchronous replication: a COMMIT waits for a replica's acknowledgement, after its event is in the
// binlog and before others see it (after_sync), or after others see it and before its client knows
// (after_commit).
enum class SemiSync : std::uint8_t { off, after_sync, after_commit };
inline constexpr std::array<std::string_view, 3> semi_sync_names = {"off", "after_sync", "after_commit"};

struct MysqlSetup {
  Legs legs;
  std::uint32_t replicas = 0;
  sim::Latency replication_lag;
  ReadFrom read_from = ReadFrom::primary;
  ReplicaChoice replica_choice = ReplicaChoice::read;
  Isolation isolation = Isolation::repeatable_read;
  SemiSync semi_sync = SemiSync::off;
  sim::Latency semi_sync_ack;  // how long the acknowledgement takes
  // A statement waits for a row no longer than this (its transaction stays open); none: as long as it takes.
  std::optional<sim::Duration> lock_wait_timeout;
  // A read from a replica first waits, at most so long, until that has its session's last commit; then it
  // reads the primary. None: it does not wait.
  std::optional<sim::Duration> gtid_wait;
};

// How a message gets its partition: by its key, which keeps the order of each key; or each the next one in
// turn.
enum class Partitioner : std::uint8_t { key, round_robin };
inline constexpr std::array<std::string_view, 2> partitioner_names = {"key", "round_robin"};

struct QueueSetup {
  sim::Latency latency;  // from the commit to the delivery
  std::uint32_t partitions = 1;
  std::uint32_t ack_every = 1;  // a consumer acknowledges after so many messages
  Partitioner partitioner = Partitioner::key;
};

// What a strategy needs besides its clients: consumers of the queue, and what the queue is fed with.
struct ServiceSetup {
  std::uint32_t consumers = 0;
  bool follows_binlog = true;  // every commit is a message; false: only what clients enqueue
  // A relay reads an outbox so often, instead of the binlog at once: it sees what any session sees.
  bool reads_outbox = false;
  sim::Duration polled_every{0};
  // Entries that are cached at time 0 are due to be rebuilt after `fresh`, or so long before their TTL ends.
  std::optional<sim::Duration> fresh;
  std::optional<sim::Duration> refresh_before;
  bool waits_for_redis_replica = false;  // its clients send WAIT
};

struct KeysSetup {
  std::uint32_t count = 1;
  bool cached = false;
  double zipf = 0.0;          // popularity of key i is proportional to 1 / (i + 1)^zipf; 0: uniform
  std::uint32_t missing = 0;  // the last ones have no row at first: their version 0 is that there is none

  [[nodiscard]] bool starts_with_row(std::uint32_t key) const { return key < count - missing; }
  // Of what a key's row is, or what is cached of it: that there is no row (or that none is known of).
  [[nodiscard]] bool is_absence(Key key, const Row& row) const {
    return missing > 0 && row == Row{} && !starts_with_row(index_of(key));
  }
};

enum class OperationKind : std::uint8_t { read, write };

// One entry of a client's list: an operation on a named key, or on one drawn by popularity.
struct PlannedOperation {
  OperationKind kind = OperationKind::read;
  std::optional<std::uint32_t> key;
};

// `count` clients of one name. They run `plan` `repeat` times; or, where `plan` is empty, `operations`
// operations of which each is a read with probability `read_share`.
struct ClientGroup {
  std::string name;
  std::uint32_t count = 1;
  sim::Latency start;
  sim::Latency think;
  std::vector<PlannedOperation> plan;
  std::uint64_t repeat = 1;
  std::uint64_t operations = 0;
  double read_share = 0.0;
  bool coalesce = false;  // they are one process, whose reads of one key that overlap are one
};

// Name of the binlog's consumers where a fault names a client.
inline constexpr std::string_view consumer_name = "consumer";

// What the other end of a client's connection can be.
enum class Store : std::uint8_t { redis, mysql };
inline constexpr std::array<std::string_view, 2> store_names = {"redis", "mysql"};

// What a partition cuts: a client (or a consumer) from a store; or what has no client: the binlog from the
// queue, a primary from its replica, the queue from its consumers.
enum class Link : std::uint8_t { client_store, mysql_queue, mysql_replica, redis_replica, queue_consumer };
inline constexpr std::array<std::array<std::string_view, 2>, 5> link_names = {
    {{"", ""}, {"mysql", "queue"}, {"mysql", "replica"}, {"redis", "replica"}, {"queue", "consumer"}}};

enum class FaultKind : std::uint8_t {
  fail,     // the server refuses the command: no effect; the client learns it with the reply
  timeout,  // the client gives up `after`; the command takes effect (perhaps `delay` later) or never does
  crash,  // the client stops for good, `moment` before, during (sent, reply never seen) or after the command
  pause,  // the client stands still for `length`, before or after the command
  lose,   // the queue loses a message
  duplicate,          // the queue delivers a message again, `delay` after the first time
  reorder,            // a message goes a way of its own, `delay` longer: others may overtake it
  partition,          // for `length` nothing passes over `link`
  stall,              // for `length` a replica of MySQL applies nothing
  evict,              // Redis drops `thing` of a key to make room
  expire,             // `thing` of a key comes to the end of its time, early
  kill,               // a client's session at MySQL ends: its open transaction is undone
  failover,           // Redis's replica takes over: commands that have not arrived there are lost
  restart,            // Redis starts again from what it held at the instant `snapshot`
  clock_jump,         // Redis's clock jumps ahead `by`: what has a TTL has so much less of it
  database_failover,  // MySQL's replica takes over: commits that have not arrived there are lost
  rebalance,          // the queue's partitions go to the next consumers, from the last acknowledgements on
};
inline constexpr std::array<std::string_view, 17> fault_names = {
    "fail",     "timeout", "crash",  "pause", "lose",     "duplicate", "reorder",    "partition",
    "stall",    "evict",   "expire", "kill",  "failover", "restart",   "clock-jump", "database-failover",
    "rebalance"};
// What becomes of a store at an instant: named by a command, or by the time.
constexpr bool is_about_stores(FaultKind kind) {
  return kind >= FaultKind::evict;
}
// It begins at an instant and goes on for a while.
constexpr bool lasts(FaultKind kind) {
  return kind == FaultKind::partition || kind == FaultKind::stall;
}

// It befalls a store as a whole, not one of its keys or sessions.
constexpr bool is_about_all(FaultKind kind) {
  return kind >= FaultKind::failover;
}

// Redis comes back with what it held before.
constexpr bool brings_back(FaultKind kind) {
  return kind == FaultKind::failover || kind == FaultKind::restart;
}

// What Redis holds of a key: its value (0), or a slot (1 + the slot).
using Thing = std::uint8_t;
inline constexpr std::array<std::string_view, 6> thing_names = {"value",  "lock",      "lease",
                                                                "marker", "tombstone", "fresh"};

enum class Moment : std::uint8_t { before, sent, after };

// When a fault strikes: at each match with `probability`, or at match number `occurrence` of the run (in
// order of issue, from 1). `command` and `client` narrow what matches; lose and duplicate match messages.
struct Fault {
  FaultKind kind = FaultKind::fail;
  std::optional<Command> command;     // required but for lose and duplicate
  std::optional<std::string> client;  // a group's name, or `consumer_name`
  std::optional<double> probability;  // exactly one of the two
  std::optional<std::uint64_t> occurrence;
  Moment moment = Moment::before;  // crash: any; pause: before or after
  bool takes_effect = true;        // timeout
  sim::Duration after{0};          // timeout, partition: from the issue to the client's giving up
  sim::Latency delay;              // timeout: added to the request leg; duplicate: from the first delivery
  sim::Latency length;             // pause, partition, stall; crash of a consumer: until another takes over
  Link link = Link::client_store;  // partition
  Store store = Store::redis;      // partition of `client`
  std::optional<std::uint32_t> replica;  // stall, partition of MySQL's; none: all of them
  sim::Duration by{0};                   // clock jump
  Thing thing = 0;                       // evict, expire
  // Faults about stores, where no command names the point: `count` times, each at an instant drawn from
  // `time`.
  std::optional<sim::Latency> time;
  std::uint32_t count = 1;
  sim::Latency snapshot;  // restart: when the snapshot is taken
};

// A run that meets a limit is incomplete.
struct Limits {
  sim::Duration time = std::chrono::hours(1);
  std::uint64_t events = 10'000'000;
};

struct Setup {
  RedisSetup redis;
  MysqlSetup mysql;
  QueueSetup queue;
  std::array<sim::Latency, command_count> service;  // time at the server before the effect, by command
  KeysSetup keys;
  std::vector<ClientGroup> clients;
  std::vector<Fault> faults;
  bool expires = true;  // what has a TTL; false: it stays
  bool swarm = false;   // of the faults each takes part in every other run, by chance
  Limits limits;
};

}  // namespace cacherace::models
