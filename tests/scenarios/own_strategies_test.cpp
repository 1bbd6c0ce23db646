// Strategies that a scenario defines, from its text on.
#include "scenarios/recording.hpp"
#include "scenarios/simulation.hpp"
#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

using testing::ElementsAre;

const std::string ours = R"({"name": "ours", "description": "Ours.", "parameters": {"sleep": "300ms", "n": 2},
  "write": [{"redis.del": "key", "else": [{"return": "nothing"}]}, {"mysql.update": "key"},
            {"sleep": "$sleep"}],
  "consume": [{"retry": [{"redis.del": "key"}], "attempts": "$n", "pause": "5ms"}], "consumers": "$n"})";

Scenario scenario_with(const std::string& strategies) {
  return sound(with("strategies", "[" + strategies + "]"));
}

TEST(OwnStrategies, are_choices_as_any_other) {
  const Scenario scenario = scenario_with(ours);
  ASSERT_EQ(scenario.strategies.size(), 1U);
  const StrategyChoice& choice = scenario.strategies[0];
  EXPECT_EQ(choice.info->name, "ours");
  EXPECT_EQ(choice.info->summary, "Ours.");
  EXPECT_THAT(choice.info->writing,
              ElementsAre("redis.del key, else [return nothing]", "mysql.update key", "sleep $sleep",
                          "consumer: retry [redis.del key], attempts $n, pause 5ms"));
  EXPECT_THAT(choice.info->reading, testing::SizeIs(3)) << "the cache-aside read";
  EXPECT_EQ(choice.parameters.duration("sleep"), std::chrono::milliseconds(300));
  EXPECT_EQ(choice.info->make(choice.parameters)->service().consumers, 2U);
}

TEST(OwnStrategies, stand_in_the_list_with_other_parameters_too) {
  const Scenario scenario = scenario_with(R"({"name": "ours", "n": 7}, )" + ours + R"(, "ttl-only")");
  ASSERT_EQ(scenario.strategies.size(), 3U);
  EXPECT_EQ(scenario.strategies[0].info, scenario.strategies[1].info);
  EXPECT_EQ(scenario.strategies[0].parameters.count("n"), 7);
  EXPECT_EQ(scenario.strategies[1].parameters.count("n"), 2);
  ASSERT_EQ(scenario.own_strategies.size(), 1U);
}

TEST(OwnStrategies, outlive_their_scenario_as_choices) {
  const StrategyChoice choice = scenario_with(ours).strategies.front();
  EXPECT_EQ(choice.info->name, "ours");
  EXPECT_NE(choice.info->make(choice.parameters), nullptr);
}

TEST(OwnStrategies, are_known_to_the_command_line) {
  const Scenario scenario = scenario_with(ours);
  const auto parsed = parse_strategy("ours:sleep=10ms", scenario.own_strategies);
  const auto& choice = std::get<StrategyChoice>(parsed);
  EXPECT_EQ(choice.parameters.duration("sleep"), std::chrono::milliseconds(10));
  EXPECT_EQ(std::get<std::string>(parse_strategy("our", scenario.own_strategies)),
            "unknown strategy \"our\"; did you mean \"ours\"?");
  EXPECT_EQ(std::get<std::string>(parse_strategy("ours:sleep=25h", scenario.own_strategies)),
            "sleep: longer than a step may wait; expected 24h at most");
  EXPECT_EQ(every_strategy(scenario.own_strategies).size(), strategies::all_strategies().size() + 1);
  EXPECT_EQ(every_strategy(scenario.own_strategies).back().info->name, "ours");
}

TEST(OwnStrategies, may_be_named_by_faults_and_expectations) {
  const std::string text = with("strategies", "[" + ours + "]");
  const std::string more = R"(, "faults": [{"lose": {"occurrence": 1}}],
    "expect": [{"strategy": "ours", "figure": "stuck.runs", "at_most": 1}]})";
  const Scenario scenario = sound(text.substr(0, text.rfind('}')) + more);
  EXPECT_EQ(scenario.expectations.at(0).strategy, "ours");
}

TEST(OwnStrategies, are_recorded_with_their_scenario) {
  Scenario scenario = scenario_with(ours);
  auto choice = std::get<StrategyChoice>(parse_strategy("ours:sleep=10ms", scenario.own_strategies));
  const auto digest = digest_of_run(scenario, choice, 3);
  const std::string text = write_recording({scenario, choice, "", RecordedRun{3, digest}});
  const auto read = read_recording(text, "r.json");
  const auto& recording = std::get<Recording>(read);
  EXPECT_EQ(recording.strategy.info->name, "ours");
  EXPECT_EQ(recording.strategy.parameters.duration("sleep"), std::chrono::milliseconds(10));
  EXPECT_EQ(digest_of_run(recording.scenario, recording.strategy, 3), digest);
}

std::string lists_of(const std::string& lists) {
  return with("strategies", R"([{"name": "ours", )" + lists + "}]");
}

// A lock or a lease expires; what is only called a TTL does not.
TEST(OwnStrategies, may_keep_what_a_clock_ends) {
  const auto faults = [](const std::string& lists) {
    const std::string text = lists_of(lists);
    return faults_of(text.substr(0, text.rfind('}')) +
                     R"(, "faults": [{"clock-jump": {"by": "1s", "time": "1ms"}}]})");
  };
  EXPECT_THAT(faults(R"("write": [{"redis.lock": "3s"}, {"mysql.update": "key"}, {"redis.unlock": "key"}])"),
              testing::IsEmpty());
  EXPECT_THAT(faults(R"("write": [{"mysql.update": "key"}],
                        "read": [{"redis.get_or_lease": "3s"}, {"mysql.select": "key"},
                                 {"return": "selected"}])"),
              testing::IsEmpty());
  EXPECT_THAT(
      faults(R"("parameters": {"a_ttl": "1s"}, "write": [{"mysql.update": "key"}, {"sleep": "$a_ttl"}])"),
      ElementsAre(testing::HasSubstr("nothing here has a TTL")));
}

// What is right may not be refused: each has a place where it would be wrong.
TEST(OwnStrategies, may_guard_and_lock_in_many_ways) {
  for (const char* lists : {
           R"("write": [{"redis.lock": "3s"}, {"mysql.update": "key"}, {"redis.unlock": "key"},
                        {"redis.lock": "3s"}, {"redis.del": "key"}, {"redis.unlock": "key"}])",
           R"("write": [{"redis.lock": "3s"}, {"mysql.update": "key"},
                        {"background": [{"redis.del": "key"}, {"redis.unlock": "key"}]}])",
           R"("write": [{"redis.get": "key", "then": [{"redis.lock": "3s"}]}, {"mysql.update": "key"},
                        {"retry": [{"redis.unlock": "key"}], "attempts": 2, "pause": "1ms"}])",
           R"("write": [{"retry": [{"mysql.begin": "transaction"}, {"mysql.update": "key"},
                                   {"mysql.commit": "transaction"}], "attempts": 3, "pause": "1ms"}])",
           R"("write": [{"mysql.begin": "transaction"}, {"mysql.update": "key"},
                        {"retry": [{"redis.del": "key"}], "attempts": 3, "pause": "1ms"},
                        {"mysql.commit": "transaction", "else": [{"mysql.rollback": "transaction"}]},
                        {"mysql.select": "key"}])",
           R"("write": [{"mysql.begin": "transaction"}, {"mysql.update": "key",
                         "else": [{"mysql.rollback": "transaction"}, {"start_over": "1ms"}]},
                        {"mysql.commit": "transaction"}])",
           R"("write": [{"retry": [{"mysql.update": "key"}], "attempts": 2, "pause": "1ms",
                         "else": [{"start_over": "0ms"}]}])",
           R"("write": [{"mysql.update": "key"}, {"background": [{"mysql.begin": "transaction"},
                         {"mysql.select_for_update": "key"}, {"mysql.commit": "transaction"}]}])",
       }) {
    EXPECT_THAT(faults_of(lists_of(lists)), testing::IsEmpty()) << lists;
  }
}

// Nothing is said twice, or because of something else that was said.
TEST(OwnStrategies, report_a_fault_once) {
  const auto faults = faults_of(with("strategies", R"([{"name": "ours", "parameters": {"sleep": "5"},
    "write": [{"mysql.updat": "key"}, {"sleep": "$sleep"}]}, {"name": "ours", "sleep": "1ms"}])"));
  EXPECT_THAT(faults, testing::SizeIs(2)) << testing::PrintToString(faults);
}

}  // namespace
}  // namespace cacherace::scenarios
