// A client that comes at the right instant: the law of how long it thinks, bent so that what it does next
// comes within a window of time around a milestone (played_runs.hpp).
//
// Some runs are bad only if a client comes at a narrow instant, say between the second DEL and the moment at
// which a replica has the commit. How long it thinks each time may be as usual then, but the sum must fit,
// and that is no product of laws. A wait that would last beyond the beginning of the window ends within it
// instead, mostly: the client has landed. For waits without memory (exponential) this is just how waits are
// distributed in the runs where the client comes within the window.
//
// A client that would have done all that it does before the window begins must wait longer, too: its waits
// are those that are usual at a lower hazard rate (Cox, "Regression models and life-tables", 1972), by as
// much as it takes from where it is to come to the window with all that is left. For exponential waits that
// is exponential tilting, chosen by the state of the run (Blanchet, Lam, "State-dependent importance
// sampling for rare-event simulation", 2012).
#pragma once

#include <array>
#include <optional>
#include <span>

#include "exploration/played_runs.hpp"
#include "sim/draw_table.hpp"

namespace cacherace::exploration {

class Landing {
 public:
  // Where those who spoilt bad runs came; `slack`: the window is wider by so many times its width, on each
  // side. None: they did not come after milestones of one kind, or were not of one group.
  static std::optional<Landing> of(std::span<const Particle> bad, double slack);

  [[nodiscard]] std::uint64_t bent(const Thought& thought, std::uint64_t draw) const;
  // In units of the usual one.
  [[nodiscard]] double density(const Thought& thought, std::uint64_t draw) const;
  // Whether what follows the wait begins within the window or later.
  [[nodiscard]] bool lands(const Thought& thought, std::uint64_t draw) const;

  // One of those who land.
  [[nodiscard]] const Anchor& whose() const { return whose_; }
  // Whether that client came after a milestone of this kind, and is one of those who land.
  [[nodiscard]] bool is_of(const Anchor& anchor) const;

 private:
  // The law of one wait, in fractions of the usual one: the hazard rate is so many times the usual one, but
  // `share` of what lies beyond `low` comes to lie between that and `high`.
  struct Bend {
    double hazard = 1.0, low = 1.0, high = 1.0, share = 0.0;
  };

  Landing(MilestoneKind milestone, double from, double to, const Anchor& whose, double busy,
          double hazard_before)
      : milestone_(milestone),
        from_(from),
        to_(to),
        whose_(whose),
        busy_(busy),
        hazard_before_(hazard_before) {}
  [[nodiscard]] Bend bend_of(const Thought& thought) const;

  MilestoneKind milestone_;
  double from_, to_;  // ns after the milestone
  Anchor whose_;
  double busy_;           // how long its operations take, ns
  double hazard_before_;  // of waits before the milestone: that at which they had thought in bad runs
};

// Whether the draw decides how long a client thinks.
bool is_thought(sim::DrawName name);

// By how much slower things come of which `usual` are usual and no more than `most` may.
double hazard_to_last(double usual, double most);

// Names for the draws of a client from when it has landed, by how many of the same kind it asked for since.
class LandedNames {
 public:
  void begin() { *this = {}; }
  void land() { landed_ = true; }
  // Of the next draw, as if it were of client `who`; nothing: it is not one of the first since then.
  std::optional<sim::DrawName> next(sim::DrawName name, std::uint32_t who);

 private:
  static constexpr std::size_t kinds_most = 12;

  bool landed_ = false;
  std::size_t kinds_ = 0;
  std::array<std::pair<sim::DrawName, std::uint32_t>, kinds_most> counts_{};
};

}  // namespace cacherace::exploration
