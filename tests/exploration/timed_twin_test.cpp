// Timed exploration against every run by time that the supports allow: what is reachable and how many
// outcomes there are must be the same.
#include <gtest/gtest.h>

#include <stdexcept>

#include "all_instants.hpp"
#include "exploration/timed.hpp"
#include "random_programs.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using scenarios::must_choose;
using scenarios::must_read;

struct Tally {
  std::uint64_t compared = 0, skipped = 0, runs = 0;
  Flags reached{};
};

// False: there were too many runs.
bool expect_same(const RandomProgram& program, std::uint64_t runs_max, Tally& tally) {
  const Scenario scenario = must_read(program.text);
  const StrategyChoice strategy = must_choose(program.strategy);
  const Reached reached = AllInstants(scenario, strategy).search(runs_max);
  tally.runs += reached.runs;
  if (!reached.whole) return false;
  const ExploredStrategy result = explore_timed(scenario, strategy, {.timed = true});
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(result.outcomes, reached.outcomes.size());
  for (std::size_t i = 0; i < property_count; ++i) {
    EXPECT_EQ(result.reachable(static_cast<Property>(i)), reached.flags[i]) << property_names[i];
    tally.reached[i] |= reached.flags[i];
  }
  return true;
}

TEST(TimedTwin, agrees_on_random_programs) {
  const std::uint64_t seed = number_in("TWIN_SEED", 7),
                      programs = number_in("TWIN_PROGRAMS", 3500 / programs_divisor);
  Tally tally;
  for (std::uint64_t number = number_in("TWIN_FROM", 0); number < programs && !HasFailure(); ++number) {
    const RandomProgram program = random_program(seed, number);
    SCOPED_TRACE(fmt::format("seed {} program {}: {}\n{}", seed, number, program.strategy, program.text));
    try {
      ++(expect_same(program, 3'000, tally) ? tally.compared : tally.skipped);
    } catch (const std::logic_error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  EXPECT_LT(tally.skipped, tally.compared);
  for (const Property property : {Property::stuck, Property::stale_read, Property::nonlinearizable,
                                  Property::dirty_read, Property::cache_ahead}) {
    EXPECT_TRUE(tally.reached[index_of(property)]) << property_names[index_of(property)];
  }
  RecordProperty("compared", std::to_string(tally.compared));
}

// Inversions, which random programs of this size hardly have: a read from a replica, the next from one that
// is behind it.
TEST(TimedTwin, agrees_where_one_replica_is_behind_the_other) {
  Tally tally;
  for (const char* const lag : {"3ns", "6ns"}) {
    for (const char* const choice : {"read", "session"}) {
      const RandomProgram program{"ttl-only", fmt::format(R"({{"name": "behind",
  "redis": {{"latency": "0ns", "ttl": "1ns"}},
  "mysql": {{"latency": "1ns", "replicas": 2, "replication_lag": {{"uniform": ["0ns", "{}"]}},
             "read_from": "replica", "replica_choice": "{}"}},
  "clients": [{{"name": "writer", "do": ["write"]}},
              {{"name": "reader", "do": ["read", "read"], "think": "1ns"}}],
  "strategies": ["ttl-only"]}})",
                                                          lag, choice)};
      SCOPED_TRACE(program.text);
      EXPECT_TRUE(expect_same(program, 100'000, tally));
    }
  }
  EXPECT_TRUE(tally.reached[index_of(Property::inversion)]);
}

}  // namespace
}  // namespace cacherace::exploration
