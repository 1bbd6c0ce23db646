// 128 bits that stand for a state: two independent mixes of 64 bits. Among n states the chance that any two
// share a digest is about n^2 / 2^129: for 10^9 states less than 10^-20.
#pragma once

#include <compare>
#include <cstdint>

namespace cacherace::sim {

struct Digest {
  std::uint64_t low = 0x9e3779b97f4a7c15U;
  std::uint64_t high = 0xc2b2ae3d27d4eb4fU;

  // Order matters. Multiplications by odd constants and shifts as in SplitMix64 and xxHash (avalanche).
  void add(std::uint64_t word) {
    low = mixed((low ^ word) * 0xbf58476d1ce4e5b9U);
    high = mixed((high + word) * 0x94d049bb133111ebU + 0x165667b19e3779f9U);
  }
  void add(const Digest& other) {
    add(other.low);
    add(other.high);
  }

  friend auto operator<=>(const Digest&, const Digest&) = default;

 private:
  static std::uint64_t mixed(std::uint64_t word) {
    word ^= word >> 29U;
    word *= 0x9fb21c651e98df25U;
    return word ^ (word >> 32U);
  }
};

}  // namespace cacherace::sim
