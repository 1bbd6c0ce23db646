// A scenario as a whole: its sections, in an order in which each finds what it refers to.
#include "scenarios/reader.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <limits>
#include <utility>

#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

constexpr std::array<std::string_view, 14> known_keys = {
    "name",   "description", "redis",      "mysql", "queue", "keys",   "clients",
    "faults", "swarm",       "strategies", "runs",  "seed",  "limits", "expect"};
constexpr std::uint64_t runs_max = 1'000'000'000'000;
constexpr std::uint64_t events_max = 1'000'000'000'000'000;

void read_limits(Reading& reading, JsonValue value, models::Limits& limits) {
  static constexpr std::array<std::string_view, 2> known = {"time", "events"};
  const Fields fields(reading, value, known);
  assign(limits.events, fields.get("events"),
         [&](JsonValue v) { return read_count(reading, v, 1, events_max); });
  const auto time = fields.get("time");
  assign(limits.time, time, [&](JsonValue v) { return read_duration(reading, v); });
  if (limits.time == sim::Duration{0}) reading.fault(*time, "a limit of 0 leaves no time; expected more");
}

// What one section says of another.
void check_together(Reading& reading, const std::optional<JsonValue>& redis, const models::Setup& setup) {
  const auto ttl = redis && redis->is(JsonKind::object) ? redis->find("negative_ttl") : std::nullopt;
  if (!ttl || setup.keys.missing > 0) return;
  reading.fault_at_key(
      *ttl,
      "has no effect where every key has a row; write \"keys\": {\"count\": 2, \"missing\": 1}, "
      "or remove it");
}

// WAIT counts replicas.
void refuse_waits_for_nobody(Reading& reading, JsonValue strategies, const Scenario& scenario) {
  if (scenario.setup.redis.replica) return;
  for (const StrategyChoice& choice : scenario.strategies) {
    if (!choice.info->make(choice.parameters)->service().waits_for_redis_replica) continue;
    reading.fault(strategies,
                  fmt::format("{} sends WAIT, and Redis has no replica; write \"redis\": {{\"replicas\": 1}}",
                              quoted(choice.info->name)));
    return;
  }
}

// volatile-* evicts only what has a TTL.
void refuse_eviction_of_nothing(Reading& reading, JsonValue redis, const Scenario& scenario) {
  const models::Setup& setup = scenario.setup;
  if (!redis.is(JsonKind::object) || !redis.find("eviction") || scenario.strategies.empty()) return;
  const bool takes_all = setup.redis.eviction < models::Eviction::volatile_lru;
  if (takes_all || anything_has_ttl(setup, scenario.strategies)) return;
  reading.fault(*redis.find("eviction"),
                "evicts only what has a TTL, and nothing here has one; write \"ttl\": \"30s\" beside it, or "
                "\"allkeys-lru\"");
}

void read_whole(Reading& reading, JsonValue root, Scenario& scenario) {
  const Fields fields(reading, root, known_keys);
  if (!fields.is_object()) return;
  auto& setup = scenario.setup;
  assign(scenario.name, fields.get("name"), [&](JsonValue v) { return read_text(reading, v); });
  assign(scenario.description, fields.get("description"), [&](JsonValue v) { return read_text(reading, v); });
  const auto redis = fields.require("redis", R"(write "redis": {"latency": "1ms"})");
  if (redis) read_redis(reading, *redis, setup);
  const auto mysql = fields.require("mysql", R"(write "mysql": {"latency": "2ms"})");
  if (mysql) read_mysql(reading, *mysql, setup);
  if (const auto queue = fields.get("queue")) read_queue(reading, *queue, setup);
  if (const auto keys = fields.get("keys")) read_keys(reading, *keys, setup);
  check_together(reading, redis, setup);
  const auto clients = fields.require("clients", R"(write "clients": [{"name": "writer", "do": ["write"]}])");
  if (clients) read_clients(reading, *clients, setup);
  const auto strategies = fields.require("strategies", R"(write "strategies": ["write-then-delete"])");
  if (strategies) scenario.strategies = read_strategies(reading, *strategies, scenario.own_strategies);
  if (strategies) refuse_waits_for_nobody(reading, *strategies, scenario);
  if (redis) refuse_eviction_of_nothing(reading, *redis, scenario);
  if (const auto faults = fields.get("faults")) read_faults(reading, *faults, scenario.strategies, setup);
  assign(scenario.runs, fields.get("runs"), [&](JsonValue v) { return read_count(reading, v, 1, runs_max); });
  assign(scenario.seed, fields.get("seed"),
         [&](JsonValue v) { return read_count(reading, v, 0, std::numeric_limits<std::uint64_t>::max()); });
  assign(setup.swarm, fields.get("swarm"), [&](JsonValue v) { return read_flag(reading, v); });
  if (setup.swarm && setup.faults.empty()) {
    reading.fault_at_key(*fields.get("swarm"), "there is no fault to draw from; list some, or remove it");
  }
  if (const auto limits = fields.get("limits")) read_limits(reading, *limits, setup.limits);
  if (const auto expect = fields.get("expect")) {
    scenario.expectations = read_expectations(reading, *expect, scenario.strategies);
  }
}

}  // namespace

std::string to_text(const Fault& fault) {
  std::string text = fault.file;
  if (fault.line > 0) text += fmt::format(":{}:{}", fault.line, fault.column);
  if (!text.empty()) text += ": ";
  if (!fault.pointer.empty()) text += fault.pointer + ": ";
  return text + fault.message;
}

FileLoader kept_files(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path) -> std::variant<std::string, Fault> {
    const auto file = files.find(path);
    if (file != files.end()) return file->second;
    return Fault{.file = path, .message = "this file is not kept with the scenario"};
  };
}

ReadResult read_scenario(std::string_view text, const std::string& file, const FileLoader& loader) {
  const JsonDocument document(text);
  Reading reading(document, file, loader);
  if (document.syntax_fault()) {
    reading.fault(*document.syntax_fault());
    return reading.take_faults();
  }
  for (const auto& duplicate : document.duplicates()) reading.fault(duplicate);
  Scenario scenario;
  scenario.name = std::filesystem::path(file).stem().string();
  read_whole(reading, document.root(), scenario);
  if (!reading.is_sound()) return reading.take_faults();
  scenario.text = std::string(text);
  scenario.files = reading.take_files();
  return scenario;
}

}  // namespace cacherace::scenarios
