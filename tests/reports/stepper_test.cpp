// The screens of replay --step.
#include "reports/stepper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "reports/replay.hpp"
#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using testing::HasSubstr;

Played played(const std::string& name, const std::string& of_strategy, std::uint64_t run) {
  auto loaded = scenarios::load_scenario(name);
  return play_run(std::get<scenarios::Scenario>(loaded), strategy(of_strategy), run);
}

Stepper stepper(const Played& of) {
  return {tell(of), reasons_of(of)};
}

std::string text_of(const std::vector<ScreenLine>& screen) {
  std::string text;
  for (const auto& line : screen) text += line.text + "\n";
  return text;
}

TEST(Stepper, FillsAnyScreenAndNeverMore) {
  const Played execution = played("field/all", "binlog-delete", 3);
  Stepper stepper = reports::stepper(execution);
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    stepper.walk(static_cast<Walk>(random() % 8));
    const std::size_t rows = 1 + random() % 50, columns = 1 + random() % 130;
    const auto screen = stepper.screen(rows, columns);
    ASSERT_EQ(screen.size(), rows);
    std::size_t present = 0;
    for (const auto& line : screen) {
      ASSERT_LE(display_width(line.text), columns);
      present += line.style == Style::current ? 1 : 0;
    }
    if (rows > 1) {
      ASSERT_EQ(present, 1U) << rows << "x" << columns;
    }
  }
}

// The stores at each step, held against those of the lines before it, gone through from the first.
TEST(Stepper, ShowsWhatTheStoresHoldThen) {
  const Played execution = played("field/all", "binlog-versioned", 5);
  const Telling telling = tell(execution);
  Stepper stepper = reports::stepper(execution);
  ASSERT_GT(telling.lines.size(), 10U);
  Contents held = telling.first.front();
  for (std::size_t i = 0; i < telling.lines.size(); ++i) {
    ASSERT_EQ(stepper.position(), i);
    const auto& changed = telling.lines[i].held;
    if (changed && changed->key == held.key) held = *changed;
    const std::string redis = (held.redis.empty() ? "-" : held.redis) + (held.differs ? " !" : "");
    EXPECT_THAT(text_of(stepper.screen(40, 120)),
                testing::ContainsRegex("  " + held.key + " +" + redis + " +" + held.primary + " "));
    stepper.walk(Walk::next);
  }
  EXPECT_EQ(stepper.position(), telling.lines.size() - 1);
}

TEST(Stepper, FindsEachViolationOnceInBothDirections) {
  const Played execution = played("causes/late-fill", "write-then-delete", 93);
  const Telling telling = tell(execution);
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < telling.lines.size(); ++i) {
    if (telling.lines[i].violates) wrong.push_back(i);
  }
  ASSERT_FALSE(wrong.empty());
  Stepper stepper = reports::stepper(execution);
  for (const auto place : wrong) {
    stepper.walk(Walk::next_violation);
    EXPECT_EQ(stepper.position(), place);
  }
  stepper.walk(Walk::next_violation);
  EXPECT_EQ(stepper.position(), wrong.back());
  stepper.walk(Walk::last);
  for (auto place = wrong.rbegin(); place != wrong.rend(); ++place) {
    if (*place == telling.lines.size() - 1) continue;
    stepper.walk(Walk::previous_violation);
    EXPECT_EQ(stepper.position(), *place);
  }
}

// A window that closes again is no violation, and nothing to jump to.
TEST(Stepper, HasNothingToJumpToWhereNothingIsWrong) {
  const Played execution = played("causes/late-fill", "write-then-delete", 0);
  ASSERT_FALSE(execution.verdict.violates());
  Stepper stepper = reports::stepper(execution);
  EXPECT_THAT(text_of(stepper.screen(24, 80)), HasSubstr("nothing is wrong"));
  stepper.walk(Walk::next_violation);
  EXPECT_EQ(stepper.position(), 0U);
}

TEST(Stepper, SaysThatARunIsNotJudged) {
  auto scenario = std::get<scenarios::Scenario>(scenarios::load_scenario("causes/late-fill"));
  scenario.setup.limits.time = sim::Duration(20'000'000);
  const Played execution = play_run(scenario, strategy("write-then-delete"), 93);
  ASSERT_FALSE(execution.is_judged);
  EXPECT_THAT(text_of(reports::stepper(execution).screen(24, 100)), HasSubstr("NOT COMPLETE"));
}

TEST(Stepper, ShowsTheKeyOfTheStepFirst) {
  const Played execution = played("load/avalanche", "write-then-delete", 0);
  const Telling telling = tell(execution);
  Stepper stepper = reports::stepper(execution);
  std::size_t looked = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(telling.lines.size(), 300);
       ++i, stepper.walk(Walk::next)) {
    if (telling.lines[i].key.empty()) continue;
    const auto screen = stepper.screen(24, 100);
    const auto heading =
        std::ranges::find_if(screen, [](const ScreenLine& line) { return line.text.starts_with("  key "); });
    ASSERT_NE(heading, screen.end());
    EXPECT_THAT((heading + 1)->text, testing::StartsWith("  " + telling.lines[i].key + " "));
    ++looked;
  }
  EXPECT_GT(looked, 100U);
}

}  // namespace
}  // namespace cacherace::reports
