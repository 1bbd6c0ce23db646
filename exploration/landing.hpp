// A wait that ends at the right instant: the law of how long a client thinks, bent so that what it does next
// comes within a window of time around a milestone (scenario_runs.hpp).
//
// Some runs are bad only if a client comes at a narrow instant, say between the second DEL and the moment at
// which a replica has the commit. How long it thinks each time may be as usual then, but the sum must fit,
// and that is no product of laws. A wait that would last beyond the beginning of the window ends within it
// instead; one that would not is as it is. For waits without memory (exponential) this is just how waits are
// distributed in the runs where the client comes within the window.
#pragma once

#include <optional>
#include <span>

#include "exploration/bent_law.hpp"
#include "exploration/played_runs.hpp"

namespace cacherace::exploration {

class Landing {
 public:
  // Where those who spoilt bad runs came; `slack`: the window is wider by so many times its width, on each
  // side. None: they did not come after a milestone, or not closely enough together.
  static std::optional<Landing> of(std::span<const Particle> bad, double slack);

  // `other` (null: the usual law): that of waits which do not land.
  [[nodiscard]] std::uint64_t bent(const Thought& thought, const BentLaw* other, std::uint64_t draw) const;
  // In units of the usual one.
  [[nodiscard]] double density(const Thought& thought, const BentLaw* other, std::uint64_t draw) const;

 private:
  // What is meant for the window: this share of the draws, and where they come to lie.
  struct Target {
    double share = 0.0, low = 0.0, high = 0.0;
  };

  Landing(double from, double to) : from_(from), to_(to) {}
  [[nodiscard]] Target target(const Thought& thought) const;

  double from_, to_;  // ns after the milestone
};

}  // namespace cacherace::exploration
