// What a sound scenario becomes; defaults; several faults at once.
#include "scenarios/durations.hpp"
#include "scenarios/suggest.hpp"
#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

using namespace std::chrono_literals;
using models::Command;
using models::FaultKind;
using models::Moment;
using models::OperationKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const sim::Support always_0{0ns, 0ns};

TEST(Reader, FillsInTheDefaults) {
  const auto s = sound(with("runs", "10000"));
  EXPECT_EQ(s.name, "s");
  EXPECT_EQ(s.description, "");
  EXPECT_EQ(s.runs, 10'000U);
  EXPECT_EQ(s.seed, 1U);
  EXPECT_EQ(s.setup.redis.ttl, std::nullopt);
  EXPECT_EQ(s.setup.redis.legs.request.support(), (sim::Support{1ms, 1ms}));
  EXPECT_EQ(s.setup.mysql.legs.response.support(), (sim::Support{2ms, 2ms}));
  EXPECT_EQ(s.setup.mysql.replicas, 0U);
  EXPECT_EQ(s.setup.mysql.replication_lag.support(), always_0);
  EXPECT_EQ(s.setup.mysql.read_from, models::ReadFrom::primary);
  EXPECT_EQ(s.setup.mysql.replica_choice, models::ReplicaChoice::read);
  EXPECT_EQ(s.setup.queue.latency.support(), always_0);
  EXPECT_EQ(s.setup.queue.partitions, 1U);
  for (const auto& service : s.setup.service) EXPECT_EQ(service.support(), always_0);
  EXPECT_EQ(s.setup.keys.count, 1U);
  EXPECT_FALSE(s.setup.keys.cached);
  EXPECT_EQ(s.setup.keys.zipf, 0.0);
  ASSERT_EQ(s.setup.clients.size(), 1U);
  const auto& client = s.setup.clients.front();
  EXPECT_EQ(client.count, 1U);
  EXPECT_EQ(client.repeat, 1U);
  EXPECT_EQ(client.operations, 0U);
  EXPECT_EQ(client.start.support(), always_0);
  EXPECT_EQ(client.think.support(), always_0);
  EXPECT_THAT(s.setup.faults, IsEmpty());
  EXPECT_EQ(s.setup.limits.time, 1h);
  EXPECT_EQ(s.setup.limits.events, 10'000'000U);
  EXPECT_THAT(s.expectations, IsEmpty());
}

TEST(Reader, KeepsTheTextAndTheFilesItNames) {
  const auto text = with("queue", R"({"latency": {"histogram": {"file": "a/b.csv"}}})");
  const auto s = sound(text, {{"a/b.csv", "upper_ns,count\n10,1\n"}});
  EXPECT_EQ(s.text, text);
  EXPECT_THAT(s.files, ElementsAre(std::pair("a/b.csv", "upper_ns,count\n10,1\n")));
}

TEST(Reader, FillsStores) {
  const auto s = sound(R"({
    "name": "n", "description": "d", "runs": 5, "seed": 18446744073709551615,
    "redis": {"latency": {"request": "1ms", "response": {"uniform": ["2ms", "3ms"]}}, "ttl": "30s",
              "ttl_jitter": "5s", "negative_ttl": "2s",
              "service": {"get": "1us", "set": "2us", "del": "3us", "script": "4us"}},
    "mysql": {"latency": "1ms", "service": {"update": "5us", "commit": "6us", "select": "7us"}, "replicas": 2,
              "replication_lag": "9ms", "read_from": "replica", "replica_choice": "session"},
    "queue": {"latency": "8ms", "partitions": 3},
    "keys": {"count": 12, "cached": true, "missing": 2, "popularity": {"zipf": 0.99}},
    "clients": [{"do": ["read"]}, {"do": ["read"], "coalesce": true}], "strategies": ["binlog-delete"],
    "limits": {"time": "1min", "events": 77}})");
  EXPECT_EQ(s.name, "n");
  EXPECT_EQ(s.description, "d");
  EXPECT_EQ(s.seed, 18446744073709551615U);
  EXPECT_EQ(s.setup.redis.ttl, 30s);
  EXPECT_EQ(s.setup.redis.ttl_jitter, 5s);
  EXPECT_EQ(s.setup.redis.negative_ttl, 2s);
  EXPECT_EQ(s.setup.keys.missing, 2U);
  EXPECT_FALSE(s.setup.clients[0].coalesce);
  EXPECT_TRUE(s.setup.clients[1].coalesce);
  EXPECT_EQ(s.setup.redis.legs.request.support(), (sim::Support{1ms, 1ms}));
  EXPECT_EQ(s.setup.redis.legs.response.support(), (sim::Support{2ms, 3ms}));
  const auto service = [&](Command c) { return s.setup.service[models::index_of(c)].support().min; };
  EXPECT_EQ(service(Command::get), 1us);
  EXPECT_EQ(service(Command::set), 2us);
  EXPECT_EQ(service(Command::del), 3us);
  EXPECT_EQ(service(Command::script), 4us);
  EXPECT_EQ(service(Command::update), 5us);
  EXPECT_EQ(service(Command::commit), 6us);
  EXPECT_EQ(service(Command::select), 7us);
  EXPECT_EQ(s.setup.mysql.replicas, 2U);
  EXPECT_EQ(s.setup.mysql.replication_lag.support().min, 9ms);
  EXPECT_EQ(s.setup.mysql.read_from, models::ReadFrom::replica);
  EXPECT_EQ(s.setup.mysql.replica_choice, models::ReplicaChoice::session);
  EXPECT_EQ(s.setup.queue.latency.support().min, 8ms);
  EXPECT_EQ(s.setup.queue.partitions, 3U);
  EXPECT_EQ(s.setup.keys.count, 12U);
  EXPECT_TRUE(s.setup.keys.cached);
  EXPECT_EQ(s.setup.keys.zipf, 0.99);
  EXPECT_EQ(s.setup.limits.time, 1min);
  EXPECT_EQ(s.setup.limits.events, 77U);
  EXPECT_EQ(s.setup.clients.front().name, "client1");
}

TEST(Reader, FillsClients) {
  const auto s = sound(with("keys", R"({"count": 4})").replace(0, 1, R"({"faults": [],)"));
  EXPECT_EQ(s.setup.keys.count, 4U);
  const auto clients = sound(with("clients", R"([
      {"name": "a", "count": 3, "start": "1ms", "think": "2ms", "do": ["read", {"write": "k0"}], "repeat": 7},
      {"name": "b", "operations": 9, "mix": {"read": 3, "write": 1}},
      {"name": "c", "operations": 1, "mix": {"write": 2}}])"))
                           .setup.clients;
  ASSERT_EQ(clients.size(), 3U);
  EXPECT_EQ(clients[0].count, 3U);
  EXPECT_EQ(clients[0].repeat, 7U);
  EXPECT_EQ(clients[0].start.support().min, 1ms);
  EXPECT_EQ(clients[0].think.support().min, 2ms);
  ASSERT_EQ(clients[0].plan.size(), 2U);
  EXPECT_EQ(clients[0].plan[0].kind, OperationKind::read);
  EXPECT_EQ(clients[0].plan[0].key, std::nullopt);
  EXPECT_EQ(clients[0].plan[1].kind, OperationKind::write);
  EXPECT_EQ(clients[0].plan[1].key, 0U);
  EXPECT_EQ(clients[1].operations, 9U);
  EXPECT_EQ(clients[1].read_share, 0.75);
  EXPECT_EQ(clients[2].read_share, 0.0);
}

TEST(Reader, FillsStrategies) {
  const auto s = sound(with("strategies", R"(["ttl-only",
      {"name": "delayed-double-delete", "sleep": "1.5ms", "async": true, "on_error": "abort"},
      {"name": "delayed-double-delete"}, {"name": "binlog-delete", "consumers": 4}])"));
  ASSERT_EQ(s.strategies.size(), 4U);
  const auto& delayed = s.strategies[1];
  EXPECT_EQ(delayed.info->name, "delayed-double-delete");
  EXPECT_EQ(delayed.parameters.duration("sleep"), 1500us);
  EXPECT_TRUE(delayed.parameters.flag("async"));
  EXPECT_TRUE(delayed.parameters.flag("first_delete"));
  EXPECT_EQ(delayed.parameters.choice("on_error"), "abort");
  EXPECT_EQ(s.strategies[2].parameters.duration("sleep"), 500ms);
  EXPECT_EQ(s.strategies[3].parameters.count("consumers"), 4);
}

TEST(Reader, TakesAStarForAllStrategies) {
  for (const auto* all : {R"("*")", R"(["*"])"}) {
    EXPECT_EQ(sound(with("strategies", all)).strategies.size(), strategies::all_strategies().size());
  }
}

TEST(Reader, FillsFaults) {
  const auto s = sound(R"({"redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"},
    "clients": [{"name": "w", "do": ["write"]}], "strategies": ["ttl-only", "binlog-delete"], "faults": [
      {"fail": {"command": "mysql.update", "client": "w", "occurrence": 2}},
      {"timeout": {"command": "redis.del", "after": "50ms", "delay": "1s", "probability": 0.25}},
      {"timeout": {"command": "redis.del", "after": "50ms", "effect": "none", "probability": 1}},
      {"crash": {"command": "redis.del", "occurrence": 1}},
      {"crash": {"command": "redis.del", "at": "sent", "occurrence": 1}},
      {"pause": {"command": "redis.set", "at": "after", "for": {"uniform": ["1s", "2s"]}, "occurrence": 1}},
      {"lose": {"probability": 0.5}}, {"duplicate": {"occurrence": 3, "delay": "7ms"}},
      {"fail": {"command": "redis.del", "client": "consumer", "occurrence": 1}}]})");
  const auto& faults = s.setup.faults;
  ASSERT_EQ(faults.size(), 9U);
  EXPECT_EQ(faults[0].kind, FaultKind::fail);
  EXPECT_EQ(faults[0].command, Command::update);
  EXPECT_EQ(faults[0].client, "w");
  EXPECT_EQ(faults[0].occurrence, 2U);
  EXPECT_EQ(faults[0].probability, std::nullopt);
  EXPECT_EQ(faults[1].kind, FaultKind::timeout);
  EXPECT_EQ(faults[1].after, 50ms);
  EXPECT_EQ(faults[1].delay.support().min, 1s);
  EXPECT_TRUE(faults[1].takes_effect);
  EXPECT_EQ(faults[1].probability, 0.25);
  EXPECT_FALSE(faults[2].takes_effect);
  EXPECT_EQ(faults[3].moment, Moment::before);
  EXPECT_EQ(faults[4].moment, Moment::sent);
  EXPECT_EQ(faults[5].moment, Moment::after);
  EXPECT_EQ(faults[5].length.support(), (sim::Support{1s, 2s}));
  EXPECT_EQ(faults[6].kind, FaultKind::lose);
  EXPECT_EQ(faults[6].command, std::nullopt);
  EXPECT_EQ(faults[7].delay.support().min, 7ms);
  EXPECT_EQ(faults[8].client, "consumer");
}

TEST(Reader, FillsExpectations) {
  const auto s = sound(with("expect", R"([
      {"strategy": "write-then-delete", "figure": "stuck.probability", "at_most": 0.001},
      {"figure": "latency.write.p99_ns", "at_least": "600ms"},
      {"command": "explore", "mode": "untimed", "figure": "reachable.stuck", "equals": true},
      {"command": "tune", "figure": "safe_ns", "equals": "10ms"},
      {"command": "check", "figure": "delta_ns", "at_most": 5},
      {"figure": "windows.by_cause.late_fill", "equals": 3}])"));
  const auto& e = s.expectations;
  ASSERT_EQ(e.size(), 6U);
  EXPECT_EQ(e[0].strategy, "write-then-delete");
  EXPECT_EQ(e[0].command, "run");
  EXPECT_EQ(e[0].comparison, Comparison::at_most);
  EXPECT_EQ(e[0].bound, 0.001);
  EXPECT_EQ(e[1].strategy, "*");
  EXPECT_EQ(e[1].comparison, Comparison::at_least);
  EXPECT_EQ(e[1].bound, 6e8);
  EXPECT_EQ(e[2].mode, "untimed");
  EXPECT_TRUE(e[2].bound_is_flag);
  EXPECT_EQ(e[2].bound, 1.0);
  EXPECT_EQ(e[3].bound, 1e7);
  EXPECT_EQ(e[4].figure, "delta_ns");
  EXPECT_EQ(e[5].comparison, Comparison::equals);
}

TEST(Reader, ReportsAllFaultsInTheOrderOfTheText) {
  EXPECT_THAT(
      faults_of(R"({
  "strategies": ["write-then-delte"],
  "runs": 0, "runs": 1,
  "clients": [{"name": "w", "do": ["wirte"], "conut": 2}],
  "redis": {"latency": 5, "ttl": "-1s"},
  "expect": [{"figure": "stuck.run", "at_most": 0}]
})"),
      ElementsAre(R"(s.json:1:1: /mysql: missing; write "mysql": {"latency": "2ms"})",
                  R"(s.json:2:18: /strategies/0: unknown strategy "write-then-delte"; did you mean )"
                  R"("write-then-delete"?)",
                  "s.json:3:11: /runs: expected a whole number from 1 to 1000000000000, found 0",
                  "s.json:3:14: /runs: this key stands here a second time (first at line 3, column 3); "
                  "remove one",
                  R"(s.json:4:36: /clients/0/do/0: "wirte" is not known here; did you mean "write"?)",
                  R"(s.json:4:46: /clients/0/conut: unknown key; did you mean "count"?)",
                  R"(s.json:5:24: /redis/latency: a bare number is no duration; write "5ms")",
                  R"(s.json:5:34: /redis/ttl: "-1s" is negative; a duration is 0 or more)",
                  R"(s.json:6:25: /expect/0/figure: run has no figure "stuck.run"; did you mean )"
                  R"("stuck.runs"?)"));
}

TEST(Reader, NamesEveryMissingSection) {
  EXPECT_THAT(faults_of("{}"),
              ElementsAre(HasSubstr("s.json:1:1: /redis: missing"), HasSubstr("/mysql: missing"),
                          HasSubstr("/clients: missing"), HasSubstr("/strategies: missing")));
  EXPECT_THAT(faults_of("[]"), ElementsAre(HasSubstr("s.json:1:1: a list stands here; expected an object")));
}

TEST(Reader, ListsTheStrategiesThereAre) {
  EXPECT_THAT(faults_of(with("strategies", "[\"qqq\"]")),
              ElementsAre(HasSubstr(R"(unknown strategy "qqq"; expected "delete-then-write", )")));
  EXPECT_THAT(faults_of(with("strategies", "[3]")),
              ElementsAre(HasSubstr("the name of a strategy; one of \"")));
  EXPECT_THAT(faults_of(with("strategies", R"([{"name": 3, "sleep": 4}])")),
              ElementsAre(HasSubstr("s.json:1:26: /strategies/0/name: a number stands here")));
}

TEST(Reader, CutsAnEndlessListOfFaults) {
  std::string list = "[0";
  for (int i = 0; i < 5000; ++i) list += ",0";
  const auto faults = faults_of(with("clients", list + "]"));
  EXPECT_EQ(faults.size(), 1001U);
  EXPECT_EQ(faults.back(), "s.json: and 4001 more faults");
}

TEST(Reader, ShowsLongAndStrangeNamesInShort) {
  const auto faults = faults_of(with(std::string(100'000, 'x'), "1"));
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_LT(faults.front().size(), 500U);
  EXPECT_THAT(faults_of(with("name\\u001b[31m", "1")),
              ElementsAre(HasSubstr("/name\\u001b[31m: unknown key")));
}

TEST(Durations, AreExact) {
  const auto ns = [](std::string_view text) { return std::get<sim::Duration>(parse_duration(text)).count(); };
  EXPECT_EQ(ns("0ns"), 0);
  EXPECT_EQ(ns("0.25ms"), 250'000);
  EXPECT_EQ(ns("1.5us"), 1500);
  EXPECT_EQ(ns("0.0000000001s"), 0);
  EXPECT_EQ(ns("0.4ns"), 0);
  EXPECT_EQ(ns("0.5ns"), 1);
  EXPECT_EQ(ns("2min"), 120'000'000'000);
  EXPECT_EQ(ns("0.1h"), 360'000'000'000);
  EXPECT_EQ(ns("007ms"), 7'000'000);
  EXPECT_EQ(ns("0.99999999999999999999999999999h"), 3'600'000'000'000);
  EXPECT_EQ(ns("100000h"), longest_duration.count());
  EXPECT_EQ(ns("360000000000000000ns"), longest_duration.count());
}

TEST(Suggestions, ComeFromThePlausibleNames) {
  const std::vector<std::string_view> names = {"latency", "ttl", "service", "redis.del", "stuck.probability"};
  EXPECT_EQ(nearest("latncy", names), "latency");
  EXPECT_EQ(nearest("LATENCY", names), "latency");
  EXPECT_EQ(nearest("altency", names), "latency");
  EXPECT_EQ(nearest("del", names), "redis.del");
  EXPECT_EQ(nearest("stuck.prob", names), "stuck.probability");
  EXPECT_EQ(nearest("tt", names), "ttl");
  EXPECT_EQ(nearest("x", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("replication", names), std::nullopt);
}

}  // namespace
}  // namespace cacherace::scenarios
