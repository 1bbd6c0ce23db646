// What befalls stores, queues and waits, against brute force: failovers of the database, consumers that are
// replaced, partitions that move, waits that end.
#include <gtest/gtest.h>

#include "tests/exploration/every_order.hpp"

namespace cacherace::exploration {
namespace {

class ShortOrder final : public OneOrder {
 public:
  ShortOrder(const sim::Choices& script, std::vector<sim::Choices>& others) : OneOrder(script, others, 16) {}
};

constexpr std::uint64_t orders_max = 20'000;
constexpr const char* failover = R"(, "faults": [{"database-failover": {"time": "1ms"}}])";

// Programs with 1w1r, 2w0r, cold and cached, unless they have clients of their own; how many were compared.
std::uint64_t compare(const Program& program) {
  std::uint64_t compared = 0;
  for (const bool cached : {false, true}) {
    for (const auto& [writers, readers] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {2, 0}}) {
      Program one = program;
      one.cached = cached;
      one.writers = writers;
      one.readers = readers;
      compared += expect_same<ShortOrder>(one, orders_max) <= orders_max ? 1 : 0;
      if (!program.clients.empty()) break;
    }
  }
  return compared;
}

TEST(TroubleTwin, agrees_where_the_database_fails_over) {
  std::uint64_t compared = 0;
  for (const char* strategy :
       {"write-then-delete", "delete-then-write", "write-then-update", "versioned-update",
        "versioned-tombstone", "binlog-delete", "binlog-update", "binlog-versioned", "locking-read",
        "delete-in-transaction", "update-then-write", "lease"}) {
    compared += compare({.strategy = strategy, .more = failover, .mysql = R"(, "replicas": 1)"});
    compared += compare({.strategy = strategy, .replica = true, .more = failover});
  }
  EXPECT_GT(compared, 60U);
}

TEST(TroubleTwin, agrees_where_semi_synchronous_commits_survive_a_failover) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"write-then-delete", "versioned-update", "binlog-update"}) {
    for (const char* mode : {"after_sync", "after_commit"}) {
      const auto mysql = fmt::format(R"(, "replicas": 1, "semi_sync": {{"mode": "{}", "ack": "1ms"}})", mode);
      compared += compare({.strategy = strategy, .more = failover, .mysql = mysql});
    }
  }
  EXPECT_GT(compared, 15U);
}

// After the flush and before others see the row: a consumer of the binlog is there early, an outbox's is not.
TEST(TroubleTwin, agrees_where_commits_wait_before_others_see_them) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"binlog-delete", "binlog-update", "outbox"}) {
    for (const char* mode : {"after_sync", "after_commit"}) {
      compared += compare({.strategy = strategy,
                           .mysql = fmt::format(R"(, "semi_sync": {{"mode": "{}", "ack": "1ms"}})", mode)});
    }
  }
  EXPECT_GT(compared, 20U);
}

// A command, its reply and what then befalls a store are apart: others may come in between. All parts of all
// events by brute force.
TEST(TroubleTwin, agrees_where_something_befalls_a_store_at_a_command) {
  struct Case {
    const char* strategy;
    const char* fault;
    const char* redis = "";
    const char* mysql = "";
  };
  constexpr const char* replica = R"(, "replicas": 1)";
  std::uint64_t compared = 0;
  for (const Case& one : std::vector<Case>{
           {"write-then-delete", R"({"evict": {"command": "redis.get", "at": "after", "occurrence": 1}})"},
           {"write-then-delete", R"({"evict": {"command": "redis.set", "at": "after", "probability": 0.5}})"},
           {"write-then-update",
            R"({"evict": {"command": "redis.set", "at": "before", "probability": 0.5}})"},
           {"write-then-update", R"({"evict": {"command": "mysql.select", "at": "after", "occurrence": 1}})"},
           {"write-then-update", R"({"failover": {"command": "redis.set", "at": "after", "occurrence": 1}})",
            replica},
           {"write-then-delete", R"({"failover": {"command": "redis.del", "at": "before", "occurrence": 1}})",
            replica},
           {"write-then-delete",
            R"({"database-failover": {"command": "mysql.update", "at": "after", "occurrence": 1}})", "",
            replica},
           {"write-then-delete",
            R"({"database-failover": {"command": "redis.del", "at": "after", "probability": 0.5}})", "",
            replica},
           {"ttl-only",
            R"({"database-failover": {"command": "mysql.update", "client": "writer", "occurrence": 1}})", "",
            replica},
           {"write-then-update",
            R"({"restart": {"snapshot": "1ms", "command": "redis.set", "at": "after", "occurrence": 1}})"}}) {
    for (const bool cached : {false, true}) {
      for (const auto& [writers, readers] : {std::pair(1U, 1U), std::pair(2U, 0U)}) {
        Program program{.strategy = one.strategy,
                        .writers = writers,
                        .readers = readers,
                        .cached = cached,
                        .more = fmt::format(R"(, "faults": [{}])", one.fault),
                        .mysql = one.mysql,
                        .redis = one.redis};
        constexpr std::uint64_t most = 60'000;
        compared += expect_same<OneFineOrder>(program, most) <= most ? 1 : 0;
      }
    }
  }
  EXPECT_GT(compared, 25U);
}

TEST(TroubleTwin, agrees_where_consumers_crash_or_lose_their_partitions) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"binlog-delete", "binlog-update", "binlog-versioned", "outbox"}) {
    for (const int acknowledge : {1, 2}) {
      for (const char* fault :
           {R"({"rebalance": {"command": "redis.COMMAND", "at": "after", "occurrence": 1}})",
            R"({"rebalance": {"command": "redis.COMMAND", "client": "consumer", "probability": 0.5}})",
            R"({"rebalance": {"time": "1ms"}})", R"({"rebalance": {"time": "1ms", "count": 2}})",
            R"({"crash": {"client": "consumer", "command": "redis.COMMAND", "occurrence": 1}})",
            R"({"crash": {"client": "consumer", "command": "redis.COMMAND", "at": "sent", "occurrence": 1}})",
            R"({"crash": {"client": "consumer", "command": "redis.COMMAND", "at": "after", "occurrence": 2,
                          "for": "1ms"}})"}) {
        std::string text =
            fmt::format(R"(, "queue": {{"ack_every": {}}}, "faults": [{}])", acknowledge, fault);
        const std::string of = strategy;
        const char* command = of == "binlog-update" ? "set" : of == "binlog-versioned" ? "script" : "del";
        if (const auto place = text.find("COMMAND"); place != std::string::npos)
          text.replace(place, 7, command);
        compared += compare({.strategy = of, .more = text});
        if (of != "outbox") compared += compare({.strategy = of + ":consumers=2", .more = text});
      }
    }
  }
  EXPECT_GT(compared, 200U);
}

// Which script is still on its way makes a difference, where nobody is left who would know.
TEST(TroubleTwin, agrees_where_scripts_outlive_their_clients) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"logical-expiry", "refresh-ahead", "lease", "versioned-update",
                               "versioned-tombstone", "tag-deleted", "pending-marker", "locked"}) {
    for (const char* fault :
         {R"({"crash": {"command": "redis.script", "at": "sent", "probability": 0.5}})",
          R"({"crash": {"command": "redis.script", "client": "reader", "at": "sent", "probability": 0.5}})",
          R"({"crash": {"command": "redis.script", "client": "reader", "at": "after", "probability": 0.5}})",
          R"({"timeout": {"command": "redis.script", "after": "5ms", "occurrence": 1}})"}) {
      compared += compare({.strategy = strategy, .more = fmt::format(R"(, "faults": [{}])", fault)});
    }
  }
  EXPECT_GT(compared, 60U);
}

TEST(TroubleTwin, agrees_where_messages_go_to_partitions_in_turn) {
  const std::string two_keys =
      R"([{"name": "a", "do": [{"write": "k0"}]}, {"name": "b", "do": [{"write": "k1"}, {"write": "k0"}]}])";
  std::uint64_t compared = 0;
  for (const char* strategy :
       {"binlog-delete:consumers=2", "binlog-update:consumers=2", "binlog-update:consumers=3",
        "binlog-versioned:consumers=2", "binlog-update:consumers=1"}) {
    const std::string of = strategy;
    const char* command = of.starts_with("binlog-update") ? "set"
                          : of.starts_with("binlog-v")    ? "script"
                                                          : "del";
    for (const std::string& fault :
         {std::string(), std::string(R"({"duplicate": {"occurrence": 1}})"),
          std::string(R"({"reorder": {"occurrence": 1}})"), std::string(R"({"rebalance": {"time": "1ms"}})"),
          fmt::format(R"({{"crash": {{"client": "consumer", "command": "redis.{}", "occurrence": 1}}}})",
                      command)}) {
      Program program{
          .strategy = of,
          .more = fmt::format(
              R"(, "queue": {{"partitions": 2, "partitioner": "round_robin"}}, "faults": [{}])", fault)};
      compared += compare(program);
      program.clients = two_keys;
      program.keys = 2;
      compared += compare(program);
    }
  }
  EXPECT_GT(compared, 80U);
}

TEST(TroubleTwin, agrees_where_waits_come_to_an_end) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"locking-read", "delete-in-transaction"}) {
    compared += compare({.strategy = strategy, .mysql = R"(, "lock_wait_timeout": "1ms")"});
  }
  const std::string alone = R"([{"name": "a", "do": ["write", "read"]}])";
  const std::string two = R"([{"name": "a", "do": ["write", "read"]}, {"name": "b", "do": ["write"]}])";
  for (const std::string& clients : {alone, two}) {
    for (const std::uint32_t replicas : {1U, 2U}) {
      compared += compare({.strategy = "write-then-delete",
                           .replica = true,
                           .clients = clients,
                           .replicas = replicas,
                           .mysql = R"(, "gtid_wait": "1ms")"});
    }
  }
  const std::string waits = R"({"name": "waits", "write": [{"mysql.update": "key"}, {"redis.del": "key"},
                                {"redis.wait": "1ms", "else": [{"redis.del": "key"}]}]})";
  compared += compare({.strategy = waits,
                       .more = R"(, "faults": [{"failover": {"time": "1ms"}}])",
                       .redis = R"(, "replicas": 1, "replication_lag": "1ms")"});
  EXPECT_GT(compared, 10U);
}

TEST(TroubleTwin, agrees_where_clients_keep_copies_of_their_own) {
  std::uint64_t compared = 0;
  for (const char* strategy : {"client-tracking", "client-tracking:placeholder=false"}) {
    for (const char* clients :
         {R"([{"name": "writer", "do": ["write"]}, {"name": "reader", "do": ["read", "read"]}])",
          R"([{"name": "a", "do": ["read", "write", "read"]}])",
          R"([{"name": "a", "do": ["read", "read"]}, {"name": "b", "do": ["read"]}])"}) {
      for (const char* more : {"", R"(, "faults": [{"evict": {"time": "1ms"}}])"}) {
        compared += compare({.strategy = strategy, .more = more, .clients = clients});
      }
    }
  }
  EXPECT_GT(compared, 15U);
}

}  // namespace
}  // namespace cacherace::exploration
