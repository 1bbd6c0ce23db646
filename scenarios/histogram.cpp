#include "scenarios/histogram.hpp"

#include <cmath>

namespace cacherace::scenarios {

void Histogram::merge(const Histogram& other) {
  for (std::size_t octave = 0; octave < octaves_.size(); ++octave) {
    if (!other.octaves_[octave]) continue;
    if (!octaves_[octave]) octaves_[octave] = std::make_unique<Octave>();
    for (std::size_t cell = 0; cell < cells_per_octave; ++cell) {
      (*octaves_[octave])[cell] += (*other.octaves_[octave])[cell];
    }
  }
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

std::optional<std::int64_t> Histogram::mean() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<std::int64_t>(sum_ / count_);
}

std::optional<std::int64_t> Histogram::max() const {
  if (count_ == 0) return std::nullopt;
  return max_;
}

// A cell of octave n >= 2 covers 2^(n-1) values; its middle is at most half of that away from any of them.
std::uint64_t Histogram::middle_of(unsigned octave, std::uint64_t cell) {
  if (octave <= 1) return octave * cells_per_octave + cell;
  const std::uint64_t first = (cells_per_octave + cell) << (octave - 1);
  return first + ((std::uint64_t{1} << (octave - 1)) - 1) / 2;
}

std::optional<std::int64_t> Histogram::quantile(double share) const {
  if (count_ == 0) return std::nullopt;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  const std::uint64_t rank = std::clamp<std::uint64_t>(wanted, 1, count_);
  std::uint64_t seen = 0;
  for (unsigned octave = 0; octave < octaves_.size(); ++octave) {
    if (!octaves_[octave]) continue;
    for (std::uint64_t cell = 0; cell < cells_per_octave; ++cell) {
      seen += (*octaves_[octave])[cell];
      if (seen >= rank) {
        return std::clamp(static_cast<std::int64_t>(middle_of(octave, cell)), min_, max_);
      }
    }
  }
  return max_;
}

}  // namespace cacherace::scenarios
