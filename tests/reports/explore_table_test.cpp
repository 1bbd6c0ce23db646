#include "reports/explore_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/explore_json.hpp"
#include "reports/explore_words.hpp"
#include "reports/reason_words.hpp"
#include "reports/witness_table.hpp"
#include "tests/reports/explore_programs.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::reports {
namespace {

using exploration::Property;
using testing::HasSubstr;

std::string table(const Explored& explored) {
  return explore_table(explored.scenario, explored.result);
}

TEST(ExploreTable, TellsWhoDidWhatAndWhatTheStoresHeld) {
  EXPECT_EQ(
      table(explored("write-then-delete", one_and_two)),
      "small: every order of commands, untimed; steps of the shortest way (>> decides, ! wrong)\n"
      "\n"
      "                          stale  inver-   not lin-  dirty  cache   lost  dead-\n"
      "                   stuck   read    sion  earizable   read  ahead  write   lock  states  outcomes\n"
      "write-then-delete      5      6       -          6      -      -      -      -      96        10\n"
      "\n"
      "write-then-delete: stuck after 5 steps\n"
      "   #  clients                                        redis  mysql\n"
      "   1  reader#1: read k0; GET k0 -> miss              -      v0\n"
      "   2  reader#1: SELECT k0 -> v0                      -      v0\n"
      "   3  writer: write k0 = v1; UPDATE k0 = v1 commits  -      v1\n"
      "   4  writer: DEL k0; returns                        -      v1\n"
      ">> 5  reader#1: SET k0 = v0 (fill); returns v0       v0 !   v1\n"
      "Why: reader#1's SET of v0 landed after writer's DEL, because its SELECT was answered before the\n"
      "     COMMIT of v1.\n"
      "\n"
      "write-then-delete: stale read after 6 steps\n"
      "write-then-delete: nonlinearizable after 6 steps\n"
      "   #  clients                                        redis  mysql\n"
      "   1  reader#1: read k0; GET k0 -> miss              -      v0\n"
      "   2  reader#1: SELECT k0 -> v0                      -      v0\n"
      "   3  writer: write k0 = v1; UPDATE k0 = v1 commits  -      v1\n"
      "   4  writer: DEL k0; returns                        -      v1\n"
      ">> 5  reader#1: SET k0 = v0 (fill); returns v0       v0 !   v1\n"
      "   6  reader#2: read k0; GET k0 -> v0; returns v0    v0 !   v1\n"
      "Why: reader#1's SET of v0 landed after writer's DEL, because its SELECT was answered before the\n"
      "     COMMIT of v1.\n");
}

TEST(ExploreTable, ShowsTheReplicaAndTheQueueWhereThereAreAny) {
  const auto text = table(explored(
      "binlog-delete", R"([{"name": "writer", "do": ["write"]}, {"name": "reader", "do": ["read"]}])",
      R"("keys": {"cached": true}, )", R"(, "replicas": 1, "read_from": "replica")"));
  EXPECT_THAT(text,
              HasSubstr("   #  clients                                                 redis  mysql  replica"
                        "  queue\n"
                        "   1  writer: write k0 = v1; UPDATE k0 = v1 commits; returns  v0 !   v1     v0     "
                        "  v1\n"
                        "   2  consumer: gets k0 = v1; DEL k0                          -      v1     v0     "
                        "  -\n"
                        "   3  reader: read k0; GET k0 -> miss                         -      v1     v0     "
                        "  -\n"
                        ">> 4  reader: SELECT k0 -> v0 (replica 1)                     -      v1     v0     "
                        "  -\n"));
  EXPECT_THAT(text,
              HasSubstr("Why: reader's SELECT was answered with v0 by the replica, which had not applied v1 "
                        "yet, and its SET\n     landed after the consumer's DEL.\n"));
}

TEST(ExploreTable, StaysWithinItsWidthWhateverAClientIsCalled) {
  const auto text = table(
      explored("binlog-delete", R"([{"name": ")" + std::string(59, 'w') + R"(", "count": 2, "do": ["write"]},
                                          {"name": "\u001b[31mreader", "do": ["read"]}])",
               R"("keys": {"cached": true}, )"));
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    longest = std::max(longest, display_width(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  EXPECT_LE(longest, 110U);
  EXPECT_THAT(text, HasSubstr("?[31mreader: read k0"));
}

TEST(ExploreTable, TheDecidingStepIsRed) {
  const auto e = explored("write-then-delete", one_and_two);
  const auto text = explore_table(e.scenario, e.result, Paint::coloured);
  EXPECT_THAT(text,
              HasSubstr("\x1b[31m>> 5\x1b[0m  \x1b[31mreader#1: SET k0 = v0 (fill); returns v0\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[31mv0 !\x1b[0m"));
}

TEST(ExploreTable, TimesStandThereWhereTheyMeanAnything) {
  auto e = explored("ttl-only", one_and_two, R"("keys": {"cached": true}, )");
  auto& witness = *e.result.strategies[0].witnesses[static_cast<std::size_t>(Property::stale_read)];
  witness.timed = true;
  for (auto& step : witness.steps) {
    for (auto& record : step.records) record.at = sim::Time(record.at.time_since_epoch() * 1'500'000);
  }
  const auto reason = reason_of(e.scenario.setup, witness, Property::stale_read);
  EXPECT_EQ(witness_table(e.scenario.setup, false, witness, reason),
            "   #    time  clients                                                 redis  mysql\n"
            "   1  1.5 ms  writer: write k0 = v1; UPDATE k0 = v1 commits; returns  v0 !   v1\n"
            ">> 2    3 ms  reader#1: read k0; GET k0 -> v0; returns v0             v0 !   v1\n");
}

TEST(ExploreDocument, SaysWhichStepDecidesAndWhy) {
  const auto e = explored("write-then-delete", one_and_two);
  const auto document = explore_document(e.scenario, e.result, {"1.0", "small.json"});
  EXPECT_THAT(document, HasSubstr(R"("deciding_step": 5,)"));
  EXPECT_THAT(document, HasSubstr(R"("cause": "late_fill",)"));
  EXPECT_THAT(document,
              HasSubstr(R"("reason": "reader#1's SET of v0 landed after writer's DEL, because its SELECT )"
                        R"(was answered before the COMMIT of v1")"));
}

// Every violation of every strategy, without faults, has a sentence of its own.
TEST(ReasonWords, KnowMoreThanThatSomethingWasDecided) {
  for (const auto* info : strategies::all_strategies()) {
    for (const std::string variant : {"", ":async=true", ":first_delete=false"}) {
      if (!variant.empty() && info->name != "delayed-double-delete") continue;
      for (const std::string keys : {"", R"("keys": {"cached": true}, )"}) {
        for (const std::string mysql : {"", R"(, "replicas": 1, "read_from": "replica")"}) {
          for (const auto& [writers, readers] : {std::pair(1U, 1U), {1U, 3U}, {2U, 1U}, {2U, 2U}}) {
            auto e = explored(std::string(info->name) + variant, one_and_two, keys, mysql);
            exploration::replace_clients(e.scenario, {writers, readers});
            e.result = exploration::explore(e.scenario, {.states_max = support::sanitized ? 2'000 : 20'000});
            for (const auto& told : told_witnesses(e.scenario, e.result.strategies[0])) {
              EXPECT_NE(told.reason.cause, verify::Cause::other) << told.why;
              EXPECT_NE(told.why, fallback_words(told.reason)) << table(e);
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace cacherace::reports
