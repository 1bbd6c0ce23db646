// The built-in strategies, each with its options, written as a user would write a strategy of one's own.
#pragma once

#include <string>
#include <vector>

namespace cacherace::scenarios {

struct Rewritten {
  std::string built_in;  // as the command line names it
  std::string lists;     // of the definition, in JSON
  [[nodiscard]] bool reads() const { return lists.find("\"read\": ") != std::string::npos; }
};

// A write that keeps the lock as long as it is at it.
inline constexpr const char* locked_write =
    R"("write": [{"redis.lock": "3s"},
                 {"mysql.update": "key", "else": [{"redis.unlock": "key"}, {"return": "nothing"}]},
                 {"redis.del": "key"}, {"redis.unlock": "key"}])";

// A fill under the lock, by that step.
inline std::string locked_read(const std::string& set) {
  return R"("read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"redis.lock": "3s"},
                     {"redis.get": "key", "then": [{"redis.unlock": "key"}, {"return": "cached"}]},
                     {"mysql.select": "key", "else": [{"redis.unlock": "key"}, {"return": "nothing"}]},
                     {")" +
         set + R"(": "selected"}, {"redis.unlock": "key"}, {"return": "selected"}])";
}

// What comes next for who finds another at it, and what goes with a SET that may be refused. Where taking the
// lease fails, the SET is tried all the same.
inline std::string leased(const std::string& busy, const std::string& refused) {
  return R"("write": [{"mysql.update": "key"}, {"redis.del": "key and lease"}],
            "read": [{"redis.get_or_lease": "3s", "then": [{"return": "cached"}], "busy": [)" +
         busy + R"(],
                      "else": [{"mysql.select": "key"}, {"redis.set_with_lease": "selected"},
                               {"return": "selected"}]},
                     {"mysql.select": "key"}, {"redis.set_with_lease": "selected")" +
         refused + R"(}, {"return": "selected"}])";
}

inline const std::vector<Rewritten>& rewritten_strategies() {
  static const std::vector<Rewritten> all = {
      {"delete-then-write", R"("write": [{"redis.del": "key"}, {"mysql.update": "key"}])"},
      {"delete-then-write:on_error=abort",
       R"("write": [{"redis.del": "key", "else": [{"return": "nothing"}]}, {"mysql.update": "key"}])"},
      {"write-then-delete", R"("write": [{"mysql.update": "key"}, {"redis.del": "key"}])"},
      {"delayed-double-delete:sleep=4ms", R"("parameters": {"pause": "4ms"},
         "write": [{"redis.del": "key"}, {"mysql.update": "key"}, {"sleep": "$pause"},
                   {"redis.del": "key"}])"},
      {"delayed-double-delete:sleep=4ms,async=true",
       R"("write": [{"redis.del": "key"}, {"mysql.update": "key"},
                    {"background": [{"sleep": "4ms"}, {"redis.del": "key"}]}])"},
      {"delayed-double-delete:sleep=4ms,first_delete=false",
       R"("write": [{"mysql.update": "key"}, {"sleep": "4ms"}, {"redis.del": "key"}])"},
      {"delayed-double-delete:sleep=4ms,on_error=abort",
       R"("write": [{"redis.del": "key", "else": [{"return": "nothing"}]}, {"mysql.update": "key"},
                    {"sleep": "4ms"}, {"redis.del": "key"}])"},
      {"ttl-only", R"("write": [{"mysql.update": "key"}])"},
      {"binlog-delete", R"("write": [{"mysql.update": "key"}], "consume": [{"redis.del": "key"}])"},
      {"binlog-delete:consumers=2",
       R"("write": [{"mysql.update": "key"}], "consume": [{"redis.del": "key"}], "consumers": 2)"},
      {"binlog-update", R"("write": [{"mysql.update": "key"}], "consume": [{"redis.set": "event"}])"},
      {"write-then-update", R"("write": [{"mysql.update": "key"}, {"redis.set": "updated"}])"},
      {"update-then-write", R"("write": [{"redis.set": "new_value"}, {"mysql.update": "key"}])"},
      {"update-then-write:on_error=abort",
       R"("write": [{"redis.set": "new_value", "then": [{"mysql.update": "key"}]}])"},
      {"delete-in-transaction",
       R"("write": [{"mysql.begin": "transaction"},
                    {"mysql.update": "key",
                     "else": [{"mysql.rollback": "transaction"}, {"return": "nothing"}]},
                    {"redis.del": "key"}, {"mysql.commit": "transaction"}])"},
      {"locking-read",
       R"("write": [{"mysql.begin": "transaction"},
                    {"mysql.update": "key",
                     "else": [{"mysql.rollback": "transaction"}, {"return": "nothing"}]},
                    {"redis.del": "key",
                     "else": [{"mysql.rollback": "transaction"}, {"return": "nothing"}]},
                    {"mysql.commit": "transaction"}],
          "read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.begin": "transaction"},
                   {"mysql.select_for_share": "key",
                    "else": [{"mysql.commit": "transaction", "else": []}, {"return": "nothing"}]},
                   {"redis.set": "selected"}, {"mysql.commit": "transaction", "else": []},
                   {"return": "selected"}])"},
      {"locked:lock_ttl=3s", locked_write + (", " + locked_read("redis.set"))},
      {"locked:lock_ttl=3s,fenced=true", locked_write + (", " + locked_read("redis.set_if_locked"))},
      {"locked:lock_ttl=3s,lock_fill=false", locked_write},
      {"locked:lock_ttl=3s,lock_write=false",
       R"("write": [{"mysql.update": "key"}, {"redis.del": "key"}], )" + locked_read("redis.set")},
      {"lease:lease_ttl=3s", leased(R"({"start_over": "10ms"})", R"(, "else": [{"start_over": "0ms"}])")},
      {"lease:lease_ttl=3s,retry_rejected=false", leased(R"({"start_over": "10ms"})", "")},
      {"lease:lease_ttl=3s,losers=read-database",
       leased(R"({"mysql.select": "key"}, {"redis.set_with_lease": "selected"}, {"return": "selected"})",
              R"(, "else": [{"start_over": "0ms"}])")},
  };
  return all;
}

// The read of those that have none of their own.
inline constexpr const char* cache_aside_steps =
    R"("read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
                {"redis.set": "selected"}, {"return": "selected"}])";

}  // namespace cacherace::scenarios
