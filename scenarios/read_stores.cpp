// The sections redis, mysql and queue.
#include <fmt/format.h>

#include <array>

#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using models::Command;

constexpr std::uint64_t replicas_max = 16;
constexpr std::uint64_t partitions_max = 1024;
constexpr std::uint64_t ack_every_max = 1'000'000;
constexpr std::string_view latency_remedy = "write \"latency\": \"1ms\" (or any distribution)";

struct ServiceName {
  std::string_view name;
  Command command;
};
constexpr std::array<ServiceName, 4> redis_services = {
    {{"get", Command::get}, {"set", Command::set}, {"del", Command::del}, {"script", Command::script}}};
constexpr std::array<ServiceName, 3> mysql_services = {
    {{"update", Command::update}, {"commit", Command::commit}, {"select", Command::select}}};

void read_service(Reading& reading, const Fields& store, std::span<const ServiceName> services,
                  models::Setup& setup) {
  const auto value = store.get("service");
  if (!value) return;
  std::vector<std::string_view> known;
  for (const auto& service : services) known.push_back(service.name);
  const Fields fields(reading, *value, known);
  for (const auto& service : services) {
    assign(setup.service[models::index_of(service.command)], fields.get(service.name),
           [&](JsonValue v) { return read_latency(reading, v); });
  }
}

void read_store_legs(Reading& reading, const Fields& store, models::Legs& legs) {
  assign(legs, store.require("latency", latency_remedy), [&](JsonValue v) { return read_legs(reading, v); });
}

// A key that only matters where there are replicas.
void refuse_without_replicas(Reading& reading, const Fields& mysql, std::string_view key) {
  if (const auto value = mysql.get(key)) {
    reading.fault_at_key(*value, "has no effect without a replica; write \"replicas\": 1, or remove it");
  }
}

// {"mode": "after_sync", "ack": "2ms"}
void read_semi_sync(Reading& reading, JsonValue value, models::MysqlSetup& mysql) {
  static constexpr std::array<std::string_view, 2> known = {"mode", "ack"};
  const Fields fields(reading, value, known);
  if (!fields.is_object()) return;
  assign(mysql.semi_sync, fields.require("mode", "write \"mode\": \"after_sync\" or \"after_commit\""),
         [&](JsonValue v) { return read_choice(reading, v, models::semi_sync_names); });
  assign(mysql.semi_sync_ack,
         fields.require("ack", "write \"ack\": \"2ms\", how long a replica takes to acknowledge"),
         [&](JsonValue v) { return read_latency(reading, v); });
}

// {"maxmemory": 100, "eviction": "allkeys-lru"}
void read_memory(Reading& reading, const Fields& redis, models::RedisSetup& setup) {
  const auto room = redis.get("maxmemory");
  if (room) {
    const auto count = read_count(reading, *room, 1, UINT32_MAX);
    if (count) setup.maxmemory = static_cast<std::uint32_t>(*count);
  }
  const auto eviction = redis.get("eviction");
  assign(setup.eviction, eviction,
         [&](JsonValue v) { return read_choice(reading, v, models::eviction_names); });
  if (eviction && !room) {
    reading.fault_at_key(*eviction, "has no effect without a limit; write \"maxmemory\": 100, in keys");
  }
}

// How long something is waited for; not at all would be no wait.
void read_patience(Reading& reading, const Fields& mysql, std::string_view key,
                   std::optional<sim::Duration>& patience) {
  const auto value = mysql.get(key);
  if (!value) return;
  patience = read_duration(reading, *value);
  if (patience == sim::Duration{0}) {
    reading.fault(*value, fmt::format("nothing waits for 0; leave {} out, or write a time", quoted(key)));
  }
}

}  // namespace

void read_redis(Reading& reading, JsonValue value, models::Setup& setup) {
  static constexpr std::array<std::string_view, 9> known = {"latency",         "ttl",       "ttl_jitter",
                                                            "negative_ttl",    "service",   "replicas",
                                                            "replication_lag", "maxmemory", "eviction"};
  const Fields fields(reading, value, known);
  read_store_legs(reading, fields, setup.redis.legs);
  read_service(reading, fields, redis_services, setup);
  if (const auto ttl = fields.get("ttl")) {
    setup.redis.ttl = read_duration(reading, *ttl);
    if (setup.redis.ttl == sim::Duration{0}) {
      reading.fault(*ttl, "a TTL of 0 would keep nothing; leave \"ttl\" out where entries stay for good");
    }
  }
  assign(setup.redis.replica, fields.get("replicas"),
         [&](JsonValue v) { return read_count(reading, v, 0, 1); });
  assign(setup.redis.replication_lag, fields.get("replication_lag"),
         [&](JsonValue v) { return read_latency(reading, v); });
  if (!setup.redis.replica) refuse_without_replicas(reading, fields, "replication_lag");
  const auto jitter = fields.get("ttl_jitter");
  assign(setup.redis.ttl_jitter, jitter, [&](JsonValue v) { return read_duration(reading, v); });
  if (jitter && !fields.has("ttl")) {
    reading.fault_at_key(*jitter, "has no effect without a TTL; write \"ttl\": \"30s\", or remove it");
  }
  if (const auto ttl = fields.get("negative_ttl")) {
    setup.redis.negative_ttl = read_duration(reading, *ttl);
    if (setup.redis.negative_ttl == sim::Duration{0}) {
      reading.fault(*ttl,
                    "a TTL of 0 would keep nothing; leave \"negative_ttl\" out where the absence of a "
                    "row is not cached");
    }
  }
  read_memory(reading, fields, setup.redis);
}

void read_mysql(Reading& reading, JsonValue value, models::Setup& setup) {
  static constexpr std::array<std::string_view, 10> known = {
      "latency",        "service",   "replicas",  "replication_lag",   "read_from",
      "replica_choice", "isolation", "semi_sync", "lock_wait_timeout", "gtid_wait"};
  static constexpr std::array<std::string_view, 2> sources = {"primary", "replica"};
  static constexpr std::array<std::string_view, 2> choices = {"read", "session"};
  auto& mysql = setup.mysql;
  const Fields fields(reading, value, known);
  read_store_legs(reading, fields, mysql.legs);
  read_service(reading, fields, mysql_services, setup);
  bool replicas_known = true;
  if (const auto replicas = fields.get("replicas")) {
    const auto count = read_count(reading, *replicas, 0, replicas_max);
    replicas_known = count.has_value();
    mysql.replicas = static_cast<std::uint32_t>(count.value_or(0));
  }
  assign(mysql.replication_lag, fields.get("replication_lag"),
         [&](JsonValue v) { return read_latency(reading, v); });
  assign(mysql.read_from, fields.get("read_from"),
         [&](JsonValue v) { return read_choice(reading, v, sources); });
  assign(mysql.replica_choice, fields.get("replica_choice"),
         [&](JsonValue v) { return read_choice(reading, v, choices); });
  assign(mysql.isolation, fields.get("isolation"),
         [&](JsonValue v) { return read_choice(reading, v, models::isolation_names); });
  if (const auto semi_sync = fields.get("semi_sync")) read_semi_sync(reading, *semi_sync, mysql);
  read_patience(reading, fields, "lock_wait_timeout", mysql.lock_wait_timeout);
  read_patience(reading, fields, "gtid_wait", mysql.gtid_wait);
  if (mysql.gtid_wait && mysql.replicas > 0 && mysql.read_from == models::ReadFrom::primary) {
    reading.fault_at_key(*fields.get("gtid_wait"),
                         "has no effect where reads go to the primary; write \"read_from\": \"replica\"");
  }
  if (!replicas_known || mysql.replicas > 0) return;
  refuse_without_replicas(reading, fields, "replication_lag");
  refuse_without_replicas(reading, fields, "replica_choice");
  refuse_without_replicas(reading, fields, "gtid_wait");
  if (mysql.read_from == models::ReadFrom::replica) {
    reading.fault(*fields.get("read_from"), "there is no replica to read from; write \"replicas\": 1");
  }
}

void read_queue(Reading& reading, JsonValue value, models::Setup& setup) {
  static constexpr std::array<std::string_view, 4> known = {"latency", "partitions", "ack_every",
                                                            "partitioner"};
  const Fields fields(reading, value, known);
  assign(setup.queue.latency, fields.get("latency"), [&](JsonValue v) { return read_latency(reading, v); });
  assign(setup.queue.partitions, fields.get("partitions"),
         [&](JsonValue v) { return read_count(reading, v, 1, partitions_max); });
  assign(setup.queue.ack_every, fields.get("ack_every"),
         [&](JsonValue v) { return read_count(reading, v, 1, ack_every_max); });
  assign(setup.queue.partitioner, fields.get("partitioner"),
         [&](JsonValue v) { return read_choice(reading, v, models::partitioner_names); });
  if (setup.queue.partitioner == models::Partitioner::round_robin && setup.queue.partitions == 1) {
    reading.fault_at_key(*fields.get("partitioner"),
                         "has no effect where there is one partition; write \"partitions\": 2 beside it");
  }
}

}  // namespace cacherace::scenarios
