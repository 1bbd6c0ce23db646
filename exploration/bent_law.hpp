// The law of one draw, bent: a density on [0, 1) that is constant within each of 96 bins. Near both ends the
// bins halve from one to the next down to 2^-44, because what is rare lies there; between 1/16 and 15/16 they
// are a sixteenth wide.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace cacherace::exploration {

inline constexpr std::size_t bent_bins = 96;

// A draw's bin.
std::size_t bin_of(std::uint64_t draw);

// Draws that were seen, each with a weight.
struct BinCounts {
  std::array<double, bent_bins> weights{};
  double sum = 0.0;
  double squares = 0.0;  // of the weights

  void add(std::uint64_t draw, double weight);
  // How many draws of one weight say as much.
  [[nodiscard]] double effective() const { return squares > 0.0 ? sum * sum / squares : 0.0; }
};

class BentLaw {
 public:
  // The law of draws like these, in all bins or in eighths, whichever says more after what chance alone would
  // show is taken off (Akaike's way, twice over, as there are many draws to choose from). None: what was seen
  // could well be draws as they usually are. Everywhere some of the usual density is left, and the ends are
  // as dense as the few outermost draws say, so that nothing is left out beyond them. `power` (up to 1) bends
  // less: densities to that power.
  static std::optional<BentLaw> of(const BinCounts& counts, double power = 1.0);

  // In units of the usual one; > 0.
  [[nodiscard]] double density(std::uint64_t draw) const { return ratios_[bin_of(draw)]; }
  // How far it is from the usual one (Kullback and Leibler).
  [[nodiscard]] double distance() const;
  // A usual draw made one of this law: its quantile function.
  [[nodiscard]] std::uint64_t bent(std::uint64_t draw) const;

 private:
  explicit BentLaw(const std::array<double, bent_bins>& ratios);

  std::array<double, bent_bins> ratios_;
  std::array<double, bent_bins + 1> cumulative_{};
};

}  // namespace cacherace::exploration
