// The law of all draws of a run, bent towards runs that are bad.
//
// A bad run is spoilt by somebody at some moment: its anchor (played_runs.hpp), say the reader whose fill
// came late. Of that client the draws of the commands just before that moment matter, whichever these are
// in the run. So an aim is a mixture with one component for each such place: the draws of the last three
// commands of each kind before it, of all earlier ones alike, and of what every operation begins with, have
// laws that all places share; draws of clients unlike that one, and of the stores, have laws by name; all
// others are as usual. Given a component these draws are independent. The laws are those of bad runs that
// were seen (Rubinstein, Kroese, "The cross-entropy method", 2004).
//
// Where the client came at a certain time after the writer's commit or sleep (landing.hpp), that is the
// place: it is made to come then, and what it draws from then on has laws of its own.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "exploration/bent_law.hpp"
#include "exploration/landing.hpp"
#include "exploration/played_runs.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {

// Where runs were spoilt, with weights. Of the anchors only `who` is one of those alike, and not told apart.
using Places = std::map<std::optional<Anchor>, double>;

// One half of a pair of draws, by its name.
struct NamedHalf {
  sim::DrawName name = 0;
  bool second = false;
  friend auto operator<=>(const NamedHalf&, const NamedHalf&) = default;
};

// The laws of some draws.
class BentLaws {
 public:
  void add(const NamedHalf& half, const BentLaw& law) { laws_.emplace_back(half, law); }
  void sort();
  [[nodiscard]] bool empty() const { return laws_.empty(); }
  // Null: the usual one.
  [[nodiscard]] const BentLaw* find(const NamedHalf& half) const;
  [[nodiscard]] sim::DrawPair bent(sim::DrawName name, sim::DrawPair draws) const;
  // Of both halves, in units of the usual one.
  [[nodiscard]] double density(sim::DrawName name, const sim::DrawPair& draws) const;

 private:
  std::vector<std::pair<NamedHalf, BentLaw>> laws_;
};

// The thoughts of a run in the order in which they were asked for, by the name of their draws.
using Thoughts = std::vector<std::pair<sim::DrawName, Thought>>;

class Aim {
 public:
  // From bad runs with their weights, at least one, and from all places where such runs were spoilt so far.
  // `power`: see BentLaw. `may_land`: where most came at a certain time, all are made to.
  Aim(std::span<const Particle> bad, const Places& so_far, double power = 1.0, bool may_land = true);

  // One component: a place, and who of those alike; and how far a run of it is.
  struct Component {
    const Anchor* place = nullptr;  // null: nobody in particular
    std::uint32_t who = 0;
    LandedNames since{};
  };
  void choose(const sim::DrawPair& draws, Component& component) const;
  // Of the next draw. `thought` (null: none): what it is for.
  [[nodiscard]] sim::DrawPair bent(Component& component, sim::DrawName name, const Thought* thought,
                                   sim::DrawPair draws) const;
  // Whether thoughts matter.
  [[nodiscard]] bool lands() const { return landing_.has_value(); }

  // The draw of the run that the aim says most about, as a fraction; less than 0: there is none.
  [[nodiscard]] double mark(const Particle& run) const;

  // Of a run that asked for just these draws, in units of the usual density. About 30 ns for each draw and
  // place, or client that may land.
  [[nodiscard]] double density(std::span<const sim::DrawTable::Entry> entries,
                               const Thoughts& thoughts) const;

 private:
  struct Place {
    std::optional<Anchor> anchor;
    double share = 0.0;
  };

  void fit(std::span<const Particle> bad, double power);
  // `see(is_near, name, draws)` for each draw of a bad run that has laws, by the name that these have.
  template <class See>
  void each_named(const Particle& bad, const See& see) const;
  void set_places(std::span<const Particle> bad, const Places& so_far);
  // The next draw of a client that is to land: `wait(thought)`, which gives the draw, or `other(name of its
  // law)` is called where it has a law.
  template <class Wait, class Other>
  void follow(LandedNames& since, sim::DrawName name, const Thought* thought, const Wait& wait,
              const Other& other) const;
  [[nodiscard]] double landed_density(std::uint32_t who, std::span<const sim::DrawTable::Entry> entries,
                                      const Thoughts& thoughts) const;
  [[nodiscard]] double outside(const std::optional<Anchor>& anchor,
                               std::span<const sim::DrawTable::Entry> entries) const;

  BentLaws by_name_, near_;
  std::optional<Landing> landing_;  // of the client that an anchor speaks of; then its draws have no others
  std::optional<NamedHalf> strongest_;
  bool strongest_is_near_ = false;
  std::vector<Place> places_;  // by anchor: those of clients alike follow each other
  std::vector<double> cumulative_;
};

// Whether it is a draw of the own work of one of those like the anchor's client.
bool is_alike(const Anchor& anchor, sim::DrawName name);

// Whether what it decided came before the anchor, or is of a client unlike that one or of a store.
bool matters_to(const Anchor& anchor, sim::DrawName name);

// What a particle's anchor counts as among places.
std::optional<Anchor> place_of(const std::optional<Anchor>& anchor);

// Several aims, each for a share of the runs; the rest are plain runs.
class AimMixture final : public sim::DrawBend {
 public:
  struct Part {
    const Aim* aim;
    double share;
  };
  // Of runs that `runs`, which must outlive it, plays.
  AimMixture(std::vector<Part> parts, PlayedRuns& runs);

  // Chooses for the next run.
  void choose(sim::Stream& chance);
  [[nodiscard]] sim::DrawPair bent(sim::DrawName name, sim::DrawPair draws) override;
  // What a run counts for: the usual density in units of the mixture's.
  [[nodiscard]] double weight(std::span<const sim::DrawTable::Entry> entries) const;

 private:
  std::vector<Part> parts_;
  PlayedRuns& runs_;
  bool lands_;
  Thoughts thoughts_;
  const Aim* chosen_ = nullptr;
  Aim::Component component_;
};

}  // namespace cacherace::exploration
