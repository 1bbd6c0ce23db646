#include "scenarios/rewritten.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <variant>

#include "scenarios/reader.hpp"

namespace cacherace::scenarios {
namespace {

using Json = nlohmann::ordered_json;
using models::FaultKind;

std::string text_of(sim::Duration duration) {
  return fmt::format("{}ns", sim::nanos(duration));
}

Json json_of(const sim::Latency& latency) {
  const sim::Support support = latency.support();
  if (latency.is_constant()) return text_of(support.min);
  return {{"uniform", {text_of(support.min), text_of(*support.max)}}};
}

Json json_of(const models::ClientGroup& group) {
  Json operations = Json::array();
  for (const auto& planned : group.plan) {
    operations.push_back(planned.kind == models::OperationKind::read ? "read" : "write");
  }
  return {{"name", group.name},
          {"count", group.count},
          {"start", json_of(group.start)},
          {"do", std::move(operations)}};
}

void add_partition(Json& about, const models::Fault& fault) {
  if (fault.link == models::Link::client_store) {
    about["between"] = {*fault.client, models::store_names[static_cast<std::size_t>(fault.store)]};
    about["after"] = text_of(fault.after);
  } else {
    about["between"] = models::link_names[static_cast<std::size_t>(fault.link)];
  }
}

// Where and when it strikes.
void add_occasion(Json& about, const models::Fault& fault) {
  if (fault.command) about["command"] = models::command_names[models::index_of(*fault.command)];
  if (fault.client && fault.kind != FaultKind::partition) about["client"] = *fault.client;
  if (fault.moment == models::Moment::sent) about["at"] = "sent";
  if (fault.moment == models::Moment::after) about["at"] = "after";
  if (fault.time) about["time"] = json_of(*fault.time);
  if (fault.count != 1) about["count"] = fault.count;
  if (fault.probability) about["probability"] = *fault.probability;
  if (fault.occurrence) about["occurrence"] = *fault.occurrence;
}

Json json_of(const models::Fault& fault) {
  Json about = Json::object();
  if (fault.kind == FaultKind::partition) add_partition(about, fault);
  if (fault.replica) about["replica"] = *fault.replica + 1;
  if (fault.kind == FaultKind::evict || fault.kind == FaultKind::expire) {
    about["what"] = models::thing_names[fault.thing];
  }
  if (fault.kind == FaultKind::restart) about["snapshot"] = json_of(fault.snapshot);
  if (fault.kind == FaultKind::clock_jump) about["by"] = text_of(fault.by);
  if (fault.kind == FaultKind::timeout) {
    about["after"] = text_of(fault.after);
    if (!fault.takes_effect) about["effect"] = "none";
  }
  if (fault.delay.support().max != sim::Duration{0}) about["delay"] = json_of(fault.delay);
  if (fault.length.support().max != sim::Duration{0}) about["for"] = json_of(fault.length);
  add_occasion(about, fault);
  return {{models::fault_names[static_cast<std::size_t>(fault.kind)], std::move(about)}};
}

// Those that the text defines, and the one that is followed.
Json strategies_of(const Json& before, const StrategyChoice& strategy) {
  Json strategies = Json::array();
  bool is_own = false;
  for (const Json& one : before) {
    if (!one.is_object() || !one.contains("write")) continue;
    is_own = is_own || one["name"] == strategy.info->name;
    strategies.push_back(one);
  }
  if (!is_own) strategies.push_back(strategy.info->name);
  return strategies;
}

}  // namespace

std::string rewritten_text(const Scenario& changed, std::optional<std::size_t> fault) {
  Json document = Json::parse(changed.text);
  const models::Setup& setup = changed.setup;
  Json clients = Json::array(), faults = Json::array();
  for (const auto& group : setup.clients) clients.push_back(json_of(group));
  if (fault && !setup.faults.empty()) {
    faults.push_back(document["faults"][*fault]);
  } else {
    for (const auto& one : setup.faults) faults.push_back(json_of(one));
  }
  document["clients"] = std::move(clients);
  document["faults"] = std::move(faults);
  document["strategies"] = strategies_of(document["strategies"], changed.strategies.front());
  document["keys"]["cached"] = setup.keys.cached;
  if (setup.redis.replica) document["redis"]["replicas"] = 1;
  if (setup.mysql.replicas > 0) {
    document["mysql"]["replicas"] = setup.mysql.replicas;
    document["mysql"]["read_from"] =
        setup.mysql.read_from == models::ReadFrom::replica ? "replica" : "primary";
  }
  document["runs"] = changed.runs;
  document["seed"] = changed.seed;
  for (const char* gone : {"swarm", "expect"}) document.erase(gone);
  constexpr int indent = 2;
  return document.dump(indent) + "\n";
}

Scenario rewritten(const Scenario& changed, std::optional<std::size_t> fault) {
  auto read = read_scenario(rewritten_text(changed, fault), changed.name, kept_files(changed.files));
  if (const auto* faults = std::get_if<std::vector<Fault>>(&read)) {
    throw std::logic_error("a scenario was rewritten wrongly: " + to_text(faults->front()));
  }
  return std::get<Scenario>(std::move(read));
}

}  // namespace cacherace::scenarios
