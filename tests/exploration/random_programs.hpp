// Random small scenarios with bounds of a few nanoseconds.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "sim/random.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::exploration {

// Draws of program number `number`.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t number) : stream_(seed, number, sim::Purpose(0, 0)) {}

  // 0 … sides - 1.
  std::uint32_t roll(std::uint32_t sides) {
    return static_cast<std::uint32_t>(stream_.next_pair().first % sides);
  }
  bool chance(std::uint32_t of) { return roll(of) == 0; }
  template <class Thing>
  const Thing& one_of(const std::vector<Thing>& things) {
    return things[roll(static_cast<std::uint32_t>(things.size()))];
  }

 private:
  sim::Stream stream_;
};

inline std::string ns(std::uint32_t length) {
  return fmt::format(R"("{}ns")", length);
}
inline std::string uniform(std::uint32_t from, std::uint32_t to) {
  return from == to ? ns(from) : fmt::format(R"({{"uniform": [{}, {}]}})", ns(from), ns(to));
}

// Where each support comes from: mostly a constant, as every length more multiplies the runs.
class Supports {
 public:
  explicit Supports(Dice& dice) : dice_(dice) {}

  std::string leg() { return some(4, 2, 5); }
  std::string start() { return some(20, 3, 3); }
  std::string legs() {
    if (dice_.chance(3)) return leg();
    return fmt::format(R"({{"request": {}, "response": {}}})", leg(), leg());
  }

 private:
  std::string some(std::uint32_t from_below, std::uint32_t more_below, std::uint32_t constants) {
    const std::uint32_t from = dice_.roll(from_below);
    return uniform(from, dice_.chance(constants) ? from + 1 + dice_.roll(more_below) : from);
  }

  Dice& dice_;
};

struct RandomProgram {
  std::string strategy;
  std::string text;  // of the scenario
};

inline std::string random_strategy(Dice& dice) {
  static const std::vector<std::string> names = {
      "delete-then-write", "write-then-delete", "write-then-update",     "update-then-write",    "ttl-only",
      "binlog-delete",     "binlog-update",     "delayed-double-delete", "delayed-double-delete"};
  std::string name = dice.one_of(names);
  if (name != "delayed-double-delete") return name;
  name += fmt::format(":sleep={}ns", dice.roll(7));
  if (dice.chance(3)) name += ",async=true";
  if (dice.chance(4)) name += ",first_delete=false";
  return name;
}

inline std::string random_clients(Dice& dice, Supports& supports) {
  static const std::vector<std::string> thinks = {R"("0ns")", R"({"uniform": ["0ns", "1ns"]})",
                                                  R"({"uniform": ["1ns", "2ns"]})", R"("1ns")"};
  std::string clients;
  const auto add = [&](const char* name, std::uint32_t count, const std::string& plan) {
    clients +=
        fmt::format(R"({}{{"name": "{}", "count": {}, "start": {}, "do": {}, "think": {}}})",
                    clients.empty() ? "" : ", ", name, count, supports.start(), plan, dice.one_of(thinks));
  };
  const std::string plan_of_writer =
      dice.one_of<std::string>({R"(["write"])", R"(["write"])", R"(["write"])", R"(["write"])",
                                R"(["write", "read"])", R"(["write", "write"])"});
  const std::string plan_of_reader =
      dice.one_of<std::string>({R"(["read"])", R"(["read"])", R"(["read"])", R"(["read"])",
                                R"(["read", "read"])", R"(["read", "write"])"});
  add("writer", 1 + dice.roll(6) / 5, plan_of_writer);
  if (const std::uint32_t readers = (2 + dice.roll(5)) / 3) add("reader", readers, plan_of_reader);
  return clients;
}

inline std::string random_stores(Dice& dice, Supports& supports) {
  const bool replicated = dice.chance(4);
  const std::string ttl =
      dice.chance(3) ? fmt::format(R"(, "ttl": {})", ns(1 + dice.roll(replicated ? 3 : 8))) : "";
  std::string replicas;
  if (replicated) {
    replicas = fmt::format(R"(, "replicas": {}, "replication_lag": {}, "read_from": "replica")",
                           1 + dice.roll(3) / 2, supports.leg());
    if (dice.chance(4)) replicas += R"(, "replica_choice": "session")";
  }
  const std::string service =
      dice.chance(4) ? fmt::format(R"(, "service": {{"{}": {}}})",
                                   dice.one_of<std::string>({"update", "commit", "select"}), supports.leg())
                     : "";
  return fmt::format(
      R"("redis": {{"latency": {}{}}}, "mysql": {{"latency": {}{}{}}}, "queue": {{"latency": {}}},
  "keys": {{"count": {}, "cached": {}}})",
      supports.legs(), ttl, supports.legs(), service, replicas, supports.leg(), dice.chance(12) ? 2 : 1,
      dice.chance(2));
}

inline std::string random_scenario(Dice& dice) {
  Supports supports(dice);
  const std::string stores = random_stores(dice, supports);
  return fmt::format(R"({{"name": "tiny", {},
  "clients": [{}],
  "strategies": ["ttl-only"]}})",
                     stores, random_clients(dice, supports));
}

// Readers that begin about when a writer does, so that a fill may land behind a second delete: where sleeps
// have thresholds.
inline std::string random_late_readers(Dice& dice) {
  const auto support = [&](std::uint32_t least_below, std::uint32_t more_below) {
    const std::uint32_t least = dice.roll(least_below);
    return uniform(least, least + dice.roll(more_below));
  };
  const bool replica = dice.chance(3), ttl = dice.chance(6);
  const std::string of_mysql =
      (replica ? R"(, "replicas": 1, "replication_lag": )" + support(3, 3) + R"(, "read_from": "replica")"
               : "") +
      (dice.chance(3) ? R"(, "service": {"select": )" + support(2, 2) + "}" : "");
  const std::uint32_t begin = 2 + dice.roll(3), length = dice.roll(3), later = replica ? dice.roll(4) : 0;
  const std::string clients = fmt::format(
      R"({{"name": "writer", "count": {}, "start": {}, "do": ["write"]}},
              {{"name": "reader", "count": {}, "start": {}, "do": {}, "think": "1ns"}})",
      dice.chance(8) ? 2 : 1, ns(begin), dice.chance(6) ? 2 : 1,
      uniform(begin + later - 2, begin + later - 2 + length),
      dice.chance(5) ? R"(["read", "read"])" : R"(["read"])");
  return fmt::format(R"({{"name": "late", "redis": {{"latency": {{"request": {}, "response": {}}}{}}},
  "mysql": {{"latency": {{"request": {}, "response": {}}}{}}}, "keys": {{"cached": {}}},
  "clients": [{}],
  "strategies": ["ttl-only"]}})",
                     support(2, 2), ns(dice.roll(2)), ttl ? R"(, "ttl": )" + ns(2 + dice.roll(8)) : "",
                     ns(dice.roll(3)), support(2, 4), of_mysql, dice.chance(4), clients);
}

inline RandomProgram random_program(std::uint64_t seed, std::uint64_t number) {
  Dice dice(seed, number);
  const std::string strategy = random_strategy(dice);
  return {strategy, random_scenario(dice)};
}

// Sanitizers make a search several times slower; what they look for shows in few programs.
inline constexpr std::uint64_t programs_divisor = support::sanitized ? 10 : 1;

// A number for tests that are to run longer, or with another seed, than they do by themselves.
inline std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace cacherace::exploration
