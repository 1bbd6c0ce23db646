// A built-in strategy written as steps comes to the same documents, byte for byte, but for its name, its
// parameters, and the fingerprints of the schedules, which belong to one scenario's text.
#include "tests/support/own_strategies.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "exploration/exploration.hpp"
#include "reports/explore_json.hpp"
#include "reports/json.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/recording.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::reports {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::must_choose;
using scenarios::must_read;
using scenarios::Rewritten;
using scenarios::Scenario;

constexpr const char* busy = R"({
  "redis": {"latency": {"exponential": {"mean": "1ms"}}, "ttl": "200ms"},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}}, "replicas": 2, "read_from": "replica",
            "replication_lag": {"exponential": {"mean": "5ms"}}},
  "queue": {"latency": {"exponential": {"mean": "3ms"}}, "partitions": 3},
  "keys": {"count": 3, "cached": true, "popularity": {"zipf": 1}},
  "clients": [{"name": "mixed", "count": 6, "operations": 10, "mix": {"read": 0.7, "write": 0.3},
               "think": {"exponential": {"mean": "2ms"}}}],
  "faults": [{"fail": {"command": "redis.del", "probability": 0.05}},
             {"fail": {"command": "mysql.update", "probability": 0.05}},
             {"fail": {"command": "mysql.select", "probability": 0.05}},
             {"fail": {"command": "redis.get", "probability": 0.05}},
             {"timeout": {"command": "redis.set", "after": "3ms", "probability": 0.05}},
             {"timeout": {"command": "mysql.update", "after": "3ms", "probability": 0.05}},
             {"fail": {"command": "redis.script", "probability": 0.05}},
             {"timeout": {"command": "redis.script", "after": "3ms", "probability": 0.05}},
             {"fail": {"command": "mysql.commit", "probability": 0.05}},
             {"timeout": {"command": "mysql.commit", "after": "3ms", "probability": 0.05}},
             {"expire": {"what": "lock", "time": {"uniform": ["0ms", "50ms"]}, "count": 3}},
             {"expire": {"what": "lease", "time": {"uniform": ["0ms", "50ms"]}, "count": 3}},
             {"kill": {"time": {"uniform": ["0ms", "50ms"]}, "count": 3}},
             {"crash": {"command": "redis.del", "probability": 0.005}},
             {"crash": {"command": "redis.script", "probability": 0.005}},
             {"lose": {"probability": 0.05}}, {"duplicate": {"probability": 0.1, "delay": "4ms"}}],
  "runs": 300)";

// Writers and readers of one key; `more` are other sections.
std::string small(int readers, const std::string& mysql, bool cached, const std::string& more,
                  int writers = 1) {
  return fmt::format(R"({{
  "redis": {{"latency": {{"uniform": ["1ms", "2ms"]}}, "ttl": "50ms"}},
  "mysql": {{"latency": {{"uniform": ["1ms", "4ms"]}}{}}}, "queue": {{"latency": "2ms"}},
  "keys": {{"cached": {}}},
  "clients": [{{"name": "writer", "count": {}, "do": ["write"]}},
              {{"name": "reader", "count": {}, "start": {{"uniform": ["0ms", "9ms"]}}, "do": ["read"]}}]{})",
                     mysql, cached, writers, readers, more);
}

// The scenario, whose text lacks its last brace, with the built-in strategy, and with the steps. The second
// strategy makes every fault possible.
struct Twins {
  Twins(const std::string& text, const Rewritten& strategy, bool reading)
      : built_in(must_read(text + R"(, "strategies": ["binlog-delete"]})")),
        own(must_read(fmt::format(R"({}, "strategies": ["binlog-delete", {{"name": "ours", {}{}{}}}]}})",
                                  text, strategy.lists, reading && !strategy.reads() ? ", " : "",
                                  reading && !strategy.reads() ? scenarios::cache_aside_steps : ""))) {
    built_in.strategies = {must_choose(strategy.built_in)};
    own.strategies.erase(own.strategies.begin());
  }
  Scenario built_in, own;
};

// The document without what must differ.
std::string bare(const std::string& document) {
  Json json = Json::parse(document);
  for (Json& strategy : json["strategies"]) {
    strategy.erase("strategy");
    strategy.erase("parameters");
    if (strategy.contains("first_violation") && strategy["first_violation"].is_object()) {
      strategy["first_violation"].erase("replay");
    }
    if (!strategy.contains("witnesses")) continue;
    for (Json& witness : strategy["witnesses"]) {
      std::string schedule = witness["schedule"];
      const auto fingerprint = schedule.find(' ', schedule.find(' ') + 1) + 1;
      witness["schedule"] = schedule.erase(fingerprint, 16);
    }
  }
  return json.dump(1);
}

const Source source{"test", "s.json"};

TEST(OwnStrategies, run_to_the_same_documents_as_built_in_ones) {
  for (const bool reading : {false, true}) {
    for (const Rewritten& strategy : scenarios::rewritten_strategies()) {
      SCOPED_TRACE(strategy.built_in);
      const Twins twins(busy, strategy, reading);
      const auto document = [](const Scenario& scenario) {
        return bare(run_document(scenarios::run_experiment(scenario, {.jobs = 2}), source));
      };
      EXPECT_EQ(document(twins.built_in), document(twins.own));
      for (const std::uint64_t run : {0U, 1U, 2U}) {
        EXPECT_EQ(digest_of_run(twins.built_in, twins.built_in.strategies[0], run),
                  digest_of_run(twins.own, twins.own.strategies[0], run));
      }
    }
  }
}

// Which of several sessions is killed must not depend on what earlier runs of a thread had in the background.
TEST(OwnStrategies, run_to_the_same_document_on_any_number_of_threads) {
  const Scenario scenario =
      must_read(std::string(busy) + R"(, "strategies": ["binlog-delete", {"name": "ours",
    "write": [{"mysql.update": "key"},
              {"background": [{"redis.del": "key"}, {"mysql.begin": "transaction"},
                              {"mysql.select_for_update": "key"}, {"redis.set": "selected"},
                              {"mysql.commit": "transaction"}]}]}]})");
  const auto document = [&](unsigned jobs) {
    return run_document(scenarios::run_experiment(scenario, {.jobs = jobs}), source);
  };
  const std::string one = document(1);
  EXPECT_EQ(one, document(2));
  EXPECT_EQ(one, document(5));
}

TEST(OwnStrategies, are_explored_to_the_same_documents_as_built_in_ones) {
  const std::string none;
  const std::string replica =
      R"(, "replicas": 1, "read_from": "replica", "replication_lag": {"uniform": ["0ms", "5ms"]})";
  const auto failing = [](const char* command) {
    return fmt::format(R"(, "faults": [{{"fail": {{"command": "{}", "occurrence": 1}}}}])", command);
  };
  const std::string expiring = R"(, "faults": [{"expire": {"what": "lock", "time": "10ms"}},
                                              {"expire": {"what": "lease", "time": "10ms"}}])";
  const std::string lost = R"(, "faults": [{"lose": {"occurrence": 1}}])";
  for (const std::string& text :
       {small(2, none, true, none), small(2, none, false, none), small(2, replica, true, none),
        small(1, none, true, failing("redis.del")), small(1, none, true, failing("redis.set")),
        small(1, none, true, failing("mysql.update")), small(1, none, false, failing("mysql.commit")),
        small(1, none, false, failing("redis.script")), small(1, none, false, expiring),
        small(1, none, false, none, 2), small(1, none, true, lost)}) {
    for (const Rewritten& strategy : scenarios::rewritten_strategies()) {
      SCOPED_TRACE(strategy.built_in + " " + text);
      const Twins twins(text, strategy, true);
      for (const bool timed : {false, true}) {
        const auto document = [timed](const Scenario& scenario) {
          return bare(explore_document(scenario, exploration::explore(scenario, {.timed = timed}), source));
        };
        EXPECT_EQ(document(twins.built_in), document(twins.own));
      }
    }
  }
}

}  // namespace
}  // namespace cacherace::reports
