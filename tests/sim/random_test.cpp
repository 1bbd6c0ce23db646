#include "sim/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace cacherace::sim {
namespace {

using Words = std::array<std::uint32_t, 4>;

Words philox(Words counter, std::array<std::uint32_t, 2> key) {
  const auto block =
      r123::Philox4x32{}({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {block[0], block[1], block[2], block[3]};
}

// The known answers that Random123 publishes for philox4x32, 10 rounds.
TEST(Random, PhiloxGivesItsKnownAnswers) {
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// Key = seed; counter = run, purpose, index: each in its own words.
TEST(Random, DrawsAreThoseOfTheDocumentedCounter) {
  const DrawPair zero = draw_pair(0, 0, Purpose(0, 0), 0);
  EXPECT_EQ(zero.first, 0xe169c58d6627e8d5U);
  EXPECT_EQ(zero.second, 0x9b00dbd8bc57ac4cU);
  const DrawPair pi =
      draw_pair(0x299f31d0a4093822U, 0x85a308d3243f6a88U, Purpose(0x13198a2eU >> 10U, 0x22e), 0x03707344);
  EXPECT_EQ(pi.first, 0x94fdccebd16cfe09U);
  EXPECT_EQ(pi.second, 0x24126ea15001e420U);
}

TEST(Random, FirstDrawsArePinned) {
  Stream stream(1, 0, Purpose(0, 0));
  EXPECT_EQ(stream.next_pair().first, 16504019988892878448U);
  EXPECT_EQ(stream.next_pair().second, 736677834118146848U);
  EXPECT_EQ(stream.next_fraction(), 0x1.ad71a4ecbf908p-2);
}

TEST(Random, StreamsOfOtherSeedsRunsPurposesDiffer) {
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32U, 1ULL << 63U}) {
    for (const std::uint64_t run : {0ULL, 1ULL, 1ULL << 32U, 9'999ULL}) {
      for (std::uint32_t who = 0; who < 8; ++who) {
        for (std::uint32_t role = 0; role < 8; ++role) {
          Stream stream(seed, run, Purpose(who, role));
          for (int i = 0; i < 4; ++i) {
            const DrawPair pair = stream.next_pair();
            seen.insert({pair.first, pair.second});
            count += 2;
          }
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), count);
}

TEST(Random, PurposesDoNotRunIntoEachOther) {
  EXPECT_EQ(Purpose(1, 0).code(), 1U << 10U);
  EXPECT_NE(Purpose(0, 1023).code(), Purpose(1, 0).code());
  EXPECT_EQ(Purpose((1U << 22U) - 1, 1023).code(), 0xffffffffU);
}

TEST(Random, AStreamRepeatsAlone) {
  Stream together(5, 17, Purpose(3, 1));
  Stream other(5, 17, Purpose(3, 2));
  std::vector<std::uint64_t> first;
  for (int i = 0; i < 100; ++i) {
    first.push_back(together.next_pair().first);
    other.next_pair();
  }
  Stream alone(5, 17, Purpose(3, 1));
  for (const std::uint64_t draw : first) {
    EXPECT_EQ(alone.next_pair().first, draw);
  }
  // And any draw by its index.
  EXPECT_EQ(draw_pair(5, 17, Purpose(3, 1), 42).first, first[42]);
}

TEST(Random, FractionsLieBelowOne) {
  EXPECT_EQ(fraction(0), 0.0);
  EXPECT_EQ(fraction(~std::uint64_t{0}), 1.0 - 0x1p-53);
  EXPECT_EQ(fraction(std::uint64_t{1} << 63U), 0.5);
}

// Over a million draws: the mean within five standard deviations, each of 64 cells too.
TEST(Random, FractionsAreUniform) {
  constexpr int n = 1 << 20;
  Stream stream(2, 3, Purpose(4, 5));
  std::array<int, 64> cells{};
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    const double u = stream.next_fraction();
    sum += u;
    ++cells[static_cast<std::size_t>(u * 64)];
  }
  EXPECT_NEAR(sum / n, 0.5, 5 * 0.2887 / 1024);
  for (const int count : cells) {
    EXPECT_NEAR(count, n / 64, 5 * 127);
  }
}

}  // namespace
}  // namespace cacherace::sim
