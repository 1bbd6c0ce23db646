#include "reports/run_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/advice.hpp"
#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

const Source source{"1.2.3", "late-fill"};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(RunTable, ShowsTheWholePicture) {
  const auto text = run_table(
      result({stuck("write-then-delete", 6'100'000), clean("delayed-double-delete", 512'000'000)}), source);
  EXPECT_EQ(
      text,
      "late fill: 10,000 runs of each strategy, seed 1\n"
      "\n"
      "                                  stuck    stale  not lin.  window  window   write  read  hit\n"
      "strategy                      % of runs  % reads    % runs     p50     max     p99   p99    %\n"
      "write-then-delete      0.48 (0.32–0.69)     0.41      0.31  3.2 ms   never  6.1 ms  9 ms   75\n"
      "delayed-double-delete            <0.053   <0.053    <0.053       -       -  512 ms  9 ms   75\n"
      "\n"
      "windows of a wrong cache opened by\n"
      "  write-then-delete  late fill 81 %, in flight 19 %\n"
      "\n"
      "Best here: delayed-double-delete: no stuck run in 10,000 (at most 0.053 % with 99 % confidence), no\n"
      "stale read in 20,000. It costs: write p99 512 ms, against 6.1 ms with write-then-delete.\n"
      "Next: cacherace run late-fill --strategy write-then-delete --seed 1 --only-run 17\n");
}

TEST(RunTable, TellsTheLoadOfTheDatabaseWhereThatIsWhatItIsAboutOrLoadsPileUp) {
  auto s = clean("write-then-delete", 6'100'000);
  s.peak_concurrent_loads = 7;
  s.reads_per_second_mean = 12.6;
  s.reads_per_second_peak = 4'321.4;
  auto few = result({s});
  const std::string heading = "reads of the database";
  EXPECT_THAT(run_table(few, source), Not(HasSubstr(heading)));
  few.is_about_load = true;
  EXPECT_THAT(run_table(few, source),
              HasSubstr("                        a second,  a second, in the  of one key\n"
                        "reads of the database  on average    busiest 100 ms     at once\n"
                        "write-then-delete              13             4,321           7\n"));
  s.peak_concurrent_loads = 8;
  EXPECT_THAT(run_table(result({s}), source), HasSubstr(heading));
}

TEST(RunTable, FitsTheScreenForEightStrategies) {
  std::vector<scenarios::StrategyResult> eight;
  for (int i = 0; i < 8; ++i)
    eight.push_back(stuck("delayed-double-delete:sleep=50ms,async=true", 123'456'789));
  const auto lines = lines_of(run_table(result(eight), source));
  EXPECT_LE(lines.size(), 35U);  // two for each long name
  for (const auto& line : lines) {
    const bool is_command = line.starts_with("Next: ");  // stays whole, to be pasted
    EXPECT_TRUE(is_command || display_width(line) <= text_width) << line;
  }
}

TEST(RunTable, TellsFailedAndUndecidedExpectationsInFull) {
  auto s = stuck("write-then-delete", 6'100'000);
  const scenarios::Expectation rare{.strategy = "*", .figure = "stuck.probability", .bound = 0.001};
  const scenarios::Expectation fast{.strategy = "*", .figure = "latency.write.p99_ns", .bound = 600e6};
  s.expectations.push_back({rare, 0.0048, scenarios::ExpectationVerdict::failed, ""});
  s.expectations.push_back({fast, 6.1e6, scenarios::ExpectationVerdict::held, ""});
  s.expectations.push_back({rare, 0.0, scenarios::ExpectationVerdict::undecided, "20000 runs would decide"});
  const auto text = run_table(result({s}), source);
  EXPECT_THAT(text, HasSubstr("1 of 3 expectations hold\n"));
  EXPECT_THAT(
      text,
      HasSubstr("  failed     write-then-delete: stuck.probability is 0.0048, expected at most 0.001\n"));
  EXPECT_THAT(text, HasSubstr("  undecided  write-then-delete"));
  EXPECT_THAT(text, HasSubstr("20000 runs would"));
  EXPECT_THAT(text, Not(HasSubstr("600 ms")));
}

TEST(RunTable, SaysWhatIsMissing) {
  auto cut = clean("ttl-only", 1);
  cut.runs = 4'211;
  auto all = result({cut});
  all.complete = false;
  EXPECT_THAT(run_table(all, source), HasSubstr("NOT COMPLETE  ttl-only: 4,211 of 10,000 runs\n"));
}

TEST(RunTable, ColoursOnlyWhenAsked) {
  const auto one = result({stuck("write-then-delete", 1), clean("ttl-only", 1)});
  EXPECT_THAT(run_table(one, source), Not(HasSubstr("\x1b")));
  const auto coloured = run_table(one, source, Paint::coloured);
  EXPECT_THAT(coloured, HasSubstr("\x1b[31m0.48 (0.32–0.69)\x1b[0m"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[33m0.41\x1b[0m"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[32mttl-only\x1b[0m"));
}

TEST(RunTable, EntriesThatHealAreNotCalledPermanent) {
  auto healing = stuck("ttl-only", 1);
  healing.permanently_stuck_runs = 0;
  healing.heals_after = {48, 1, 29'000'000'000, 1, 1, 1, 29'800'000'000};
  const auto text = run_table(result({healing}), source);
  EXPECT_THAT(text, HasSubstr("by TTL"));
  EXPECT_THAT(text, HasSubstr("heal by the TTL, within 29.8 s"));
  EXPECT_THAT(text, Not(HasSubstr("never")));
}

TEST(Advice, PrefersTheFewestStaleReadsAndThenTheFasterWrite) {
  auto stale = clean("ttl-only", 1'000'000);
  stale.stale = 1;
  stale.stale_share = estimate(0.0001, 0.0, 0.001);
  const auto all = result({stuck("write-then-delete", 500), stale, clean("delayed-double-delete", 9'000'000),
                           clean("binlog-delete", 8'000'000)});
  EXPECT_EQ(best_of(all)->strategy.info->name, "binlog-delete");
}

TEST(Advice, SaysPlainlyThatNoneIsClean) {
  EXPECT_THAT(
      advice(result({stuck("write-then-delete", 1), stuck("delete-then-write", 2)})),
      testing::StartsWith("None is clean here: each leaves a wrong entry for good in some runs. Least often "
                          "write-then-delete: stuck in 48 of 10,000 runs"));
}

TEST(Advice, ClaimsNothingWithoutRuns) {
  EXPECT_EQ(advice(result({scenarios::StrategyResult{.strategy = strategy("ttl-only")}})),
            "No run was finished: nothing is known.");
  EXPECT_EQ(best_of(result({})), nullptr);
}

TEST(Advice, AsksForMoreRunsWhereNothingWasSeen) {
  EXPECT_EQ(next_command(result({clean("ttl-only", 1)}), source), "cacherace run late-fill --runs 100000");
}

}  // namespace
}  // namespace cacherace::reports
