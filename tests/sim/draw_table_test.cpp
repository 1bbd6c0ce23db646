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

// Draws of one purpose for several uses: the first of each use has the same name wherever it comes.
TEST(DrawTable, names_draws_by_what_they_decide) {
  DrawTable table;
  const Playing playing(table);
  const Purpose purpose(3, 6);
  const auto names = [&](const std::vector<std::uint32_t>& uses) {
    for (std::uint32_t i = 0; i < uses.size(); ++i) (void)draw_pair(0, played_run, purpose, i, uses[i]);
    std::vector<DrawName> found;
    for (const auto& entry : table.entries()) found.push_back(entry.name);
    return found;
  };
  table.begin(seed, 0);
  const auto set_third = names({1, 1, 2, 1, 2});
  table.begin(seed, 1);
  const auto set_first = names({2, 0, 1});
  EXPECT_EQ(set_first[0], set_third[2]);
  EXPECT_EQ(set_first[1], address_of(purpose, 1));
  EXPECT_EQ(set_first[2], set_third[0]);
  EXPECT_EQ(set_third[3], set_third[0] + 2);
  EXPECT_EQ(set_third[4], renamed(set_third[2], 3, 1));
  for (const DrawName name : {set_third[4], renamed(set_third[4], 3, 8)}) {
    EXPECT_EQ(who_of(name), 3U);
    EXPECT_EQ(role_of(name), 6U);
    EXPECT_EQ(use_of(name), 2U);
  }
  EXPECT_EQ(use_of(address_of(purpose, 1)), 0U);
  // Names are those of the first asking, until the draws are taken up again.
  EXPECT_EQ(names({1, 1, 1}), set_first);
  const std::vector<DrawTable::Entry> kept(table.entries().begin(), table.entries().end());
  table.begin(seed, 1, kept);
  EXPECT_EQ(names({}), std::vector<DrawName>(3, no_name));
  EXPECT_EQ(names({1}).front(), set_third[0]);
}

// A law by another name bends nothing else, and what is replaced is not bent.
TEST(DrawTable, bends_a_draw_by_its_name) {
  class Swapped final : public DrawBend {
   public:
    DrawPair bent(DrawName name, DrawPair draws) override {
      return use_of(name) == 2 && index_of(name) == 1 ? DrawPair{draws.second, draws.first} : draws;
    }
  };
  DrawTable table;
  const Playing playing(table);
  const Purpose purpose(3, 6);
  Swapped swapped;
  table.begin(seed, 4, swapped);
  for (std::uint32_t i = 0; i < 6; ++i) {
    const DrawPair usual = draw_pair(seed, 4, purpose, i),
                   got = draw_pair(0, played_run, purpose, i, 1 + i % 2);
    EXPECT_TRUE(same(got, i == 3 ? DrawPair{usual.second, usual.first} : usual)) << i;
  }
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
