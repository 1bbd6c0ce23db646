#include "scenarios/experiment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>

#include "scenarios/recording.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::scenarios {
namespace {

std::string text_with(const std::string& more, const std::string& strategies = R"(["delete-then-write"])") {
  return R"({"name": "test", "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
    "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
    "clients": [{"name": "writer", "start": {"uniform": ["0ms", "20ms"]}, "do": ["write"]},
                {"name": "reader", "start": {"uniform": ["0ms", "20ms"]}, "do": ["read"], "repeat": 2}],
    "strategies": )" +
         strategies + more + "}";
}

std::map<std::string, FigureValue> figures(const StrategyResult& result) {
  std::map<std::string, FigureValue> all;
  for_each_figure(result, [&](std::string_view path, const FigureValue& value) { all.emplace(path, value); });
  return all;
}

bool same(const FigureValue& a, const FigureValue& b) {
  if (const auto* left = std::get_if<Estimate>(&a)) {
    const auto* right = std::get_if<Estimate>(&b);
    return right != nullptr && left->estimate == right->estimate && left->low == right->low &&
           left->high == right->high;
  }
  if (a.index() != b.index()) return false;
  return std::visit(
      [&](const auto& left) {
        using Type = std::decay_t<decltype(left)>;
        if constexpr (std::is_same_v<Type, Estimate>) {
          return false;
        } else {
          return left == std::get<Type>(b);
        }
      },
      a);
}

TEST(Experiment, comes_to_the_same_with_any_number_of_jobs) {
  const Scenario scenario =
      must_read(text_with(R"(, "runs": 3000)", R"(["delete-then-write", "binlog-update"])"));
  const RunResult one = run_experiment(scenario, {.jobs = 1});
  for (const unsigned jobs : {2U, 3U, 7U}) {
    const RunResult many = run_experiment(scenario, {.jobs = jobs});
    ASSERT_EQ(many.strategies.size(), one.strategies.size());
    for (std::size_t i = 0; i < one.strategies.size(); ++i) {
      const auto expected = figures(one.strategies[i]);
      for (const auto& [path, value] : figures(many.strategies[i])) {
        EXPECT_TRUE(same(value, expected.at(path))) << path << " with " << jobs << " jobs";
      }
      EXPECT_EQ(many.strategies[i].first_violation->run, one.strategies[i].first_violation->run);
    }
  }
}

TEST(Experiment, runs_one_run_alone) {
  const Scenario scenario = must_read(text_with(""));
  const RunResult result = run_experiment(scenario, {.jobs = 2, .only_run = 17});
  EXPECT_EQ(result.runs, 1U);
  EXPECT_EQ(result.strategies[0].runs, 1U);
  EXPECT_EQ(result.strategies[0].reads, 2U);
  EXPECT_TRUE(result.complete);
}

TEST(Experiment, adds_up_to_its_single_runs) {
  const Scenario scenario = must_read(text_with(R"(, "runs": 60)"));
  const StrategyResult all = run_experiment(scenario, {.jobs = 2}).strategies[0];
  std::uint64_t stuck = 0;
  std::uint64_t windows = 0;
  std::uint64_t window_ns = 0;
  std::uint64_t reads = 0;
  for (std::uint64_t run = 0; run < 60; ++run) {
    const StrategyResult one = run_experiment(scenario, {.jobs = 1, .only_run = run}).strategies[0];
    stuck += one.stuck_runs;
    windows += one.state.count;
    window_ns += one.state.total_ns;
    reads += one.database_reads;
    if (all.first_violation->run == run) {
      EXPECT_EQ(one.first_violation->kind, all.first_violation->kind);
    } else if (run < all.first_violation->run) {
      EXPECT_FALSE(one.first_violation);
    }
  }
  EXPECT_GT(stuck, 0U);
  EXPECT_EQ(stuck, all.stuck_runs);
  EXPECT_EQ(windows, all.state.count);
  EXPECT_EQ(window_ns, all.state.total_ns);
  EXPECT_EQ(reads, all.database_reads);
}

TEST(Experiment, counts_runs_that_meet_a_limit_and_is_then_not_complete) {
  const RunResult by_time =
      run_experiment(must_read(text_with(R"(, "runs": 50, "limits": {"time": "25ms"})")), {});
  EXPECT_FALSE(by_time.complete);
  EXPECT_EQ(by_time.verdict, ResultVerdict::unknown);
  const StrategyResult& some = by_time.strategies[0];
  EXPECT_GT(some.incomplete_runs, 10U);
  EXPECT_LT(some.incomplete_runs, 50U);
  EXPECT_EQ(some.runs, 50U);
  EXPECT_EQ(some.writes, 50U - some.incomplete_runs);
  const RunResult by_events =
      run_experiment(must_read(text_with(R"(, "runs": 50, "limits": {"events": 5})")), {});
  EXPECT_EQ(by_events.strategies[0].incomplete_runs, 50U);
  EXPECT_FALSE(by_events.strategies[0].stuck.estimate);
}

// An expectation is not held by runs that were not finished; one that is broken already stays so.
TEST(Experiment, judges_no_expectation_by_part_of_the_runs) {
  const RunResult result =
      run_experiment(must_read(text_with(R"(, "runs": 50, "limits": {"time": "25ms"}, "expect": [
        {"strategy": "*", "figure": "stuck.runs", "at_most": 50},
        {"strategy": "*", "figure": "writes.total", "at_least": 50},
        {"strategy": "*", "figure": "writes.total", "at_most": 1},
        {"strategy": "*", "figure": "latency.write.p50_ns", "at_most": "1h"}])")),
                     {});
  const auto& expectations = result.strategies[0].expectations;
  EXPECT_EQ(expectations.at(0).verdict, ExpectationVerdict::undecided);
  EXPECT_EQ(expectations.at(1).verdict, ExpectationVerdict::undecided);
  EXPECT_EQ(expectations.at(2).verdict, ExpectationVerdict::failed);
  EXPECT_EQ(expectations.at(3).verdict, ExpectationVerdict::undecided);
}

TEST(Experiment, stops_with_what_it_has) {
  const Scenario scenario = must_read(text_with(R"(, "runs": 100000000)"));
  std::atomic<bool> stop = false;
  std::uint64_t seen = 0;
  const RunResult result =
      run_experiment(scenario, {.jobs = 2, .stop = &stop, .see = [&](const Progress& progress) {
                                  EXPECT_EQ(progress.runs_total, 100'000'000U);
                                  seen = progress.runs_done;
                                  stop = true;
                                }});
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(result.verdict, ResultVerdict::unknown);
  EXPECT_GE(result.strategies[0].runs, seen);
  EXPECT_LT(result.strategies[0].runs, 100'000'000U);
}

// In KiB, as Linux counts it.
std::uint64_t resident_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
  }
  return 0;
}

TEST(Experiment, needs_no_more_memory_for_more_runs) {
  Scenario scenario = must_read(text_with(""));
  const auto grown = [&](std::uint64_t runs) {
    const std::uint64_t before = resident_memory();
    scenario.runs = runs;
    run_experiment(scenario, {.jobs = 2});
    return resident_memory() - std::min(before, resident_memory());
  };
  const std::uint64_t few = grown(10'000);
  const std::uint64_t more = support::sanitized ? 100'000 : 1'000'000;
  const std::uint64_t many = grown(more);
  std::cout << "resident memory grew by " << few << " KiB in 10,000 runs, by " << many << " KiB in " << more
            << " more\n";
  EXPECT_LE(many, few + 4096);
}

CheckedExpectation judged(const std::string& expectation, std::uint64_t runs = 1000) {
  Scenario scenario = must_read(text_with(R"(, "expect": [{"strategy": "*", )" + expectation + "}]"));
  scenario.runs = runs;
  return run_experiment(scenario, {.jobs = 2}).strategies[0].expectations.at(0);
}

// About 0.46 of the runs end stuck.
TEST(Expectations, hold_fail_or_stay_undecided_by_the_whole_interval) {
  EXPECT_EQ(judged(R"("figure": "stuck.probability", "at_least": 0.3)").verdict, ExpectationVerdict::held);
  EXPECT_EQ(judged(R"("figure": "stuck.probability", "at_most": 0.3)").verdict, ExpectationVerdict::failed);
  const auto open = judged(R"("figure": "stuck.probability", "at_most": 0.47)", 300);
  EXPECT_EQ(open.verdict, ExpectationVerdict::undecided);
  EXPECT_NE(open.remark.find("runs would decide"), std::string::npos) << open.remark;
  EXPECT_EQ(judged(R"("figure": "stuck.runs", "equals": 0)").verdict, ExpectationVerdict::failed);
  EXPECT_EQ(judged(R"("figure": "writes.total", "equals": 1000)").verdict, ExpectationVerdict::held);
  EXPECT_EQ(judged(R"("figure": "latency.write.p50_ns", "at_least": "6ms")").verdict,
            ExpectationVerdict::held);
  EXPECT_EQ(judged(R"("figure": "latency.write.p50_ns", "at_most": "6ms")").verdict,
            ExpectationVerdict::failed);
}

TEST(Expectations, decide_nothing_on_a_null_figure_or_for_another_command) {
  const auto null = judged(R"("figure": "stuck.heals_after.max_ns", "at_most": "1s")");
  EXPECT_EQ(null.verdict, ExpectationVerdict::undecided);
  EXPECT_FALSE(null.remark.empty());
  const auto other =
      judged(R"("command": "explore", "mode": "untimed", "figure": "reachable.stuck", "equals": true)");
  EXPECT_EQ(other.verdict, ExpectationVerdict::not_evaluated);
}

TEST(Expectations, are_not_evaluated_on_a_single_run) {
  const Scenario scenario =
      must_read(text_with(R"(, "expect": [{"strategy": "*", "figure": "stuck.runs", "at_least": 10})"
                          "]"));
  const RunResult result = run_experiment(scenario, {.only_run = 3});
  EXPECT_EQ(result.strategies[0].expectations.at(0).verdict, ExpectationVerdict::not_evaluated);
  EXPECT_EQ(result.verdict, ResultVerdict::unknown);
}

// Nothing seen in n runs: 528 runs bring the upper limit to 0.01.
TEST(Expectations, say_how_many_runs_would_decide) {
  const Scenario scenario = must_read(text_with(
      R"(, "runs": 100, "expect": [{"strategy": "*", "figure": "stuck.probability", "at_most": 0.01}])",
      R"(["delayed-double-delete"])"));
  const auto none = run_experiment(scenario, {}).strategies[0].expectations.at(0);
  EXPECT_EQ(none.verdict, ExpectationVerdict::undecided);
  EXPECT_EQ(none.remark, "about 530 runs would decide");
}

TEST(Recording, repeats_the_same_run) {
  const Scenario scenario = must_read(text_with(""));
  const StrategyChoice choice = must_choose("delayed-double-delete:sleep=3ms,async=true");
  const std::uint64_t digest = digest_of_run(scenario, choice, 12);
  const Recording recording{scenario, choice, "2w3r", RecordedRun{12, digest}};
  const auto again = read_recording(write_recording(recording), "r.json");
  ASSERT_TRUE(std::holds_alternative<Recording>(again));
  const auto& read = std::get<Recording>(again);
  EXPECT_EQ(read.clients, "2w3r");
  const auto& run = std::get<RecordedRun>(read.content);
  EXPECT_EQ(run.run, 12U);
  EXPECT_EQ(read.strategy.parameters.raw("sleep"), 3'000'000);
  EXPECT_EQ(read.strategy.parameters.raw("async"), 1);
  EXPECT_EQ(run.digest, digest);
  EXPECT_EQ(digest_of_run(read.scenario, read.strategy, run.run), digest);
}

TEST(Recording, holds_orders_and_certificates) {
  using namespace std::chrono_literals;
  const Scenario scenario = must_read(text_with(""));
  const StrategyChoice choice = must_choose("delayed-double-delete");
  const auto again = [&](const auto& content) {
    auto read = read_recording(write_recording({scenario, choice, "", content}), "r.json");
    EXPECT_TRUE(std::holds_alternative<Recording>(read));
    return std::get<Recording>(read).content;
  };
  const auto order = std::get<RecordedOrder>(again(RecordedOrder{"stuck", "1 untimed 0 c0"}));
  EXPECT_EQ(order.property, "stuck");
  EXPECT_EQ(order.schedule, "1 untimed 0 c0");
  const Certificate claimed{"sleep", "stuck", 0ns, 1h, 11ms, std::nullopt, 21, 27, "ab", "1 timed 0 c0@1ms"};
  const auto certificate = std::get<Certificate>(again(claimed));
  EXPECT_EQ(certificate.parameter, "sleep");
  EXPECT_EQ(certificate.to, claimed.to);
  EXPECT_EQ(certificate.safe, claimed.safe);
  EXPECT_EQ(certificate.unsafe, std::nullopt);
  EXPECT_EQ(certificate.classes, 27U);
  EXPECT_EQ(certificate.schedule, claimed.schedule);
}

TEST(Recording, refuses_what_is_none) {
  const Scenario scenario = must_read(text_with(""));
  const StrategyChoice choice = must_choose("delete-then-write");
  const std::string good = write_recording({scenario, choice, "", RecordedRun{1, 1}});
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"recording\": 2", "\"recording\": 1"},
                                 {"\"recording\"", "\"record\""},
                                 {"delete-then-write", "delete-than-write"},
                                 {"\"run\": 1", "\"run\": -1"},
                                 {"\"digest\": \"0", "\"digest\": \"x"},
                                 {"\"on_error\": 0", "\"on_error\": 2"},
                                 {"{", "["}}) {
    std::string bad = good;
    const auto place = bad.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    bad.replace(place, from.size(), to);
    const auto result = read_recording(bad, "r.json");
    ASSERT_TRUE(std::holds_alternative<std::vector<Fault>>(result)) << to;
    EXPECT_FALSE(std::get<std::vector<Fault>>(result).empty()) << to;
  }
}

}  // namespace
}  // namespace cacherace::scenarios
