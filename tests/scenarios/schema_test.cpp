// The JSON Schema against the reader: what one takes the other takes, what a schema can refuse both refuse.
#include "scenarios/schema.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/shipped.hpp"
#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

namespace fs = std::filesystem;

// Debian's own interpreter: python3-jsonschema belongs to it.
constexpr const char* python = "/usr/bin/python3";
constexpr const char* validate = R"(
import json, sys
from jsonschema import Draft202012Validator
folder = sys.argv[1]
with open(folder + "/schema.json", encoding="utf-8") as f:
    schema = json.load(f)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
with open(folder + "/documents.json", encoding="utf-8") as f:
    for text in json.load(f):
        print("valid" if validator.is_valid(json.loads(text)) else "refused")
)";

// "valid" or "refused" for each text; empty where jsonschema is not installed.
std::vector<std::string> judge_by_schema(const std::vector<std::string>& texts) {
  const auto folder = fs::temp_directory_path() /
                      ("cacherace-schema-test-" + std::to_string(getpid()) + "-" +
                       std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  fs::create_directories(folder);
  std::ofstream(folder / "schema.json") << scenario_schema();
  std::ofstream(folder / "documents.json") << nlohmann::json(texts).dump();
  std::ofstream(folder / "validate.py") << validate;
  const auto output = (folder / "verdicts").string();
  const auto command =
      std::string(python) + " " + (folder / "validate.py").string() + " " + folder.string() + " > " + output;
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<std::string> verdicts;
  std::ifstream lines(output);
  for (std::string line; std::getline(lines, line);) verdicts.push_back(line);
  fs::remove_all(folder);
  return verdicts;
}

bool has_jsonschema() {
  return std::system((std::string(python) + " -c 'import jsonschema' 2>/dev/null").c_str()) == 0;
}

struct Snippet {
  std::string_view section;
  std::string_view value;
};

// What a schema can see: no reference from one place to another, no order of durations, no files.
const std::vector<Snippet> refused_by_both = {
    {"redis", R"({})"},
    {"redis", R"({"latency": 5})"},
    {"redis", R"({"latency": "5"})"},
    {"redis", R"({"latency": "-5ms"})"},
    {"redis", R"({"latency": "5 ms"})"},
    {"redis", R"({"latency": {"request": "1ms"}})"},
    {"redis", R"({"latency": "1ms", "tll": "1s"})"},
    {"redis", R"({"latency": "1ms", "ttl": "0s"})"},
    {"redis", R"({"latency": "1ms", "ttl_jitter": "1s"})"},
    {"redis", R"({"latency": "1ms", "negative_ttl": "0s"})"},
    {"keys", R"({"missing": -1})"},
    {"clients", R"([{"do": ["read"], "coalesce": 1}])"},
    {"redis", R"({"latency": "1ms", "service": {"update": "1s"}})"},
    {"redis", R"({"latency": {"uniform": ["1ms"]}})"},
    {"redis", R"({"latency": {"uniform": ["1ms", "2ms"], "exponential": {"mean": "1ms"}}})"},
    {"redis", R"({"latency": {"quantiles": {"p0": "1ms"}}})"},
    {"redis", R"({"latency": {"quantiles": {"p0": "1ms", "p999": "1ms", "p100": "1ms"}}})"},
    {"redis", R"({"latency": {"quantiles": {"p0": "1ms", "p101": "1ms", "p100": "1ms"}}})"},
    {"redis", R"({"latency": {"mixture": []}})"},
    {"redis", R"({"latency": {"pareto": {"min": "1ms", "shape": 0}}})"},
    {"redis", R"({"latency": {"min": "1ms"}})"},
    {"mysql", R"({"latency": "1ms", "replicas": 17})"},
    {"mysql", R"({"latency": "1ms", "read_from": "replica"})"},
    {"mysql", R"({"latency": "1ms", "replication_lag": "1ms"})"},
    {"mysql", R"({"latency": "1ms", "replicas": 0, "replica_choice": "session"})"},
    {"queue", R"({"partitions": 0})"},
    {"keys", R"({"count": 0})"},
    {"keys", R"({"popularity": {"zipf": -1}})"},
    {"clients", R"([])"},
    {"clients", R"([{"name": "consumer", "do": ["read"]}])"},
    {"clients", R"([{"name": "a"}])"},
    {"clients", R"([{"name": "a", "do": ["read"], "mix": {"read": 1}}])"},
    {"clients", R"([{"name": "a", "operations": 1, "mix": {"read": 0}}])"},
    {"clients", R"([{"name": "a", "operations": 1, "mix": {"read": 1}, "repeat": 1}])"},
    {"clients", R"([{"name": "a", "do": [{"read": "k01"}]}])"},
    {"strategies", R"([])"},
    {"strategies", R"(["nothing"])"},
    {"strategies", R"(["ttl-only", "ttl-only"])"},
    {"strategies", R"(["ttl-only", "*"])"},
    {"strategies", R"([{"name": "delayed-double-delete", "slep": "1ms"}])"},
    {"strategies", R"([{"name": "delayed-double-delete", "sleep": 1}])"},
    {"strategies", R"([{"name": "delayed-double-delete", "on_error": "give up"}])"},
    {"strategies", R"([{"name": "binlog-delete", "consumers": 0}])"},
    {"strategies", R"([{"name": "binlog-delete", "write": [{"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a b", "write": [{"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a", "read": [{"mysql.select": "key"}, {"return": "selected"}]}])"},
    {"strategies", R"([{"name": "a", "write": []}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "k0"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key", "redis.del": "key"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key"}, {"sleep": 5}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key"}, {"sleep": "5ms", "else": []}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key", "pause": "1ms"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"retry": [{"mysql.update": "key"}], "attempts": 2}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key"}, {"redis.set": "row"}]}])"},
    {"strategies",
     R"([{"name": "a", "write": [{"redis.lock": "3s", "else": []}, {"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"redis.lock": 3}, {"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key"}, {"redis.del": "key and lock"}]}])"},
    {"strategies",
     R"([{"name": "a", "write": [{"mysql.update": "key"},
                                 {"redis.get": "key", "busy": [{"sleep": "1ms"}]}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.begin": "key"}, {"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a", "write": [{"mysql.update": "key"}], "consumers": 2}])"},
    {"strategies", R"([{"name": "a", "parameters": {"n": true}, "write": [{"mysql.update": "key"}]}])"},
    {"strategies", R"([{"name": "a", "parameters": {"read": "1ms"}, "write": [{"mysql.update": "key"}]}])"},
    {"faults", R"([{"fail": {"command": "redis.del"}}])"},
    {"faults", R"([{"fail": {"command": "redis.del", "probability": 0}}])"},
    {"faults", R"([{"fail": {"command": "redis.del", "probability": 0.5, "occurrence": 1}}])"},
    {"faults", R"([{"fail": {"command": "del", "occurrence": 1}}])"},
    {"faults", R"([{"timeout": {"command": "redis.del", "occurrence": 1}}])"},
    {"faults",
     R"([{"timeout": {"command": "redis.del", "after": "1s",
                    "effect": "none", "delay": "1s", "occurrence": 1}}])"},
    {"faults", R"([{"crash": {"command": "redis.del", "for": "1s", "occurrence": 1}}])"},
    {"faults", R"([{"partition": {"between": ["w", "redis"], "time": "1ms", "for": "1s"}}])"},
    {"faults", R"([{"partition": {"between": ["w"], "time": "1ms", "for": "1s", "after": "1s"}}])"},
    {"faults", R"([{"partition": {"between": ["w", "queue"], "time": "1ms", "for": "1s", "after": "1s"}}])"},
    {"faults", R"([{"clock-jump": {"time": "1ms"}}])"},
    {"faults", R"([{"database-failover": {"command": "mysql.update"}}])"},
    {"faults", R"([{"database-failover": {"command": "mysql.update", "occurrence": 1, "time": "1ms"}}])"},
    {"faults", R"([{"rebalance": {"command": "redis.del", "occurrence": 1, "count": 2}}])"},
    {"faults", R"([{"clock-jump": {"by": "1s", "command": "redis.get", "at": "sent", "occurrence": 1}}])"},
    {"faults", R"([{"restart": {"snapshot": "1ms"}}])"},
    {"faults", R"([{"partition": {"between": ["redis", "queue"], "time": "1ms", "for": "1s"}}])"},
    {"faults",
     R"([{"partition": {"between": ["redis", "replica"], "replica": 1, "time": "1ms", "for": "1s"}}])"},
    {"faults",
     R"([{"partition": {"between": ["mysql", "replica"], "after": "1s", "time": "1ms", "for": "1s"}}])"},
    {"redis", R"({"latency": "1ms", "eviction": "allkeys-lru"})"},
    {"redis", R"({"latency": "1ms", "maxmemory": 0})"},
    {"mysql", R"({"latency": "1ms", "gtid_wait": "1s"})"},
    {"mysql", R"({"latency": "1ms", "gtid_wait": "1s", "replicas": 1})"},
    {"mysql", R"({"latency": "1ms", "lock_wait_timeout": "0ms"})"},
    {"queue", R"({"ack_every": 0})"},
    {"queue", R"({"partitioner": "by_key"})"},
    {"faults", R"([{"pause": {"command": "redis.del", "at": "sent", "for": "1s", "occurrence": 1}}])"},
    {"faults", R"([{"lose": {"command": "redis.del", "occurrence": 1}}])"},
    {"faults", R"([{"lose": {"occurrence": 1}, "duplicate": {"occurrence": 1}}])"},
    {"expect", R"([{"figure": "stuck.runs"}])"},
    {"expect", R"([{"figure": "stuck.run", "at_most": 1}])"},
    {"expect", R"([{"figure": "stuck.runs", "at_most": 1, "equals": 1}])"},
    {"expect", R"([{"figure": "stuck.probability", "at_most": 0}])"},
    {"expect", R"([{"figure": "reads.stale_share", "equals": 0.5}])"},
    {"expect", R"([{"figure": "latency.read.p99_ns", "at_most": 5}])"},
    {"expect", R"([{"figure": "stuck.runs", "mode": "timed", "at_most": 1}])"},
    {"expect", R"([{"figure": "safe_ns", "command": "tune", "mode": "timed", "at_most": "1s"}])"},
    {"expect", R"([{"figure": "states", "command": "explore", "mode": "risk", "at_most": 1}])"},
    {"runs", "0"},
    {"seed", "-1"},
    {"limits", R"({"time": "0s"})"},
    {"typo", "1"},
};

TEST(Schema, RefusesWhatTheReaderRefusesAndASchemaCanSee) {
  if (!has_jsonschema()) GTEST_SKIP() << "python3-jsonschema is not installed";
  std::vector<std::string> texts;
  for (const auto& row : refused_by_both) texts.push_back(with(row.section, row.value));
  const auto verdicts = judge_by_schema(texts);
  ASSERT_EQ(verdicts.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(verdicts[i], "refused") << texts[i];
    EXPECT_FALSE(faults_of(texts[i]).empty()) << texts[i];
  }
}

const std::vector<Snippet> taken_by_both = {
    {"redis",
     R"({"latency": {"request": {"exponential": {"mean": "1ms"}, "max": "1s"}, "response": "0ms"}})"},
    {"redis", R"({"latency": {"quantiles": {"p0": "1ms", "p0.5": "1ms", "p99.9": "2ms", "p100": "2ms"}}})"},
    {"redis",
     R"({"latency": {"mixture": [{"weight": 1, "of": {"normal": {"mean": "1ms", "stddev": "1ms"}}}]}})"},
    {"redis", R"({"latency": "1ms", "ttl": "0.5s", "service": {"script": "1us"}})"},
    {"mysql", R"({"latency": "1ms", "replicas": 1, "read_from": "replica", "replication_lag": "1ms"})"},
    {"mysql", R"({"latency": "1ms", "read_from": "primary", "replicas": 0})"},
    {"keys", R"({"count": 5, "popularity": "uniform", "cached": true, "missing": 5})"},
    {"redis", R"({"latency": "1ms", "ttl": "1s", "ttl_jitter": "0s"})"},
    {"clients", R"([{"do": ["read"], "coalesce": true}])"},
    {"clients",
     R"([{"do": ["read", {"write": "k0"}], "repeat": 2}, {"operations": 2, "mix": {"write": 1}}])"},
    {"strategies", R"("*")"},
    {"strategies", R"(["*"])"},
    {"strategies", R"(["ttl-only", {"name": "delayed-double-delete", "sleep": "1ms", "async": true}])"},
    {"strategies", R"([{"name": "a", "n": 2}, {"name": "a", "parameters": {"n": 3, "sleep": "1ms"},
                       "write": [{"mysql.update": "key", "then": [{"redis.set": "updated"}], "else": []},
                                 {"background": [{"sleep": "$sleep"}, {"redis.del": "key"}]},
                                 {"retry": [{"redis.del": "key"}], "attempts": "$n", "pause": "1ms"},
                                 {"return": "nothing"}],
                       "read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
                                {"redis.set_if_newer": "selected"}, {"return": "selected"}],
                       "consume": [{"redis.set": "event"}], "consumers": "$n"}])"},
    {"strategies", R"([{"name": "a", "parameters": {"life": "3s"},
                       "write": [{"redis.lock": "$life"}, {"mysql.begin": "transaction"},
                                 {"mysql.select_for_update": "key"},
                                 {"mysql.update": "key", "else": [{"mysql.rollback": "transaction"},
                                                                  {"redis.unlock": "key"},
                                                                  {"start_over": "5ms"}]},
                                 {"mysql.commit": "transaction", "else": []},
                                 {"redis.del": "key and lease"}, {"redis.set_if_locked": "updated"},
                                 {"redis.unlock": "key"}],
                       "read": [{"redis.get_or_lease": "$life", "then": [{"return": "cached"}],
                                 "busy": [{"start_over": "10ms"}], "else": []},
                                {"mysql.begin": "transaction"}, {"mysql.select_for_share": "key"},
                                {"redis.set_with_lease": "selected"}, {"mysql.commit": "transaction"},
                                {"return": "selected"}]}])"},
    {"faults", R"([{"timeout": {"command": "redis.del", "after": "1s", "delay": "1s", "probability": 1}}])"},
    {"faults", R"([{"crash": {"command": "redis.del", "client": "w", "at": "sent", "occurrence": 1}}])"},
    {"expect", R"([{"figure": "stuck.probability", "at_most": 0.5, "strategy": "*"}])"},
    {"expect", R"([{"figure": "reachable.stuck", "command": "explore", "mode": "timed", "equals": false}])"},
    {"expect", R"([{"figure": "safe_ns", "command": "tune", "mode": "risk", "at_most": "1s"}])"},
    {"expect", R"([{"figure": "safe_ns", "command": "tune", "at_most": "5ms"}])"},
    {"expect", R"([{"figure": "anything", "command": "check", "equals": 5}])"},
    {"runs", "1e3"},
    {"seed", "18446744073709551615"},
};

TEST(Schema, TakesWhatTheReaderTakes) {
  if (!has_jsonschema()) GTEST_SKIP() << "python3-jsonschema is not installed";
  std::vector<std::string> texts;
  for (const auto& row : taken_by_both) texts.push_back(with(row.section, row.value));
  for (const auto& name : shipped_scenario_names()) texts.emplace_back(find_shipped_scenario(name)->text);
  const auto verdicts = judge_by_schema(texts);
  ASSERT_EQ(verdicts.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(verdicts[i], "valid") << texts[i];
  for (const auto& row : taken_by_both) sound(with(row.section, row.value));
}

TEST(Schema, NamesEveryStrategyAndParameter) {
  const auto schema = nlohmann::json::parse(scenario_schema());
  const auto& names = schema["$defs"]["strategy_name"]["enum"];
  ASSERT_EQ(names.size(), strategies::all_strategies().size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto* info = strategies::all_strategies()[i];
    EXPECT_EQ(names[i], info->name);
    const auto& properties = schema["$defs"]["strategy_with_parameters"]["oneOf"][i]["properties"];
    EXPECT_EQ(properties.size(), info->parameters.size() + 1);
    for (const auto& parameter : info->parameters) EXPECT_TRUE(properties.contains(parameter.name));
  }
}

}  // namespace
}  // namespace cacherace::scenarios
