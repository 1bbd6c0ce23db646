// Looks for the law of runs that are bad at a value, level by level: the search's part of importance
// sampling.
//
// From bad runs at a value an aim is fitted, fresh runs are drawn from it, and those of them that are bad
// say how large the risk is and make a better aim (Rubinstein, Kroese, "The cross-entropy method", 2004,
// for rare events in steps: section 3.2). What is left of them at the next value is where it goes on.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "exploration/importance.hpp"
#include "exploration/play_crew.hpp"
#include "sim/time.hpp"

namespace cacherace::exploration {

class Aiming {
 public:
  // Its runs are those of `seed` from `first_run` on. `crew` must outlive it.
  Aiming(const PlayCrew& crew, std::uint64_t seed, std::uint64_t first_run)
      : crew_(crew), seed_(seed), next_run_(first_run) {}

  // `bad`: runs that are bad at the value, and their weights; becomes fresh ones: plain runs where the risk
  // is expected to be large, so that no way to go bad is lost early. The risk there; none: too few runs were
  // bad, or it was told to stop.
  std::optional<double> renew(sim::Duration value, double expected, std::vector<Particle>& bad);

  [[nodiscard]] bool has_levels() const { return !levels_.empty(); }

  // A plan for these values, ascending, with their risks as far as they were seen; each group with so
  // many runs that some should be bad. At least one aim was found.
  [[nodiscard]] ImportancePlan plan(const std::map<sim::Duration, double>& seen) const;

 private:
  // Many that differ, instead of a few that weigh much, by moving draws about. False: it was told to stop.
  bool spread(sim::Duration value, std::vector<Particle>& bad);
  void move_about(PlayedRuns& runs, Particle& particle, sim::Stream& chance,
                  const std::atomic<bool>& stop) const;
  // Aims of a level with their shares; the rest, up to 1, is left.
  struct Level {
    std::vector<Aim> aims;
    std::vector<double> shares;
    double yield = 1.0;  // of its runs: how many bad ones of one weight, for each

    void add(Aim aim, double share) {
      aims.push_back(std::move(aim));
      shares.push_back(share);
    }
  };
  bool draw(sim::Duration value, const Level& level, std::uint32_t count, std::vector<Particle>& bad);
  [[nodiscard]] Level fitted(const std::vector<Particle>& bad) const;
  [[nodiscard]] std::vector<Aim> parted(const std::vector<Particle>& bad, const Aim& all) const;
  [[nodiscard]] static AimMixture mixture_of(const Level& level, const Level* before, PlayedRuns& runs);
  void note_places(const std::vector<Particle>& bad);

  const PlayCrew& crew_;
  std::uint64_t seed_, next_run_;
  std::map<sim::Duration, Level> levels_;
  Places places_;
};

}  // namespace cacherace::exploration
