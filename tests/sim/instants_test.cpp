// Systems of differences against every choice of whole instants.
#include "sim/instants.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/random.hpp"

namespace cacherace::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t latest = 6, unknown_most = 7;

struct Limit {
  std::size_t x, y;
  std::int64_t known, unknowns;
};

// Up to three instants in [0, latest], and random limits.
struct System {
  std::size_t variables = 1;
  std::vector<Limit> limits;

  explicit System(std::uint64_t number) {
    Stream stream(4, number, Purpose(0, 0));
    const auto roll = [&](std::uint64_t sides) {
      return static_cast<std::int64_t>(stream.next_pair().first % sides);
    };
    variables += static_cast<std::size_t>(1 + roll(3));
    for (std::size_t i = 1; i < variables; ++i) {
      limits.push_back({i, 0, latest, 0});
      limits.push_back({0, i, 0, 0});
    }
    for (std::int64_t more = 1 + roll(5); more > 0; --more) {
      const auto x = static_cast<std::size_t>(roll(variables)), y = static_cast<std::size_t>(roll(variables));
      if (x != y) limits.push_back({x, y, roll(9) - 5, roll(4) == 0 ? roll(5) - 2 : roll(3) - 1});
    }
  }

  [[nodiscard]] Instants instants() const {
    Instants instants;
    for (std::size_t i = 1; i < variables; ++i) instants.add();
    for (std::size_t i = 0; i < limits.size(); ++i) {
      instants.limit(limits[i].x, limits[i].y, Duration(limits[i].known), limits[i].unknowns, i);
    }
    return instants;
  }

  [[nodiscard]] bool holds(const std::vector<std::int64_t>& at, std::int64_t u) const {
    return std::ranges::all_of(limits, [&](const Limit& limit) {
      return at[limit.x] - at[limit.y] <= limit.known + limit.unknowns * u;
    });
  }

  [[nodiscard]] bool is_feasible(std::int64_t u) const {
    std::vector<std::int64_t> at(variables, 0);
    for (;;) {
      if (holds(at, u)) return true;
      std::size_t i = 1;
      while (i < variables && ++at[i] > latest) at[i++] = 0;
      if (i == variables) return false;
    }
  }

  // Whether limits that are said to contradict each other are a ring whose sum is negative.
  [[nodiscard]] bool contradict(const std::vector<std::size_t>& labels, std::int64_t u) const {
    std::int64_t sum = 0;
    std::vector<int> balance(variables, 0);
    for (const std::size_t label : labels) {
      const Limit& limit = limits[label];
      sum += limit.known + limit.unknowns * u;
      ++balance[limit.x];
      --balance[limit.y];
    }
    return sum < 0 && std::ranges::count(balance, 0) == std::ssize(balance);
  }
};

TEST(Instants, range_holds_every_value_with_instants_and_no_other) {
  std::uint64_t some = 0;
  for (std::uint64_t number = 0; number < 3000; ++number) {
    const System system(number);
    const auto range = system.instants().range(Duration{0}, Duration{unknown_most});
    some += range ? 1 : 0;
    for (std::int64_t u = 0; u <= unknown_most; ++u) {
      const bool is_in = range && nanos(range->first) <= u && u <= nanos(range->second);
      ASSERT_EQ(is_in, system.is_feasible(u)) << number << " at " << u;
    }
  }
  EXPECT_GT(some, 500U);
}

TEST(Instants, are_found_or_contradicted) {
  for (std::uint64_t number = 0; number < 3000; ++number) {
    const System system(number);
    const Instants instants = system.instants();
    for (std::int64_t u = 0; u <= unknown_most; ++u) {
      const std::vector<Time> found = instants.round(Duration{u});
      const auto contradiction = instants.contradiction(Duration{u});
      ASSERT_NE(found.empty(), contradiction.empty()) << number;
      if (found.empty()) {
        ASSERT_TRUE(system.contradict(contradiction, u)) << number << " at " << u;
        continue;
      }
      std::vector<std::int64_t> at;
      for (const Time instant : found) at.push_back(nanos(instant - time_zero));
      ASSERT_TRUE(system.holds(at, u)) << number << " at " << u;
    }
  }
}

// The first as round as it can be, the next as round as that leaves it.
TEST(Instants, are_round) {
  Instants instants;
  const auto a = instants.add(), b = instants.add();
  instants.limit(a, Instants::start, 2'345'678ns);
  instants.limit(Instants::start, a, -1'234'567ns);
  instants.limit(b, a, 999ns);
  instants.limit(a, b, -1ns);
  EXPECT_EQ(instants.round(Duration{0}),
            (std::vector<Time>{time_zero, time_zero + 2ms, time_zero + 2ms + 100ns}));
}

}  // namespace
}  // namespace cacherace::sim
