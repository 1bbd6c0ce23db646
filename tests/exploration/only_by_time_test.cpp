// What only runs by time have is refused wherever something else decides who moves next.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exploration/explorable.hpp"
#include "exploration/minimise_run.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::exploration {
namespace {

using testing::HasSubstr;

scenarios::Scenario scenario_of(const std::string& redis, const std::string& keys,
                                const std::string& client) {
  return scenarios::must_read(R"({"redis": {"latency": "1ms")" + redis + R"(}, "mysql": {"latency": "1ms"},
    "keys": {)" + keys + R"(}, "clients": [{"name": "shop", "do": ["write", "read"])" +
                              client + R"(}], "strategies": ["write-then-delete"]})");
}

std::string refusal(const scenarios::Scenario& scenario, bool timed) {
  return why_not_explorable(scenario, timed).value_or("");
}

TEST(OnlyByTime, are_joined_reads_until_their_clients_are_replaced) {
  auto scenario = scenario_of("", "", R"(, "coalesce": true)");
  for (const bool timed : {false, true}) EXPECT_THAT(refusal(scenario, timed), HasSubstr("coalesce"));
  const auto minimised = minimise_run(scenario, scenario.strategies[0], 0, {});
  ASSERT_TRUE(std::holds_alternative<std::string>(minimised));
  EXPECT_THAT(std::get<std::string>(minimised), HasSubstr("coalesce"));
  EXPECT_THAT(why_not_drawable(scenario).value_or(""), HasSubstr("--clients"));
  replace_clients(scenario, {1, 2});
  for (const bool timed : {false, true}) EXPECT_EQ(refusal(scenario, timed), "");
}

TEST(OnlyByTime, are_keys_without_a_row) {
  const auto scenario = scenario_of(R"(, "negative_ttl": "1s")", R"("count": 2, "missing": 1)", "");
  for (const bool timed : {false, true}) EXPECT_THAT(refusal(scenario, timed), HasSubstr("missing"));
  EXPECT_TRUE(why_only_by_time(scenario));
}

TEST(OnlyByTime, is_a_jitter_for_timed_orders_while_untimed_ones_have_no_ttl) {
  const auto scenario = scenario_of(R"(, "ttl": "30s", "ttl_jitter": "5s")", "", "");
  EXPECT_THAT(refusal(scenario, true), HasSubstr("ttl_jitter"));
  EXPECT_EQ(refusal(scenario, false), "");
  EXPECT_FALSE(why_only_by_time(scenario));
}

}  // namespace
}  // namespace cacherace::exploration
