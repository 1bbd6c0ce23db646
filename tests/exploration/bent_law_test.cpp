// The law of one draw, bent.
#include "exploration/bent_law.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

// Draw number `number` of a stream of usual ones.
std::uint64_t usual(std::uint32_t number) {
  return sim::draw_pair(1, 2, sim::Purpose(3, 4), number).first;
}

BinCounts counts_of(std::uint32_t count, double from, double to) {
  BinCounts counts;
  for (std::uint32_t i = 0; i < count; ++i) {
    const double place = from + (to - from) * sim::fraction(usual(i));
    counts.add(static_cast<std::uint64_t>(place * 0x1p53) << 11U, 1.0);
  }
  return counts;
}

TEST(BentLaw, bins_rise_and_end_where_draws_do) {
  EXPECT_EQ(bin_of(0), 0U);
  EXPECT_EQ(bin_of(~std::uint64_t{0}), bent_bins - 1);
  EXPECT_EQ(bin_of(std::uint64_t{1} << 63U), bent_bins / 2);
  std::size_t last = 0;
  for (int power = -52; power < 0; ++power) {
    const auto low = static_cast<std::uint64_t>(std::ldexp(1.0, power) * 0x1p53) << 11U;
    EXPECT_GE(bin_of(low), last);
    last = bin_of(low);
    EXPECT_EQ(bin_of(~low), bent_bins - 1 - bin_of(low)) << power;
  }
}

TEST(BentLaw, is_none_where_draws_are_as_usual) {
  EXPECT_FALSE(BentLaw::of(BinCounts()));
  EXPECT_FALSE(BentLaw::of(counts_of(5, 0.999, 1.0)));
  int bent = 0;
  for (std::uint32_t count = 100; count < 300; ++count) {
    if (BentLaw::of(counts_of(count, 0.0, 1.0))) ++bent;
  }
  EXPECT_LE(bent, 4);
}

// Its draws come from where those were that it is fitted to, and weigh what its density says: the mean of
// 1 / density over its draws is 1, as a whole and within a part.
TEST(BentLaw, draws_from_the_density_that_it_says) {
  for (const auto& [from, to] : {std::pair(1 - 1e-6, 1.0), {0.0, 1e-5}, {0.4, 0.5}}) {
    const auto law = BentLaw::of(counts_of(300, from, to));
    ASSERT_TRUE(law);
    EXPECT_GT(law->distance(), 0.5);
    constexpr std::uint32_t count = 200'000;
    double all = 0.0, lower_half = 0.0;
    std::uint32_t within = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t draw = law->bent(usual(1000 + i));
      const double weight = 1.0 / law->density(draw);
      ASSERT_GT(weight, 0.0);
      all += weight / count;
      if (sim::fraction(draw) < 0.5) lower_half += weight / count;
      if (sim::fraction(draw) >= from / 2 - 0.1 && sim::fraction(draw) <= 1.1 * to + 0.1) ++within;
    }
    EXPECT_NEAR(all, 1.0, 0.05);
    EXPECT_NEAR(lower_half, 0.5, 0.04);
    EXPECT_GT(within, count / 2);
  }
}

// Of draws below some small end none comes very near to 0, but what would is as likely as the rest.
TEST(BentLaw, leaves_nothing_out_beyond_the_outermost_draws) {
  constexpr double end = 1e-5;
  for (const bool upper : {false, true}) {
    BinCounts counts;
    for (int i = 0; i < 300; ++i) {
      const double fraction = end * (0.1 + 0.9 * (i + 0.5) / 300.0);
      counts.add(static_cast<std::uint64_t>((upper ? 1.0 - fraction : fraction) * 0x1p53) << 11U, 1.0);
    }
    const auto law = BentLaw::of(counts);
    ASSERT_TRUE(law);
    for (const double share : {0.5, 0.1, 0.01, 1e-4}) {
      const double fraction = upper ? 1.0 - share * end : share * end;
      EXPECT_GT(law->density(static_cast<std::uint64_t>(fraction * 0x1p53) << 11U), 0.05 / end) << share;
    }
  }
}

}  // namespace
}  // namespace cacherace::exploration
