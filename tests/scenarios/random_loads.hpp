// Random scenarios about the load of a database, with everything that makes or spares SELECTs.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <random>
#include <string>

#include "tests/support/reading.hpp"

namespace cacherace::scenarios {

class RandomLoad {
 public:
  explicit RandomLoad(std::uint32_t seed) : seed_(seed), draws_(seed) {}

  Scenario make() {
    const bool some_missing = below(2) == 0;
    const std::string redis = draw_redis(some_missing);
    const std::string mysql =
        one_of({R"("2ms")", R"({"uniform": ["0ns", "4ns"]})", R"({"uniform": ["2ms", "9ms"]})"});
    const std::string cached = flag();
    const std::uint32_t missing = some_missing ? 1 + below(3) : 0;
    const std::string clients = draw_clients();
    const std::string faults = draw_faults();
    const std::string strategy =
        one_of({"write-then-delete", "delete-then-write", "ttl-only", "write-then-update", "binlog-delete"});
    return must_read(fmt::format(
        R"({{"name": "load", "redis": {{{}}}, "mysql": {{"latency": {}}},
    "keys": {{"count": 3, "cached": {}, "missing": {}}}, "clients": [{}], "faults": [{}],
    "strategies": ["{}"], "runs": 40, "seed": {}}})",
        redis, mysql, cached, missing, clients, faults, strategy, seed_));
  }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(draws_() % n); }
  std::string one_of(std::initializer_list<const char*> choices) {
    return choices.begin()[below(static_cast<std::uint32_t>(choices.size()))];
  }
  std::string flag() { return one_of({"true", "false"}); }

  std::string draw_redis(bool some_missing) {
    std::string redis = R"("latency": )" + one_of({R"("1ms")", R"({"uniform": ["0ns", "3ns"]})",
                                                   R"({"uniform": ["1ms", "3ms"]})"});
    if (below(2) == 0) {
      redis += R"(, "ttl": )" + one_of({R"("5ns")", R"("10ms")", R"("80ms")"});
      if (below(2) == 0) redis += R"(, "ttl_jitter": "20ms")";
    }
    if (some_missing && below(2) == 0) redis += R"(, "negative_ttl": )" + one_of({R"("9ns")", R"("30ms")"});
    return redis;
  }

  std::string draw_clients() {
    const std::uint32_t count = 1 + below(8);
    const std::uint32_t operations = 5 + below(20);
    const std::string think = one_of({R"("0ms")", R"("1ms")", R"({"exponential": {"mean": "9ms"}})"});
    const std::string mixed_join = flag();
    const std::string readers_join = flag();
    return fmt::format(
        R"({{"name": "mixed", "count": {}, "operations": {}, "mix": {{"read": 5, "write": 1}}, "think": {},
         "coalesce": {}}},
        {{"name": "reader", "count": 3, "do": ["read"], "repeat": 6, "think": "1ms", "coalesce": {}}})",
        count, operations, think, mixed_join, readers_join);
  }

  std::string draw_faults() {
    std::string faults;
    for (const char* fault :
         {R"({"fail": {"command": "mysql.select", "probability": 0.2}})",
          R"({"timeout": {"command": "mysql.select", "after": "3ms", "probability": 0.2}})",
          R"({"crash": {"command": "mysql.select", "at": "sent", "probability": 0.05}})",
          R"({"crash": {"command": "redis.del", "probability": 0.1}})",
          R"({"crash": {"command": "redis.set", "at": "after", "probability": 0.05}})",
          R"({"pause": {"command": "mysql.select", "for": "4ms", "probability": 0.2}})",
          R"({"pause": {"command": "mysql.select", "at": "after", "for": "4ms", "probability": 0.2}})"}) {
      if (below(3) == 0) faults += (faults.empty() ? "" : ", ") + std::string(fault);
    }
    return faults;
  }

  std::uint32_t seed_;
  std::mt19937 draws_;
};

inline Scenario random_load(std::uint32_t seed) {
  return RandomLoad(seed).make();
}

}  // namespace cacherace::scenarios
