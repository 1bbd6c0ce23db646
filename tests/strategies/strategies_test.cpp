#include <gtest/gtest.h>

#include <set>

#include "scripted_ports.hpp"
#include "strategies/registry.hpp"

namespace cacherace::strategies {
namespace {

constexpr Key k{0};
constexpr WriteId w{42};

struct Case {
  const char* strategy;
  std::vector<std::pair<const char*, std::int64_t>> parameters;
  std::vector<std::string> failing;
  const char* log;
};

// A choice's raw value is its place in the list of choices.
constexpr std::int64_t abort_choice = 1;

class Writing : public testing::TestWithParam<Case> {};

TEST_P(Writing, sends_these_commands) {
  const Case& c = GetParam();
  const StrategyInfo* info = find_strategy(c.strategy);
  ASSERT_NE(info, nullptr);
  Parameters parameters(info->parameters);
  for (const auto& [name, value] : c.parameters) parameters.set_raw(name, value);
  ScriptedPorts ports(c.failing);
  Session session = ports.session();
  info->make(parameters)->write(session, k, w);
  EXPECT_EQ(ports.log(), c.log);
}

INSTANTIATE_TEST_SUITE_P(
    strategies, Writing,
    testing::Values(
        Case{"delete-then-write", {}, {}, "DEL, UPDATE"},
        Case{"delete-then-write", {}, {"DEL"}, "DEL fails, UPDATE"},
        Case{"delete-then-write", {{"on_error", abort_choice}}, {"DEL"}, "DEL fails"},
        Case{"write-then-delete", {}, {}, "UPDATE, DEL"},
        Case{"write-then-delete", {}, {"UPDATE"}, "UPDATE fails"},
        Case{"delayed-double-delete", {}, {}, "DEL, UPDATE, sleep 500000000, DEL"},
        Case{"delayed-double-delete", {{"sleep", 7}}, {"DEL"}, "DEL fails, UPDATE, sleep 7, DEL fails"},
        Case{"delayed-double-delete", {{"on_error", abort_choice}}, {"DEL"}, "DEL fails"},
        Case{"delayed-double-delete", {{"first_delete", 0}, {"sleep", 7}}, {}, "UPDATE, sleep 7, DEL"},
        Case{"delayed-double-delete", {{"async", 1}, {"sleep", 7}}, {}, "DEL, UPDATE, return, sleep 7, DEL"},
        Case{"delayed-double-delete", {}, {"UPDATE"}, "DEL, UPDATE fails"},
        Case{"ttl-only", {}, {}, "UPDATE"}, Case{"binlog-delete", {}, {}, "UPDATE"},
        Case{"binlog-update", {}, {}, "UPDATE"}, Case{"write-then-update", {}, {}, "UPDATE, SET v42/8"},
        Case{"write-then-update", {}, {"UPDATE"}, "UPDATE fails"},
        Case{"update-then-write", {}, {}, "SET v42/0, UPDATE"},
        Case{"update-then-write", {}, {"SET"}, "SET v42/0 fails, UPDATE"},
        Case{"update-then-write", {{"on_error", abort_choice}}, {"SET"}, "SET v42/0 fails"}));

TEST(Strategies, read_through_the_cache) {
  for (const StrategyInfo* info : all_strategies()) {
    if (info->reading != cache_aside_reading()) continue;
    const auto strategy = info->make(Parameters(info->parameters));
    ScriptedPorts missing;
    Session session = missing.session();
    EXPECT_EQ(strategy->read(session, k), missing.row) << info->name;
    EXPECT_EQ(missing.log(), "GET, SELECT, SET v41/7") << info->name;

    ScriptedPorts cached;
    cached.cached = Row{WriteId{3}, 3};
    session = cached.session();
    EXPECT_EQ(strategy->read(session, k), cached.cached) << info->name;
    EXPECT_EQ(cached.log(), "GET") << info->name;

    ScriptedPorts down({"GET", "SET"});
    session = down.session();
    EXPECT_EQ(strategy->read(session, k), down.row) << "a failed fill does not fail the read: " << info->name;

    ScriptedPorts broken({"SELECT"});
    session = broken.session();
    EXPECT_EQ(strategy->read(session, k), std::nullopt) << info->name;
    EXPECT_EQ(broken.log(), "GET, SELECT fails") << info->name;
  }
}

TEST(Strategies, consume_the_binlog) {
  const BinlogEvent event{k, {w, 5}};
  for (const auto& [name, log] : {std::pair{"binlog-delete", "DEL"}, std::pair{"binlog-update", "SET v42/5"},
                                  std::pair{"ttl-only", ""}}) {
    const StrategyInfo* info = find_strategy(name);
    ScriptedPorts ports;
    Session session = ports.session();
    const auto strategy = info->make(Parameters(info->parameters));
    strategy->consume(session, event);
    EXPECT_EQ(ports.log(), log);
    EXPECT_EQ(strategy->service().consumers > 0, *log != '\0');
  }
}

TEST(Registry, describes_every_strategy_fully) {
  std::set<std::string_view> names;
  for (const StrategyInfo* info : all_strategies()) {
    EXPECT_TRUE(names.insert(info->name).second) << info->name;
    EXPECT_EQ(find_strategy(info->name), info);
    for (const auto text : {info->summary, info->users, info->hole}) EXPECT_FALSE(text.empty()) << info->name;
    EXPECT_FALSE(info->writing.empty() || info->reading.empty()) << info->name;
    for (const ParameterInfo& parameter : info->parameters) {
      EXPECT_TRUE(is_allowed(parameter, static_cast<std::uint64_t>(parameter.fallback))) << info->name;
      EXPECT_FALSE(parameter.meaning.empty()) << info->name;
      EXPECT_EQ(parameter.kind == ParameterKind::choice, !parameter.choices.empty()) << info->name;
    }
  }
  EXPECT_EQ(find_strategy("delete-than-write"), nullptr);
}

TEST(Parameters, hold_what_was_set) {
  Parameters parameters(find_strategy("delayed-double-delete")->parameters);
  EXPECT_EQ(parameters.duration("sleep"), std::chrono::milliseconds(500));
  EXPECT_FALSE(parameters.flag("async"));
  EXPECT_EQ(parameters.choice("on_error"), "continue");
  parameters.set_raw("async", 1);
  EXPECT_TRUE(parameters.flag("async"));
  const ParameterInfo consumers = find_strategy("binlog-delete")->parameters[0];
  EXPECT_FALSE(is_allowed(consumers, 0));
  EXPECT_TRUE(is_allowed(consumers, count_max));
  EXPECT_FALSE(is_allowed(consumers, count_max + 1));
}

}  // namespace
}  // namespace cacherace::strategies
