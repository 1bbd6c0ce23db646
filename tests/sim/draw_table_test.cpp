// Draws that can be replaced.
#include "sim/draw_table.hpp"

#include <gtest/gtest.h>

namespace cacherace::sim {
namespace {

constexpr std::uint64_t seed = 9;

bool same(const DrawPair& a, const DrawPair& b) {
  return a.first == b.first && a.second == b.second;
}

TEST(DrawTable, gives_the_draws_of_its_run_until_one_is_replaced) {
  DrawTable table;
  const Playing playing(table);
  for (std::uint64_t run = 0; run < 3; ++run) {
    table.begin(seed, run);
    for (std::uint32_t who = 0; who < 20; ++who) {
      for (std::uint32_t index = 0; index < 20; ++index) {
        const Purpose purpose(who * 1000, 1023 - who);
        EXPECT_TRUE(same(draw_pair(0, played_run, purpose, index), draw_pair(seed, run, purpose, index)));
      }
    }
    EXPECT_EQ(table.entries().size(), 400U);
  }
  const Purpose purpose(5000, 1018);
  table.at(address_of(purpose, 7)) = {1, 2};
  EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 7), {1, 2}));
  EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 8), draw_pair(seed, 2, purpose, 8)));
  EXPECT_TRUE(same(draw_pair(seed, 2, purpose, 7), draw_pair(seed, 2, purpose, 7)));
  EXPECT_FALSE(same(draw_pair(seed, 2, purpose, 7), {1, 2}));

  const std::vector<DrawTable::Entry> kept(table.entries().begin(), table.entries().end());
  table.begin(seed, 0);
  EXPECT_TRUE(table.entries().empty());
  EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 7), draw_pair(seed, 0, purpose, 7)));
  table.begin(seed, 2, kept);
  EXPECT_EQ(table.entries().size(), 400U);
  EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 7), {1, 2}));
}

TEST(DrawTable, of_the_innermost_playing_counts) {
  DrawTable outer, inner;
  outer.begin(seed, 1);
  inner.begin(seed, 2);
  const Playing playing(outer);
  const Purpose purpose(0, 1);
  {
    const Playing within(inner);
    EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 0), draw_pair(seed, 2, purpose, 0)));
  }
  EXPECT_TRUE(same(draw_pair(0, played_run, purpose, 0), draw_pair(seed, 1, purpose, 0)));
}

}  // namespace
}  // namespace cacherace::sim
