// A mergeable histogram of durations in whole nanoseconds. Quantiles are by nearest rank; what is reported
// differs from the true value by at most 0.1 % (and not at all below 2048 ns); count, mean and maximum are
// exact. Merging is commutative, so results do not depend on which thread saw what.
//
// After Gil Tene's HdrHistogram: each power of two is cut into 1024 equal cells. Octaves get their cells when
// first met, so an empty histogram is small and a warm one allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "scenarios/wide.hpp"

namespace cacherace::scenarios {

class Histogram {
 public:
  // `nanos` is not negative.
  void add(std::int64_t nanos) {
    const auto value = static_cast<std::uint64_t>(nanos);
    ++cell_of(value);
    ++count_;
    sum_ += value;
    min_ = std::min(min_, nanos);
    max_ = std::max(max_, nanos);
  }

  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // Floored; nothing where the histogram is empty, as for the others.
  [[nodiscard]] std::optional<std::int64_t> mean() const;
  [[nodiscard]] std::optional<std::int64_t> max() const;
  // The smallest value that at least `share` (in (0, 1]) of the values do not exceed.
  [[nodiscard]] std::optional<std::int64_t> quantile(double share) const;

 private:
  static constexpr unsigned cell_bits = 10;
  static constexpr std::uint64_t cells_per_octave = std::uint64_t{1} << cell_bits;
  using Octave = std::array<std::uint64_t, cells_per_octave>;

  // Octave 0 holds [0, 1024) one by one, octave n >= 1 holds [2^(n+9), 2^(n+10)).
  static unsigned octave_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    return width <= cell_bits ? 0 : width - cell_bits;
  }

  std::uint64_t& cell_of(std::uint64_t value) {
    const unsigned octave = octave_of(value);
    auto& cells = octaves_[octave];
    if (!cells) cells = std::make_unique<Octave>();
    const std::uint64_t scaled = octave == 0 ? value : value >> (octave - 1);
    return (*cells)[scaled & (cells_per_octave - 1)];
  }

  [[nodiscard]] static std::uint64_t middle_of(unsigned octave, std::uint64_t cell);

  std::array<std::unique_ptr<Octave>, 64 - cell_bits> octaves_;
  std::uint64_t count_ = 0;
  Wide sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = 0;
};

}  // namespace cacherace::scenarios
