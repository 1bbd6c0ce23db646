#include "exploration/splitting.hpp"

#include <cassert>

#include "exploration/resampling.hpp"
#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

// How often a move to where a run is not bad at the level's value is looked at any closer.
constexpr double look_closer = 1.0 / 16.0;

class Splitting {
 public:
  Splitting(const SplittingPlan& plan, PlayedRuns& runs, std::uint32_t replication)
      : plan_(plan), runs_(runs), replication_(replication), playing_(table_), population_(plan.particles) {
    estimate_.at.assign(plan.values, 0.0);
    estimate_.from.assign(plan.values, 0.0);
  }

  ReplicationEstimate run(const std::atomic<bool>& stop) {
    draw_first(stop);
    for (std::size_t level = 0; level + 1 < plan_.values && kept_ > 0 && !stop; ++level) {
      sim::Stream chance = chance_at(level);
      copy_by_weight(std::span(survivors_).first(kept_), population_, chance);
      DrawMover mover(plan_.move_plans[plan_.levels[level].move_plan]);
      for (Particle& particle : population_) {
        if (stop) return estimate_;
        move(particle, level, mover, chance);
      }
      keep(level + 1, chance);
    }
    return estimate_;
  }

 private:
  [[nodiscard]] sim::Stream chance_at(std::size_t level) const {
    return {plan_.seed, plan_.first_run + replication_,
            models::purpose(static_cast<std::uint32_t>(level), models::Role::splitting)};
  }

  // Bad at a value after `value`.
  bool bad_later(std::size_t value) {
    while (++value < plan_.values) {
      if (runs_.bad_at(value)) return true;
    }
    return false;
  }

  // A run that is not bad at the level's value may be so at a later one. Looks only now and then; the answer
  // counts for what was not looked at.
  bool look_later(std::size_t level, sim::Stream& chance) {
    return chance.next_fraction() < look_closer && bad_later(level);
  }

  void load(const Particle& particle) { table_.begin(plan_.seed, particle.run, particle.entries); }
  void store(Particle& particle) {
    particle.run = table_.run();
    particle.entries.assign(table_.entries().begin(), table_.entries().end());
  }

  // Plain runs: those that are bad at any value.
  void draw_first(const std::atomic<bool>& stop) {
    sim::Stream chance = chance_at(plan_.values);
    Counts counts;
    for (std::uint32_t i = 0; i < plan_.first_draws && !stop; ++i) {
      table_.begin(plan_.seed, plan_.first_run + std::uint64_t{replication_} * plan_.first_draws + i);
      survive(0, chance, counts);
    }
    note(0, counts, 1.0 / plan_.first_draws);
  }

  // Those of the population that are kept at the level.
  void keep(std::size_t level, sim::Stream& chance) {
    Counts counts;
    kept_ = 0;
    for (const Particle& particle : population_) {
      load(particle);
      survive(level, chance, counts);
    }
    note(level, counts, estimate_.from[level - 1] / plan_.particles);
  }

  struct Counts {
    double bad = 0.0, kept = 0.0;
  };

  void survive(std::size_t level, sim::Stream& chance, Counts& counts) {
    const bool here = runs_.bad_at(level);
    if (!here && !look_later(level, chance)) return;
    if (kept_ == survivors_.size()) survivors_.emplace_back();
    Particle& survivor = survivors_[kept_++];
    store(survivor);
    survivor.bad_here = here;
    survivor.weight = here ? 1.0 : 1.0 / look_closer;
    counts.kept += survivor.weight;
    if (here) counts.bad += 1.0;
  }

  void note(std::size_t level, const Counts& counts, double factor) {
    estimate_.at[level] = factor * counts.bad;
    estimate_.from[level] = factor * counts.kept;
  }

  void move(Particle& particle, std::size_t level, DrawMover& mover, sim::Stream& chance) {
    load(particle);
    for (std::uint32_t i = 0; i < plan_.levels[level].moves; ++i) {
      mover.move(table_, chance);
      if (!accepted(particle.bad_here, level, chance)) mover.undo(table_);
    }
    store(particle);
  }

  // The first stage takes what is not bad at the value for look_closer times as likely as what is; the second
  // one makes up for that.
  bool accepted(bool& bad_here, std::size_t level, sim::Stream& chance) {
    const bool here = runs_.bad_at(level);
    if (here != bad_here && chance.next_fraction() >= look_closer) return false;
    if (!here && !bad_later(level)) return false;
    bad_here = here;
    return true;
  }

  const SplittingPlan& plan_;
  PlayedRuns& runs_;
  std::uint32_t replication_;
  sim::DrawTable table_;
  sim::Playing playing_;
  std::vector<Particle> population_, survivors_;
  std::size_t kept_ = 0;  // of the survivors
  ReplicationEstimate estimate_;
};

}  // namespace

ReplicationEstimate split(const SplittingPlan& plan, PlayedRuns& runs, std::uint32_t replication,
                          const std::atomic<bool>& stop) {
  assert(plan.values > 0 && plan.levels.size() == plan.values && plan.first_draws > 0 && plan.particles > 0);
  return Splitting(plan, runs, replication).run(stop);
}

}  // namespace cacherace::exploration
