// Schedules: text that can be read back, refusals, and every witness of exploration played by the simulator
// and judged by verify/.
#include "exploration/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exploration/past.hpp"
#include "exploration/timed.hpp"
#include "exploration/violations.hpp"
#include "explore_programs.hpp"
#include "models/roles.hpp"
#include "random_programs.hpp"

namespace cacherace::exploration {
namespace {

using models::Actor;
using testing::HasSubstr;

constexpr std::uint64_t print = 0x9f86d081884c7d65;

Schedule random_schedule(Dice& dice) {
  static const std::vector<Actor> actors = {Actor::client,  Actor::background, Actor::late_command,
                                            Actor::replica, Actor::partition,  Actor::copy,
                                            Actor::entry};
  Schedule schedule{.timed = dice.chance(2)};
  std::int64_t at = 0;
  for (std::uint32_t more = dice.roll(12); more > 0; --more) {
    const Actor actor = dice.one_of(actors);
    const bool numbered = actor == Actor::background || actor == Actor::late_command || actor == Actor::copy;
    Move move{.tag = models::tag_of(actor, dice.roll(70), numbered ? dice.roll(300) : 0)};
    for (std::uint32_t picks = dice.roll(4); picks > 0; --picks) {
      move.picks.push_back(static_cast<std::uint16_t>(dice.roll(UINT16_MAX + 1)));
    }
    constexpr std::int64_t grains[] = {1, 1'000, 1'000'000, 1'000'000'000, 60'000'000'000};
    at += dice.roll(50) * grains[dice.roll(5)];
    if (schedule.timed) move.at = sim::Time(sim::Duration(at));
    schedule.moves.push_back(std::move(move));
  }
  return schedule;
}

TEST(Schedule, is_read_back_from_its_text) {
  for (std::uint64_t number = 0; number < 2000; ++number) {
    Dice dice(12, number);
    const Schedule schedule = random_schedule(dice);
    const std::string text = schedule_text(schedule, print);
    const auto read = read_schedule(text, print);
    ASSERT_TRUE(std::holds_alternative<Schedule>(read)) << text << "\n" << std::get<std::string>(read);
    ASSERT_EQ(std::get<Schedule>(read), schedule) << text;
  }
}

std::string refusal(const std::string& text) {
  const auto read = read_schedule(text, print);
  const auto* why = std::get_if<std::string>(&read);
  return why == nullptr ? "" : *why;
}

TEST(Schedule, is_refused_with_what_is_wrong) {
  EXPECT_EQ(refusal("1 untimed 9f86d081884c7d65 c0 c1"), "");
  EXPECT_EQ(refusal("  1 timed\n9f86d081884c7d65\tc0@0ms c1.b2:3.4@1500ns r0@2ms "), "");
  EXPECT_THAT(refusal(""), HasSubstr("no schedule"));
  EXPECT_THAT(refusal("1 sometimes 9f86d081884c7d65 c0"), HasSubstr("no schedule"));
  EXPECT_THAT(refusal("2 untimed 9f86d081884c7d65 c0"), HasSubstr("version 2"));
  EXPECT_THAT(refusal("1 untimed 0f86d081884c7d65 c0"), HasSubstr("fingerprint"));
  for (const char* const move : {"x0", "c", "c0.", "c0.b", "c0.x1", "c0:", "c0:1.", "c0:65536", "c0 c1:x",
                                 "c99999999999", "c0@1ms", "c0c1", "c-1", "@"}) {
    EXPECT_THAT(refusal(std::string("1 untimed 9f86d081884c7d65 ") + move), HasSubstr("cannot be read"))
        << move;
  }
  for (const char* const move : {"c0", "c0@", "c0@5", "c0@-1ms", "c0@1ms@2ms", "c0@1parsec", "c0:@1ms"}) {
    EXPECT_THAT(refusal(std::string("1 timed 9f86d081884c7d65 ") + move), HasSubstr("cannot be read"))
        << move;
  }
}

// A run of a witness's schedule, from its text to the end.
class Played {
 public:
  Played(const Scenario& scenario, const StrategyChoice& strategy, const Witness& witness)
      : scenario_(scenario), run_(scenario, strategy, Returns::unseen) {
    const auto read = read_schedule(witness.schedule, fingerprint(scenario, strategy));
    if (!std::holds_alternative<Schedule>(read)) {
      ADD_FAILURE() << std::get<std::string>(read);
      return;
    }
    Player player(std::get<Schedule>(read), !scenario.setup.faults.empty());
    end_ = run_.run(player);
    EXPECT_EQ(player.trouble(), "");
  }

  [[nodiscard]] bool has(Property property) {
    return violations_of(scenario_.setup, run_.simulation().records(), end_)[index_of(property)];
  }
  [[nodiscard]] std::size_t steps_of_past(Property property) {
    const auto name = [&](std::uint32_t client) { return run_.simulation().client_name(client); };
    return tell_past(scenario_.setup, run_.simulation().records(), end_, property, name).steps.size();
  }

 private:
  const Scenario& scenario_;
  ObservedRun run_;
  sim::RunEnd end_;
};

std::vector<std::string> variants() {
  std::vector<std::string> names;
  for (const auto* info : strategies::all_strategies().first(8)) names.emplace_back(info->name);
  names.emplace_back("delayed-double-delete:async=true");
  names.emplace_back("delayed-double-delete:sleep=2ms");
  return names;
}

std::vector<Program> small_programs() {
  std::vector<Program> programs;
  for (const std::string& strategy : variants()) {
    for (const auto& [writers, readers] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {1, 3}}) {
      for (const bool cached : {false, true}) {
        for (const bool replica : {false, true}) {
          if (replica && writers + readers > 3) continue;
          programs.push_back({strategy, writers, readers, cached, replica});
        }
      }
    }
  }
  return programs;
}

constexpr Property shortest_is_past[] = {Property::stale_read, Property::inversion, Property::dirty_read,
                                         Property::cache_ahead, Property::stuck};

// A shortest witness is its violation's own past: nothing in it can be left out.
TEST(Schedule, of_an_untimed_witness_plays_and_is_its_own_past) {
  std::uint64_t played = 0;
  for (const Program& program : small_programs()) {
    const Scenario scenario = untimed(scenario_of(program));
    const StrategyChoice& strategy = scenario.strategies.front();
    const ExploredStrategy result = explored(program);
    for (std::size_t i = 0; i < property_count; ++i) {
      const auto property = static_cast<Property>(i);
      if (!result.witnesses[i]) continue;
      SCOPED_TRACE(
          fmt::format("{} {}: {}", name_of(program), property_names[i], result.witnesses[i]->schedule));
      Played run(scenario, strategy, *result.witnesses[i]);
      ++played;
      EXPECT_TRUE(run.has(property));
      if (std::ranges::find(shortest_is_past, property) != std::end(shortest_is_past)) {
        EXPECT_EQ(run.steps_of_past(property), result.witnesses[i]->steps.size());
      }
    }
  }
  EXPECT_GT(played, 150U);
}

TEST(Schedule, of_a_timed_witness_plays) {
  std::uint64_t played = 0;
  for (const Program& program : small_programs()) {
    if (program.writers + program.readers > 3) continue;
    const Scenario scenario = scenario_of(program);
    const StrategyChoice& strategy = scenario.strategies.front();
    const ExploredStrategy result = explore_timed(scenario, strategy, {.timed = true});
    for (std::size_t i = 0; i < property_count; ++i) {
      const auto property = static_cast<Property>(i);
      if (!result.witnesses[i]) continue;
      SCOPED_TRACE(
          fmt::format("{} {}: {}", name_of(program), property_names[i], result.witnesses[i]->schedule));
      ++played;
      EXPECT_TRUE(Played(scenario, strategy, *result.witnesses[i]).has(property));
    }
  }
  EXPECT_GT(played, 50U);
}

}  // namespace
}  // namespace cacherace::exploration
