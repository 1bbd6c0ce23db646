#include "verify/search_near.hpp"

#include <gtest/gtest.h>

namespace cacherace::verify {
namespace {

// Every length, every end, every guess; and the farther the guess, the more is asked, but little more.
TEST(CountNear, IsWhereThePropertyEndsWhateverIsGuessed) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t end = 0; end <= size; ++end) {
      for (std::size_t guess = 0; guess <= size + 2; ++guess) {
        int asked = 0;
        const auto holds = [&](std::size_t place) {
          EXPECT_LT(place, size);
          ++asked;
          return place < end;
        };
        EXPECT_EQ(count_near(size, guess, holds), end) << size << " " << guess;
        EXPECT_LE(asked, guess == end ? 2 : 13);
      }
    }
  }
}

}  // namespace
}  // namespace cacherace::verify
