// The exact smallest safe sleep.
#include "exploration/threshold.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "exploration/schedule.hpp"
#include "exploration/timed.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using namespace std::chrono_literals;
using scenarios::must_choose;
using scenarios::must_read;

// One writer and one reader of a cold key: Redis legs 1-3 ms, MySQL legs 2-10 ms.
Scenario late_reader(const std::string& reader_start, const std::string& replica) {
  return must_read(R"({"name": "late reader", "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
    "mysql": {"latency": {"uniform": ["2ms", "10ms"]})" +
                   replica + R"(},
    "clients": [{"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
                {"name": "reader", "start": {"uniform": ["0ms", ")" +
                   reader_start + R"("]}, "do": ["read"]}],
    "strategies": ["delayed-double-delete"]})");
}

Threshold threshold_of(const Scenario& scenario, Property property = Property::stuck) {
  return find_threshold({scenario, must_choose("delayed-double-delete"), "sleep", property}, {});
}

void expect_threshold(const Scenario& scenario, const Threshold& found, sim::Duration unsafe) {
  ASSERT_TRUE(found.complete);
  EXPECT_TRUE(found.monotone({sim::Duration{0}, 1h}));
  EXPECT_EQ(found.greatest_unsafe(), unsafe);
  EXPECT_EQ(found.safe, unsafe + 1ns);
  ASSERT_TRUE(found.witness);
  StrategyChoice strategy = must_choose("delayed-double-delete");
  strategy.parameters.set_raw("sleep", sim::nanos(unsafe));
  const auto schedule = read_schedule(found.witness->schedule, fingerprint(scenario, strategy));
  ASSERT_TRUE(std::holds_alternative<Schedule>(schedule));
  EXPECT_TRUE(play(scenario, strategy, std::get<Schedule>(schedule), Property::stuck));
}

TEST(Threshold, is_what_the_closed_form_says) {
  const Scenario primary = late_reader("20ms", "");
  expect_threshold(primary, threshold_of(primary), 10ms);
  const Scenario replica = late_reader(
      "60ms", R"(, "replicas": 1, "replication_lag": {"uniform": ["0ms", "40ms"]}, "read_from": "replica")");
  expect_threshold(replica, threshold_of(replica), 50ms);
}

// (D - d) + (R - r): the bounds that the sleep must cover.
TEST(Threshold, says_which_bounds_it_comes_from) {
  const Threshold found = threshold_of(late_reader("20ms", ""));
  sim::Duration sum{0};
  std::string words;
  for (const LegBound& bound : found.bounds) {
    if (bound.leg.part == sim::Part::sleep) continue;
    sum += bound.is_most ? bound.leg.delay.most : -bound.leg.delay.least;
    words +=
        fmt::format("{}{} {} ", bound.is_most ? "+" : "-",
                    bound.leg.command ? models::command_names[models::index_of(*bound.leg.command)] : "?",
                    bound.leg.part == sim::Part::reply ? "reply" : "request");
  }
  EXPECT_EQ(sum, 10ms);
  EXPECT_EQ(words, "-mysql.update reply -redis.del request +redis.set request +mysql.select reply ");
}

}  // namespace
}  // namespace cacherace::exploration
