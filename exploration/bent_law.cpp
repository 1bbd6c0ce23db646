#include "exploration/bent_law.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

// Draws are looked at as whole numbers of `bits` bits, as sim::fraction does.
constexpr int bits = 53, finest_bits = 9, tail_bits = bits - 4;
constexpr std::uint64_t last = (std::uint64_t{1} << bits) - 1;
constexpr std::size_t tail_bins = 1 + tail_bits - finest_bits, middle_bins = 14;
static_assert(2 * tail_bins + middle_bins == bent_bins);

// Of a number below 2^tail_bits.
constexpr std::size_t tail_bin(std::uint64_t number) {
  const auto width = static_cast<int>(std::bit_width(number));
  return width <= finest_bits ? 0 : static_cast<std::size_t>(width - finest_bits);
}

// Where a bin begins; the end of all for bent_bins.
constexpr std::uint64_t begin_of(std::size_t bin) {
  if (bin == 0) return 0;
  if (bin < tail_bins) return std::uint64_t{1} << (finest_bits + bin - 1);
  if (bin <= tail_bins + middle_bins) return (bin - tail_bins + 1) << tail_bits;
  return last + 1 - begin_of(bent_bins - bin);
}

double width_of(std::size_t bin) {
  return static_cast<double>(begin_of(bin + 1) - begin_of(bin)) * 0x1p-53;
}

std::size_t eighth_of(std::size_t bin) {
  return static_cast<std::size_t>(begin_of(bin) >> (bits - 3));
}

// How the shares of bins differ from the usual ones (Kullback and Leibler), less what chance would show.
template <std::size_t N>
double gain(const std::array<double, N>& shares, const std::array<double, N>& usual, double effective) {
  double sum = 0.0;
  int occupied = 0;
  for (std::size_t i = 0; i < N; ++i) {
    if (shares[i] <= 0.0) continue;
    ++occupied;
    sum += shares[i] * std::log(shares[i] / usual[i]);
  }
  const double chance = std::max(occupied - 1, static_cast<int>(std::min<std::size_t>(N, 8)) - 1);
  return sum - 2.0 * chance / effective;
}

// The outermost bins of an end, so many that they hold some draws, have one ratio: what lies beyond the last
// draw that was seen is as likely as what lies just before it.
void level_end(std::array<double, bent_bins>& shares, double effective, bool upper) {
  constexpr double some = 6.0;
  const auto nth = [upper](std::size_t i) { return upper ? bent_bins - 1 - i : i; };
  double share = 0.0, width = 0.0;
  std::size_t end = 0;
  while (end < tail_bins && share < some / effective) {
    share += shares[nth(end)];
    width += width_of(nth(end));
    ++end;
  }
  for (std::size_t i = 0; i < end; ++i) shares[nth(i)] = share * width_of(nth(i)) / width;
}

}  // namespace

std::size_t bin_of(std::uint64_t draw) {
  const std::uint64_t number = draw >> (64 - bits);
  const std::uint64_t sixteenth = number >> tail_bits;
  if (sixteenth == 0) return tail_bin(number);
  if (sixteenth == 15) return bent_bins - 1 - tail_bin(last - number);
  return tail_bins + static_cast<std::size_t>(sixteenth) - 1;
}

void BinCounts::add(std::uint64_t draw, double weight) {
  weights[bin_of(draw)] += weight;
  sum += weight;
  squares += weight * weight;
}

std::optional<BentLaw> BentLaw::of(const BinCounts& counts, double power) {
  const double effective = counts.effective();
  if (effective < 10.0) return std::nullopt;
  std::array<double, bent_bins> fine{}, fine_usual{}, ratios{};
  std::array<double, 8> eighths{}, eighths_usual{};
  eighths_usual.fill(1.0 / 8.0);
  for (std::size_t bin = 0; bin < bent_bins; ++bin) {
    fine[bin] = counts.weights[bin] / counts.sum;
    fine_usual[bin] = width_of(bin);
    eighths[eighth_of(bin)] += fine[bin];
  }
  std::array<double, bent_bins> smooth = fine;
  for (std::size_t bin = 0; bin + 1 < bent_bins; ++bin) {
    smooth[bin] += 0.25 * (fine[bin + 1] - fine[bin]);
    smooth[bin + 1] += 0.25 * (fine[bin] - fine[bin + 1]);
  }
  level_end(smooth, effective, false);
  level_end(smooth, effective, true);
  const double by_bins = gain(fine, fine_usual, effective);
  const double by_eighths = gain(eighths, eighths_usual, effective);
  if (std::max(by_bins, by_eighths) <= 0.0) return std::nullopt;
  const double usual_share = std::clamp(10.0 / effective, 0.1, 0.3);
  for (std::size_t bin = 0; bin < bent_bins; ++bin) {
    const double ratio = by_bins > by_eighths ? smooth[bin] / fine_usual[bin] : 8.0 * eighths[eighth_of(bin)];
    ratios[bin] = std::pow((1.0 - usual_share) * ratio + usual_share, power);
  }
  return BentLaw(ratios);
}

BentLaw::BentLaw(const std::array<double, bent_bins>& ratios) : ratios_(ratios) {
  double sum = 0.0;
  for (std::size_t bin = 0; bin < bent_bins; ++bin) {
    cumulative_[bin] = sum;
    sum += ratios_[bin] * width_of(bin);
  }
  cumulative_[bent_bins] = sum;
  for (double& ratio : ratios_) ratio /= sum;
  for (double& share : cumulative_) share /= sum;
}

double BentLaw::distance() const {
  double sum = 0.0;
  for (std::size_t bin = 0; bin < bent_bins; ++bin) {
    sum += ratios_[bin] * width_of(bin) * std::log(ratios_[bin]);
  }
  return sum;
}

std::uint64_t BentLaw::bent(std::uint64_t draw) const {
  const double share = sim::fraction(draw);
  const auto above = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, share);
  const auto bin = static_cast<std::size_t>(above - cumulative_.begin()) - 1;
  const std::uint64_t from = begin_of(bin), width = begin_of(bin + 1) - from;
  const double within = (share - cumulative_[bin]) / (cumulative_[bin + 1] - cumulative_[bin]);
  const auto offset = static_cast<std::uint64_t>(std::max(within, 0.0) * static_cast<double>(width));
  return (from + std::min(offset, width - 1)) << (64 - bits);
}

}  // namespace cacherace::exploration
