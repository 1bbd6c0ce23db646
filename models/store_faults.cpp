#include "models/store_faults.hpp"

#include "models/delays.hpp"
#include "models/faults.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// All strikes of one fault.
class StoreFaults::Strike final : public sim::Wakeable {
 public:
  Strike(StoreFaults& faults, const Fault& fault, std::uint32_t place)
      : Wakeable([](Wakeable& self) { static_cast<Strike&>(self).come(); }, sim::Part::step,
                 tag_of(Actor::store_fault, place)),
        faults_(faults),
        fault_(fault),
        place_(place) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    if (!takes_part(faults_.world_, faults_.swarm_, seed, run, place_)) return;
    draws_ = {seed, run, purpose(place_, Role::store_fault)};
    for (std::uint32_t i = 0; i < fault_.count; ++i) {
      faults_.world_.schedule(delay_of(faults_.world_, *fault_.time, draws_), *this);
      ++faults_.pending_;
    }
  }

 private:
  void come() {
    sim::World& world = faults_.world_;
    const bool all_is_over = world.pending() < faults_.pending_;
    --faults_.pending_;
    const std::size_t victims = faults_.target_.victims(fault_);
    faults_.target_.strike(fault_, all_is_over ? victims : choose(victims));
    if (all_is_over || victims == 0) world.disregard_this_instant();
  }

  // One of the victims; `victims` itself: none.
  std::size_t choose(std::size_t victims) {
    sim::World& world = faults_.world_;
    if (victims == 0) return 0;
    if (!world.is_chosen()) {
      const bool strikes = !fault_.probability || draws_.next_fraction() < *fault_.probability;
      if (!strikes) return victims;
      return static_cast<std::size_t>(draws_.next_fraction() * static_cast<double>(victims));
    }
    const bool may_spare = fault_.probability.value_or(1.0) < 1.0;
    const std::size_t choice = world.pick(victims + (may_spare ? 1 : 0));
    return may_spare ? (choice == 0 ? victims : choice - 1) : choice;
  }

  StoreFaults& faults_;
  const Fault& fault_;
  std::uint32_t place_;
  sim::Stream draws_;
};

// What a restart will start from.
class StoreFaults::Snapshot final : public sim::Wakeable {
 public:
  Snapshot(StoreFaults& faults, const Fault& fault, std::uint32_t place)
      : Wakeable([](Wakeable& self) { static_cast<Snapshot&>(self).come(); }, sim::Part::uncounted,
                 tag_of(Actor::store_fault, place, 1)),
        faults_(faults),
        fault_(fault),
        place_(place) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    if (!takes_part(faults_.world_, faults_.swarm_, seed, run, place_)) return;
    sim::Stream draws(seed, run, purpose(place_, Role::snapshot));
    faults_.world_.schedule(delay_of(faults_.world_, fault_.snapshot, draws), *this);
    ++faults_.pending_;
  }

 private:
  void come() {
    const bool all_is_over = faults_.world_.pending() < faults_.pending_;
    --faults_.pending_;
    if (!all_is_over) faults_.target_.take_snapshot();
    faults_.world_.disregard_this_instant();
  }

  StoreFaults& faults_;
  const Fault& fault_;
  std::uint32_t place_;
};

StoreFaults::StoreFaults(sim::World& world, Target& target, const Setup& setup)
    : world_(world), swarm_(setup.swarm), target_(target) {
  for (std::uint32_t place = 0; place < setup.faults.size(); ++place) {
    const Fault& fault = setup.faults[place];
    if (fault.time && !lasts(fault.kind)) strikes_.push_back(std::make_unique<Strike>(*this, fault, place));
    if (fault.kind == FaultKind::restart)
      snapshots_.push_back(std::make_unique<Snapshot>(*this, fault, place));
  }
}

StoreFaults::~StoreFaults() = default;

void StoreFaults::begin_run(std::uint64_t seed, std::uint64_t run) {
  pending_ = 0;
  for (const auto& snapshot : snapshots_) snapshot->begin_run(seed, run);
  for (const auto& strike : strikes_) strike->begin_run(seed, run);
}

}  // namespace cacherace::models
