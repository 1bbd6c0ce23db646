// Counter-based random numbers: (seed, run, purpose, index) -> draw, without any state that could be shared.
// So every strategy meets the same draws, any run repeats alone, and threads do not matter.
//
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): Philox4x32-10,
// as Random123 has it. Key = seed; counter = run (64 bits), purpose (32 bits), index (32 bits).
#pragma once

#include <Random123/philox.h>

#include <cstdint>

namespace cacherace::sim {

// What a stream of draws is for. `who` is a client, a replica, a partition …, below 2^22; `role` below 2^10.
class Purpose {
 public:
  constexpr Purpose(std::uint32_t who, std::uint32_t role) : code_((who << 10U) | role) {}
  [[nodiscard]] constexpr std::uint32_t code() const { return code_; }

 private:
  std::uint32_t code_;
};

struct DrawPair {
  std::uint64_t first;
  std::uint64_t second;
};

// The run that is played: its draws are those of the thread's DrawTable (draw_table.hpp), of any seed.
inline constexpr std::uint64_t played_run = UINT64_MAX;
DrawPair played_pair(Purpose purpose, std::uint32_t index, std::uint32_t use);

// `use`: what the draw decides, where draws of one purpose decide several things; below 16. Nothing but the
// name that a played run's table gives to the draw depends on it.
inline DrawPair draw_pair(std::uint64_t seed, std::uint64_t run, Purpose purpose, std::uint32_t index,
                          std::uint32_t use = 0) {
  if (run == played_run) [[unlikely]] {
    return played_pair(purpose, index, use);
  }
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}};
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(run), static_cast<std::uint32_t>(run >> 32U), purpose.code(), index}};
  const auto block = r123::Philox4x32{}(counter, key);
  return {(std::uint64_t{block[1]} << 32U) | block[0], (std::uint64_t{block[3]} << 32U) | block[2]};
}

// A draw as a fraction: a multiple of 2^-53 in [0, 1).
constexpr double fraction(std::uint64_t draw) {
  return static_cast<double>(draw >> 11U) * 0x1p-53;
}

// The draws of one purpose in one run, in order. A pair serves what belongs together (the two legs of a
// command).
class Stream {
 public:
  Stream() = default;
  Stream(std::uint64_t seed, std::uint64_t run, Purpose purpose)
      : seed_(seed), run_(run), purpose_(purpose) {}

  DrawPair next_pair(std::uint32_t use = 0) { return draw_pair(seed_, run_, purpose_, index_++, use); }
  double next_fraction(std::uint32_t use = 0) { return fraction(next_pair(use).first); }

 private:
  std::uint64_t seed_ = 0;
  std::uint64_t run_ = 0;
  Purpose purpose_{0, 0};
  std::uint32_t index_ = 0;
};

}  // namespace cacherace::sim
