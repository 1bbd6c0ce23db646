// Conditions, saved results, and what `compare` makes of them.
#include "reports/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare_words.hpp"
#include "reports/json.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;
using testing::HasSubstr;

FailOn condition(const std::string& text) {
  auto parsed = parse_fail_on(text);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    ADD_FAILURE() << *wrong;
    return {};
  }
  return std::get<FailOn>(parsed);
}

std::string fault_of(const std::string& text) {
  const auto parsed = parse_fail_on(text);
  const auto* wrong = std::get_if<std::string>(&parsed);
  return wrong != nullptr ? *wrong : "";
}

TEST(FailOn, is_a_figure_a_direction_and_a_change) {
  const FailOn relative = condition(" stuck.probability > +10 %");
  EXPECT_EQ(relative.figure->path, "stuck.probability");
  EXPECT_TRUE(relative.above);
  EXPECT_TRUE(relative.relative);
  EXPECT_DOUBLE_EQ(relative.change, 0.1);
  const FailOn below = condition("cache.hit_ratio<-0.01");
  EXPECT_FALSE(below.above);
  EXPECT_FALSE(below.relative);
  EXPECT_DOUBLE_EQ(below.change, -0.01);
  EXPECT_DOUBLE_EQ(condition("latency.write.p99_ns > +1.5ms").change, 1.5e6);
  EXPECT_DOUBLE_EQ(condition("database.reads > +100").change, 100.0);
}

TEST(FailOn, says_what_is_wrong_and_what_to_write) {
  EXPECT_THAT(fault_of("stuck.probability"), HasSubstr("neither > nor <"));
  EXPECT_THAT(fault_of("stuck.probabilty > +1%"), HasSubstr("did you mean \"stuck.probability\"?"));
  EXPECT_THAT(fault_of("stuck.probability > 0.1"), HasSubstr("has a sign"));
  EXPECT_THAT(fault_of("latency.write.p99_ns > +20"), HasSubstr("+10% or +20ms"));
  EXPECT_THAT(fault_of("stuck.probability > +20ms"), HasSubstr("+10% or +0.01"));
  for (const char* text : {"reads.stale > +", "reads.stale > +-1", "reads.stale > +1x", "reads.stale > +nan",
                           ">", "", "reads.stale > +inf%", "reads.stale > + %"}) {
    EXPECT_NE(fault_of(text), "") << text;
  }
}

const std::string races = R"({
  "name": "races",
  "redis": {"latency": {"exponential": {"mean": "1ms"}}},
  "mysql": {"latency": {"exponential": {"mean": "2ms"}}},
  "keys": {"cached": true},
  "clients": [{"name": "writer", "do": ["write"]},
              {"name": "reader", "count": 2, "do": ["read"], "repeat": 2}],
  "strategies": ["write-then-delete", {"name": "delayed-double-delete", "sleep": "4ms"},
                 {"name": "ours", "write": [{"mysql.update": "key"}],
                  "read": [{"mysql.select": "key"}, {"return": "selected"}]}],
  "runs": 300, "seed": 7
})";

// A result as it comes back from its file.
SavedResult saved(const Scenario& scenario, bool with_scenario, const std::string& file) {
  const RunResult result = run_experiment(scenario, {});
  const Source source{"1.0", "races.json"};
  auto read = read_saved_result(
      with_scenario ? baseline_document(scenario, result, source) : run_document(result, source), file);
  if (const auto* faults = std::get_if<std::vector<Fault>>(&read)) ADD_FAILURE() << to_text(faults->front());
  return std::move(std::get<SavedResult>(read));
}

CompareOptions options(std::vector<FailOn> fail_on = {}) {
  CompareOptions made;
  made.version = "1.0";
  made.fail_on = std::move(fail_on);
  return made;
}

Comparison compared(const SavedResult& a, const SavedResult& b, const CompareOptions& how) {
  auto result = compare(a, b, how);
  if (const auto* wrong = std::get_if<std::string>(&result)) {
    ADD_FAILURE() << *wrong;
    std::abort();
  }
  return std::move(std::get<Comparison>(result));
}

std::string refusal(const SavedResult& a, const SavedResult& b, const CompareOptions& how) {
  const auto result = compare(a, b, how);
  const auto* wrong = std::get_if<std::string>(&result);
  return wrong != nullptr ? *wrong : "";
}

const Difference& difference(const ComparedStrategy& strategy, std::string_view path) {
  for (const FigureChange& change : strategy.changes) {
    if (change.figure->path == path) return change.difference.value();
  }
  throw std::out_of_range(std::string(path));
}

TEST(Compare, a_baseline_against_its_own_result_is_proved_identical) {
  const Scenario scenario = must_read(races);
  const SavedResult base = saved(scenario, true, "base.json"), plain = saved(scenario, false, "new.json");
  const CompareOptions how = options({condition("stuck.probability > +10%"), condition("reads.stale > +0")});
  const Comparison result = compared(base, plain, how);
  ASSERT_EQ(result.strategies.size(), 3U);
  for (const auto& strategy : result.strategies) {
    EXPECT_EQ(strategy.pairing, Pairing::identical) << strategy.label_a;
    EXPECT_EQ(strategy.pairs, 300U);
    EXPECT_EQ(difference(strategy, "linearizability.probability").high, 0.0);
  }
  EXPECT_EQ(result.verdict, ResultVerdict::held);
  EXPECT_TRUE(result.remarks.empty());
}

TEST(Compare, two_strategies_are_paired_and_known_better_than_apart) {
  const Scenario scenario = must_read(races);
  const SavedResult base = saved(scenario, true, "base.json"), plain = saved(scenario, false, "new.json");
  CompareOptions how = options();
  how.strategy = "write-then-delete";
  how.against = "delayed-double-delete:sleep=4ms";
  const Comparison paired = compared(base, base, how), apart = compared(plain, plain, how);
  EXPECT_EQ(paired.strategies.front().pairing, Pairing::paired);
  EXPECT_EQ(apart.strategies.front().pairing, Pairing::apart);
  const Difference& close = difference(paired.strategies.front(), "reads.outdated_share");
  const Difference& wide = difference(apart.strategies.front(), "reads.outdated_share");
  EXPECT_DOUBLE_EQ(close.estimate, wide.estimate);
  EXPECT_LT(close.high - close.low, wide.high - wide.low);
  EXPECT_NEAR(wide.level, 0.98, 1e-12);
  const Difference& write = difference(paired.strategies.front(), "latency.write.mean_ns");
  EXPECT_GT(write.low, 4'000'000.0);  // the sleep, and the second DEL
  EXPECT_FALSE(difference(paired.strategies.front(), "latency.write.p99_ns").has_interval());
}

TEST(Compare, a_change_of_a_strategy_of_ones_own_is_no_identity) {
  const Scenario scenario = must_read(races);
  std::string changed = races;
  changed.replace(changed.find(R"({"mysql.update": "key"})"), 23,
                  R"({"mysql.update": "key"}, {"redis.del": "key"})");
  const Scenario other = must_read(changed);
  CompareOptions how = options();
  how.strategy = "ours";
  const SavedResult a = saved(scenario, true, "a"), b = saved(other, true, "b");
  const Comparison result = compared(a, b, how);
  EXPECT_EQ(result.strategies.front().pairing, Pairing::paired);
  EXPECT_GT(difference(result.strategies.front(), "latency.write.mean_ns").low, 0.0);
}

TEST(Compare, refuses_different_scenarios_unless_told) {
  const Scenario scenario = must_read(races);
  std::string slower = races;
  slower.replace(slower.find(R"("mean": "2ms")"), 13, R"("mean": "9ms")");
  const Scenario other = must_read(slower);
  const SavedResult base = saved(scenario, true, "base.json"), changed = saved(other, true, "new.json");
  EXPECT_THAT(refusal(base, changed, options()), HasSubstr("of different scenarios; --different-scenarios"));
  CompareOptions how = options();
  how.different_scenarios = true;
  const Comparison told = compared(base, changed, how);
  EXPECT_EQ(told.strategies.front().pairing, Pairing::paired);
  EXPECT_THAT(told.remarks, testing::ElementsAre("the two sides are of different scenarios"));
  // A plain result of the same name: only its runs tell that it is of another scenario.
  const SavedResult plain = saved(other, false, "plain.json");
  EXPECT_THAT(refusal(base, plain, options()),
              HasSubstr("plain.json is not what the scenario of the other side gives"));
}

TEST(Compare, says_when_figures_do_not_come_out_again) {
  const Scenario scenario = must_read(races);
  const SavedResult base = saved(scenario, true, "base.json");
  SavedResult edited = base;
  edited.strategies[0].figures[2] = std::uint64_t{299};
  EXPECT_THAT(refusal(edited, base, options()), HasSubstr("its runs do not come to its figures again"));
  edited.version = "0.9";
  const Comparison result = compared(edited, base, options());
  EXPECT_EQ(result.strategies.front().pairing, Pairing::apart);
  EXPECT_THAT(result.remarks.front(), HasSubstr("was made by cacherace 0.9"));
}

TEST(Compare, other_seeds_make_no_pairs) {
  Scenario scenario = must_read(races);
  const SavedResult base = saved(scenario, true, "a");
  scenario.seed = 8;
  const SavedResult other = saved(scenario, true, "b");
  const Comparison result = compared(base, other, options());
  EXPECT_EQ(result.strategies.front().pairing, Pairing::apart);
  EXPECT_THAT(result.remarks.front(), HasSubstr("the seeds are 7 and 8"));
}

TEST(Compare, a_condition_is_held_failed_or_undecided) {
  const Scenario scenario = must_read(races);
  const SavedResult base = saved(scenario, true, "a");
  CompareOptions how =
      options({condition("latency.write.mean_ns > +1ms"), condition("latency.write.mean_ns > +20ms"),
               condition("latency.write.p99_ns > +5%"), condition("stuck.probability > +10%"),
               condition("staleness.p50_ns > +1ms")});
  how.strategy = "ours";
  how.against = "delayed-double-delete:sleep=4ms";
  const Comparison result = compared(base, base, how);
  const auto& conditions = result.strategies.front().conditions;
  EXPECT_EQ(conditions[0].verdict, ExpectationVerdict::failed);
  EXPECT_EQ(conditions[1].verdict, ExpectationVerdict::held);
  EXPECT_EQ(conditions[2].verdict, ExpectationVerdict::failed);
  EXPECT_EQ(result.verdict, ResultVerdict::failed);
  EXPECT_EQ(conditions[4].verdict, ExpectationVerdict::undecided);
  EXPECT_THAT(conditions[4].remark, HasSubstr("the figure is null"));
  EXPECT_THAT(condition_text(conditions[0]), HasSubstr("failed: latency.write.mean_ns > +1ms; it is +"));
}

TEST(SavedResults, are_told_where_they_are_wrong) {
  const auto fault = [](const std::string& text) {
    const auto read = read_saved_result(text, "r.json");
    const auto* faults = std::get_if<std::vector<Fault>>(&read);
    return faults != nullptr ? to_text(faults->front()) : "";
  };
  EXPECT_THAT(fault("{"), HasSubstr("no JSON document"));
  EXPECT_THAT(fault("[]"), HasSubstr("no result of `cacherace run --format json`"));
  EXPECT_THAT(fault(R"({"command": "explore"})"), HasSubstr("no result of"));
  EXPECT_THAT(fault(R"({"baseline": 9})"), HasSubstr("/baseline: this baseline is of another version"));
  EXPECT_THAT(fault(R"({"baseline": 1, "scenario": "{}", "files": {}, "result": {}})"),
              HasSubstr("(its scenario)"));
  const Scenario scenario = must_read(races);
  Json document = Json::parse(run_document(run_experiment(scenario, {}), {"1.0", "x"}));
  document["strategies"][1]["stuck"].erase("probability");
  EXPECT_THAT(fault(document.dump()), HasSubstr("/strategies/1/stuck/probability: expected this figure"));
  document["strategies"] = Json::array();
  EXPECT_THAT(fault(document.dump()), HasSubstr("/strategies: there is no strategy"));
}

// Cut anywhere, and with any value replaced: an error or a result, never a crash.
TEST(SavedResults, bear_any_text) {
  const Scenario scenario = must_read(races);
  const std::string text = baseline_document(scenario, run_experiment(scenario, {}), {"1.0", "x"});
  for (std::size_t length = 0; length < text.rfind('}'); length += 997) {
    EXPECT_TRUE(
        std::holds_alternative<std::vector<Fault>>(read_saved_result(text.substr(0, length), "r.json")));
  }
  const Json flat = Json::parse(text).flatten();
  std::size_t place = 0;
  for (const auto& [path, value] : flat.items()) {
    if (++place % 5 != 0 && place > 20) continue;
    for (const Json& other :
         {Json(), Json(-1), Json("x"), Json::array(), Json::object(), Json(true), Json(0.5)}) {
      Json changed = Json::parse(text);
      changed[Json::json_pointer(path)] = other;
      static_cast<void>(read_saved_result(changed.dump(), "r.json"));
    }
  }
}

}  // namespace
}  // namespace cacherace::reports
