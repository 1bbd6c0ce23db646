#include "models/outages.hpp"

#include "models/faults.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

Outages::Outages(const sim::World& world, const Setup& setup) : world_(world), setup_(setup) {}

void Outages::begin_run(std::uint64_t seed, std::uint64_t run) {
  outages_.clear();
  for (std::size_t place = 0; place < setup_.faults.size(); ++place) {
    const Fault& fault = setup_.faults[place];
    if (!lasts(fault.kind) || !takes_part(world_, setup_.swarm, seed, run, place)) continue;
    sim::Stream draws(seed, run, purpose(static_cast<std::uint32_t>(place), Role::outage));
    for (std::uint32_t i = 0; i < fault.count; ++i) {
      const sim::Time from = sim::time_zero + fault.time->at(draws.next_fraction());
      const sim::Time to = from + fault.length.at(draws.next_fraction());
      const bool strikes = !fault.probability || draws.next_fraction() < *fault.probability;
      if (strikes) outages_.push_back({&fault, from, to});
    }
  }
}

// The end of one may lie in another.
template <class Concerns>
Arrival Outages::pass(sim::Time at, const Concerns& concerns) const {
  Arrival arrival{at};
  for (bool moved = true; moved;) {
    moved = false;
    for (const Outage& outage : outages_) {
      if (arrival.at < outage.from || arrival.at >= outage.to || !concerns(*outage.fault)) continue;
      arrival = {outage.to, outage.fault};
      moved = true;
    }
  }
  return arrival;
}

Arrival Outages::between(std::string_view group, Store store, sim::Time at) const {
  return pass(at, [&](const Fault& fault) {
    return fault.link == Link::client_store && fault.kind == FaultKind::partition && fault.store == store &&
           fault.client == group;
  });
}

sim::Time Outages::over(Link link, sim::Time at) const {
  return pass(at, [link](const Fault& fault) { return fault.link == link; }).at;
}

sim::Time Outages::to_replica(std::uint32_t replica, sim::Time at) const {
  const auto concerns = [replica](const Fault& fault) {
    return fault.link == Link::mysql_replica && fault.replica.value_or(replica) == replica;
  };
  return pass(at, concerns).at;
}

sim::Time Outages::at_replica(std::uint32_t replica, sim::Time at) const {
  const auto concerns = [&](const Fault& fault) {
    const bool holds_up = fault.kind == FaultKind::stall || fault.link == Link::mysql_replica;
    return holds_up && fault.replica.value_or(replica) == replica;
  };
  return pass(at, concerns).at;
}

}  // namespace cacherace::models
