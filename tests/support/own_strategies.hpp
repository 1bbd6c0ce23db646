// The built-in strategies, each with its options, written as a user would write a strategy of one's own.
#pragma once

#include <string>
#include <vector>

namespace cacherace::scenarios {

struct Rewritten {
  std::string built_in;  // as the command line names it
  std::string lists;     // of the definition, in JSON
};

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
  };
  return all;
}

// The read that all of them do.
inline constexpr const char* cache_aside_steps =
    R"("read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
                {"redis.set": "selected"}, {"return": "selected"}])";

}  // namespace cacherace::scenarios
