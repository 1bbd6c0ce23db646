#include "exploration/explorable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "exploration/monitor.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::Scenario;

// A latency that orders depend on, and where the scenario has it.
struct Named {
  std::string place;
  const sim::Latency* latency;
};

std::vector<Named> latencies_of(const Scenario& scenario) {
  const models::Setup& setup = scenario.setup;
  std::vector<Named> all = {{"redis.latency", &setup.redis.legs.request},
                            {"redis.latency", &setup.redis.legs.response},
                            {"mysql.latency", &setup.mysql.legs.request},
                            {"mysql.latency", &setup.mysql.legs.response},
                            {"queue.latency", &setup.queue.latency}};
  if (setup.mysql.replicas > 0) all.push_back({"mysql.replication_lag", &setup.mysql.replication_lag});
  if (setup.mysql.semi_sync != models::SemiSync::off) {
    all.push_back({"mysql.semi_sync", &setup.mysql.semi_sync_ack});
  }
  for (std::size_t i = 0; i < models::command_count; ++i) {
    all.push_back({fmt::format("the service time of {}", models::command_names[i]), &setup.service[i]});
  }
  for (const auto& group : setup.clients) {
    all.push_back({fmt::format("the start of client {}", scenarios::quoted(group.name)), &group.start});
    all.push_back({fmt::format("the think time of client {}", scenarios::quoted(group.name)), &group.think});
  }
  for (std::size_t i = 0; i < setup.faults.size(); ++i) {
    all.push_back({fmt::format("the delay of fault {}", i + 1), &setup.faults[i].delay});
    all.push_back({fmt::format("the length of fault {}", i + 1), &setup.faults[i].length});
    if (setup.faults[i].time)
      all.push_back({fmt::format("the time of fault {}", i + 1), &*setup.faults[i].time});
  }
  return all;
}

std::uint64_t writes_of(const Scenario& scenario) {
  std::uint64_t writes = 0;
  for (const auto& group : scenario.setup.clients) {
    const auto in_plan = static_cast<std::uint64_t>(
        std::ranges::count(group.plan, models::OperationKind::write, &models::PlannedOperation::kind));
    if (in_plan > 0 && group.repeat >= values_max) return values_max;
    writes += in_plan * group.repeat * group.count;
  }
  return writes;
}

std::uint64_t clients_of(const Scenario& scenario) {
  std::uint64_t clients = 0;
  for (const auto& group : scenario.setup.clients) clients += group.count;
  return clients;
}

// What becomes of times when a store comes back is not followed in timed orders.
bool a_store_comes_back(const Scenario& scenario) {
  return std::ranges::any_of(scenario.setup.faults, [](const models::Fault& fault) {
    return models::brings_back(fault.kind) || fault.kind == models::FaultKind::database_failover;
  });
}

// What says the same of orders, which know no instants.
const char* for_orders(const models::Fault& fault) {
  static constexpr const char* replica =
      "give a longer \"replication_lag\" (untimed, a replica lags as long as it likes)";
  if (fault.kind == models::FaultKind::stall) return replica;
  switch (fault.link) {
    case models::Link::client_store:
      return "list \"timeout\", with the command that is late";
    case models::Link::mysql_queue:
    case models::Link::queue_consumer:
      return "give a longer \"queue\" latency (untimed, a message takes as long as it likes)";
    case models::Link::mysql_replica:
    case models::Link::redis_replica:
      break;
  }
  return replica;
}

// Faults that are about instants.
std::optional<std::string> why_about_instants(const models::Fault& fault) {
  const bool jumps = fault.kind == models::FaultKind::clock_jump;
  if (!jumps && !models::lasts(fault.kind)) return std::nullopt;
  return fmt::format("the fault {} only runs by time have; for orders, {}",
                     scenarios::quoted(models::fault_names[static_cast<std::size_t>(fault.kind)]),
                     jumps ? "list \"expire\", with a \"count\"" : for_orders(fault));
}

std::optional<std::string> why_not_timed(const Scenario& scenario) {
  if (a_store_comes_back(scenario)) {
    return "the faults \"failover\", \"restart\" and \"database-failover\" are explored without time: add "
           "--untimed";
  }
  for (const auto& [place, latency] : latencies_of(scenario)) {
    if (latency->support().max) continue;
    return fmt::format(
        "{} has no upper end, so no order of events can be excluded by time: add \"max\", as in "
        "{{\"exponential\": {{\"mean\": \"5ms\"}}, \"max\": \"100ms\"}}, or explore with --untimed",
        place);
  }
  if (const auto place = longer_than(scenario, longest_timed)) {
    return fmt::format("{} can be longer than 1,000 h; exploring timed orders takes shorter ones", *place);
  }
  if (scenario.setup.redis.ttl && scenario.setup.redis.ttl_jitter > sim::Duration{0}) {
    return "\"redis\" has \"ttl_jitter\", and exploring timed orders takes entries that all live equally "
           "long: "
           "remove it, or explore with --untimed, where nothing expires";
  }
  constexpr std::uint64_t clients_max = 32;
  if (clients_of(scenario) > clients_max) {
    return fmt::format("more than {} clients; exploring every order is for few", clients_max);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> longer_than(const Scenario& scenario, sim::Duration most) {
  for (const auto& [place, latency] : latencies_of(scenario)) {
    if (latency->support().max.value_or(most) > most) return place;
  }
  if (scenario.setup.redis.ttl.value_or(sim::Duration{0}) > most) return "redis.ttl";
  const models::MysqlSetup& mysql = scenario.setup.mysql;
  if (mysql.lock_wait_timeout.value_or(sim::Duration{0}) > most) return "mysql.lock_wait_timeout";
  if (mysql.gtid_wait.value_or(sim::Duration{0}) > most) return "mysql.gtid_wait";
  return std::nullopt;
}

std::optional<std::string> why_only_by_time(const Scenario& scenario) {
  if (scenario.setup.keys.missing > 0) return "\"keys\" has \"missing\", which only runs by time have";
  for (const auto& group : scenario.setup.clients) {
    if (!group.coalesce) continue;
    return fmt::format("client {} has \"coalesce\", which only runs by time have",
                       scenarios::quoted(group.name));
  }
  if (scenario.setup.redis.maxmemory) {
    return "\"redis\" has \"maxmemory\", which only runs by time have; for orders, list the fault \"evict\"";
  }
  for (const auto& fault : scenario.setup.faults) {
    if (auto reason = why_about_instants(fault)) return reason;
  }
  return std::nullopt;
}

std::optional<std::string> why_not_drawable(const Scenario& scenario) {
  const auto reason = why_only_by_time(scenario);
  if (!reason) return std::nullopt;
  if (scenario.setup.keys.missing > 0) return *reason + ": remove it, and redis.negative_ttl";
  const bool coalesces = std::ranges::any_of(scenario.setup.clients, &models::ClientGroup::coalesce);
  return coalesces ? *reason + ": remove it, or give --clients 2w3r" : *reason;
}

std::optional<std::string> why_not_explorable(const Scenario& scenario, bool timed) {
  if (auto reason = why_not_drawable(scenario)) return reason;
  for (const auto& group : scenario.setup.clients) {
    if (group.plan.empty()) {
      return fmt::format(
          "client {} has a \"mix\"; exploring every order needs the operations one by one: "
          "write \"do\": [\"read\", …], or give --clients 2w3r",
          scenarios::quoted(group.name));
    }
  }
  for (const auto& fault : scenario.setup.faults) {
    if (!fault.client || *fault.client == models::consumer_name) continue;
    const bool exists = std::ranges::any_of(scenario.setup.clients,
                                            [&](const auto& group) { return group.name == *fault.client; });
    if (!exists) {
      return fmt::format("a fault names the client {}, which is not among the clients that replace it",
                         scenarios::quoted(*fault.client));
    }
  }
  if (writes_of(scenario) >= values_max) {
    return fmt::format("more than {} writes; exploring every order is for few operations", values_max - 1);
  }
  return timed ? why_not_timed(scenario) : std::nullopt;
}

std::optional<Crowd> read_crowd(std::string_view text) {
  constexpr std::uint32_t clients_max = 30;
  Crowd crowd;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (const auto& [count, letter] : {std::pair(&crowd.writers, 'w'), std::pair(&crowd.readers, 'r')}) {
    const auto [rest, error] = std::from_chars(at, end, *count);
    if (error != std::errc() || rest == end || *rest != letter || *count > clients_max) return std::nullopt;
    at = rest + 1;
  }
  if (at != end || crowd.writers + crowd.readers == 0) return std::nullopt;
  return crowd;
}

void replace_clients(Scenario& scenario, const Crowd& crowd) {
  scenario.setup.clients.clear();
  const auto add = [&](const char* name, std::uint32_t count, models::OperationKind kind) {
    if (count > 0) scenario.setup.clients.push_back({.name = name, .count = count, .plan = {{kind, {}}}});
  };
  add("writer", crowd.writers, models::OperationKind::write);
  add("reader", crowd.readers, models::OperationKind::read);
}

}  // namespace cacherace::exploration
