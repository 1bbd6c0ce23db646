// Fields that are set from outside: every way to a field, every value, and what is wrong with others.
#include "scenarios/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/reading.hpp"

namespace cacherace::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string text = R"({
  "name": "shop",
  "redis": {"latency": "1ms"},
  "mysql": {"latency": {"request": "1ms", "response": "2ms"}},
  "clients": [{"name": "writer", "do": ["write"]}, {"name": "reader", "count": 2, "do": ["read"]}],
  "faults": [{"fail": {"command": "redis.del", "probability": 0.1}}],
  "strategies": ["write-then-delete", "delayed-double-delete"],
  "runs": 50
})";

Scenario with(const std::vector<std::string>& texts) {
  std::vector<Setting> settings;
  for (const auto& one : texts) settings.push_back(std::get<Setting>(parse_setting(one)));
  auto set = with_settings(must_read(text), settings);
  if (const auto* wrong = std::get_if<std::string>(&set)) {
    ADD_FAILURE() << *wrong;
    std::abort();
  }
  return std::move(std::get<Scenario>(set));
}

std::string fault_of(const std::string& one) {
  const auto parsed = parse_setting(one);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) return *wrong;
  const auto set = with_settings(must_read(text), {std::get<Setting>(parsed)});
  const auto* wrong = std::get_if<std::string>(&set);
  return wrong != nullptr ? *wrong : "";
}

TEST(Settings, lead_through_objects_and_lists) {
  using namespace std::chrono_literals;
  EXPECT_EQ(with({"redis.ttl=10s"}).setup.redis.ttl, sim::Duration(10s));
  EXPECT_EQ(with({"clients.1.count=5"}).setup.clients[1].count, 5U);
  EXPECT_EQ(with({"clients.reader.count=7"}).setup.clients[1].count, 7U);
  EXPECT_TRUE(with({"keys.cached=true"}).setup.keys.cached);
  EXPECT_EQ(with({"faults.fail.probability=0.5"}).setup.faults[0].probability, 0.5);
  const Scenario slept = with({"strategies.delayed-double-delete.sleep=7ms"});
  EXPECT_EQ(slept.strategies[1].parameters.duration("sleep"), sim::Duration(7ms));
  EXPECT_EQ(slept.strategies[0].info->name, "write-then-delete");
  const Scenario both = with({"mysql.latency.request=3ms", "mysql.replicas=1"});
  EXPECT_TRUE(both.setup.mysql.replicas == 1U);
  EXPECT_THAT(both.text, HasSubstr(R"("request": "3ms")"));
}

TEST(Settings, are_the_same_as_the_file_with_them) {
  std::string changed = text;
  changed.replace(changed.find(R"("latency": "1ms")"), 16,
                  R"("latency": {"uniform": ["1ms", "3ms"]}, "ttl": "5s")");
  const Scenario by_hand = must_read(changed);
  const Scenario set = with({R"(redis.latency={"uniform": ["1ms", "3ms"]})", "redis.ttl=5s"});
  EXPECT_EQ(set.setup.redis.ttl, by_hand.setup.redis.ttl);
  EXPECT_EQ(set.name, by_hand.name);
  EXPECT_EQ(set.runs, 50U);
}

TEST(Settings, say_what_is_wrong) {
  EXPECT_THAT(fault_of("redis.ttl"), HasSubstr("has no value"));
  EXPECT_THAT(fault_of("redis.ttl="), HasSubstr("has no value"));
  EXPECT_THAT(fault_of("redis=1"), HasSubstr("is a whole section"));
  EXPECT_THAT(fault_of("redi.ttl=1s"), HasSubstr("did you mean \"redis\"?"));
  EXPECT_THAT(fault_of("runs=1"), HasSubstr("does not begin in a section"));
  EXPECT_THAT(fault_of("redis..ttl=1s"), HasSubstr("is no field"));
  EXPECT_THAT(fault_of("redis.tll=1s"), HasSubstr("did you mean \"ttl\"?"));
  EXPECT_THAT(fault_of("redis.ttl=1"), HasSubstr("/redis/ttl: "));
  EXPECT_THAT(fault_of("redis.latency.request=1ms"),
              HasSubstr(R"(redis.latency is "1ms", so there is no "request")"));
  EXPECT_THAT(fault_of("clients.redaer.count=2"), HasSubstr("did you mean \"reader\"?"));
  EXPECT_THAT(fault_of("clients.9.count=2"), HasSubstr("clients has no \"9\""));
  EXPECT_THAT(fault_of("strategies.ttl-only.x=2"), HasSubstr("strategies has no \"ttl-only\""));
}

TEST(Axes, are_split_at_commas_outside_of_values) {
  const auto axis = std::get<Axis>(parse_axis(R"(redis.latency=1ms,{"uniform": ["1ms", "3ms"]},2ms)"));
  EXPECT_EQ(axis.path, "redis.latency");
  EXPECT_THAT(axis.values, ElementsAre("1ms", R"({"uniform": ["1ms", "3ms"]})", "2ms"));
  for (const char* wrong : {"redis.ttl=1s,", "redis.ttl=,1s", "redis.ttl=1s,2s,1s", "redis.ttl", "x=1,2"}) {
    EXPECT_TRUE(std::holds_alternative<std::string>(parse_axis(wrong))) << wrong;
  }
}

TEST(Axes, make_every_combination_the_last_the_fastest) {
  const auto points = points_of({{"a.b", {"1", "2"}}, {"c.d", {"3", "4", "5"}}});
  ASSERT_EQ(points.size(), 6U);
  EXPECT_THAT(points[0], ElementsAre(Setting{"a.b", "1"}, Setting{"c.d", "3"}));
  EXPECT_THAT(points[1], ElementsAre(Setting{"a.b", "1"}, Setting{"c.d", "4"}));
  EXPECT_THAT(points[5], ElementsAre(Setting{"a.b", "2"}, Setting{"c.d", "5"}));
  EXPECT_EQ(points_of({}).size(), 1U);
}

}  // namespace
}  // namespace cacherace::scenarios
