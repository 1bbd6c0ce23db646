// The smallest part that contradicts itself, held against trying every part.
#include "verify/smallest_core.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <random>
#include <vector>

#include "tests/verify/scale.hpp"

namespace cacherace::verify {
namespace {

using Set = SmallestCore::Set;

// Contradicts itself where it contains one of some parts.
class Parts {
 public:
  Parts(std::mt19937& random, unsigned elements) {
    for (unsigned i = 0; i < 1 + random() % 4; ++i) {
      std::uint32_t part = 0;
      for (unsigned k = 0; k < 1 + random() % 6; ++k) part |= 1U << random() % elements;
      parts_.push_back(part);
    }
  }

  [[nodiscard]] bool contradictory(std::uint32_t set) const {
    return std::any_of(parts_.begin(), parts_.end(), [set](std::uint32_t p) { return (p & ~set) == 0; });
  }
  [[nodiscard]] bool contradictory(const Set& set) const {
    std::uint32_t bits = 0;
    for (const auto element : set) bits |= 1U << element;
    return contradictory(bits);
  }
  [[nodiscard]] std::size_t smallest(unsigned elements) const {
    int least = static_cast<int>(elements);
    for (std::uint32_t set = 0; set < 1U << elements; ++set) {
      if (contradictory(set)) least = std::min(least, std::popcount(set));
    }
    return static_cast<std::size_t>(least);
  }

 private:
  std::vector<std::uint32_t> parts_;
};

TEST(SmallestCore, IsTheSmallestOfAllParts) {
  std::mt19937 random(1);
  std::size_t greatest = 0;
  for (int i = 0; i < 2000 / testing::scale && !::testing::Test::HasFailure(); ++i) {
    const auto elements = static_cast<unsigned>(1 + random() % 11);
    const Parts parts(random, elements);
    const std::size_t expected = parts.smallest(elements);
    const auto ask = [&](const Set& set) {
      EXPECT_TRUE(std::is_sorted(set.begin(), set.end()));
      return std::optional(parts.contradictory(set));
    };
    SmallestCore core(elements, ask);
    ASSERT_EQ(core.find(elements), SmallestCore::Outcome::found);
    EXPECT_EQ(core.core().size(), expected);
    EXPECT_TRUE(parts.contradictory(core.core()));
    EXPECT_EQ(SmallestCore(elements, ask).find(expected), SmallestCore::Outcome::found);
    EXPECT_EQ(SmallestCore(elements, ask).find(expected - 1), SmallestCore::Outcome::none);
    greatest = std::max(greatest, expected);
  }
  EXPECT_GE(greatest, 4U);
}

// Questions, not parts, are counted: 40 elements have 10^12 parts.
TEST(SmallestCore, AsksFewQuestions) {
  int asked = 0;
  SmallestCore core(40, [&asked](const Set& set) {
    ++asked;
    const auto has = [&set](std::uint32_t e) { return std::binary_search(set.begin(), set.end(), e); };
    return std::optional((has(3) && has(17) && has(39)) || (has(0) && has(1) && has(2) && has(4)));
  });
  ASSERT_EQ(core.find(40), SmallestCore::Outcome::found);
  EXPECT_EQ(core.core(), (Set{3, 17, 39}));
  EXPECT_LT(asked, 120);
}

TEST(SmallestCore, IsUnknownWhereItMayAskNoMore) {
  int left = 20;
  SmallestCore core(
      40, [&left](const Set& set) { return left-- == 0 ? std::nullopt : std::optional(set.size() > 20); });
  EXPECT_EQ(core.find(40), SmallestCore::Outcome::unknown);
}

}  // namespace
}  // namespace cacherace::verify
