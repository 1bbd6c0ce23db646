// Why a witness ends in its violation: which step decides, and what kind of cause that is.
#include "exploration/reason.hpp"

#include <gtest/gtest.h>

#include "explore_programs.hpp"

namespace cacherace::exploration {
namespace {

using models::Command;
using models::Fact;
using verify::Cause;

struct Expected {
  Program program;
  Property property;
  std::size_t step;  // from 1
  Cause cause;
  Fact fact;        // what decides …
  std::string who;  // … and who did it
};

// Nothing where the property cannot be reached.
std::optional<Reason> reason(const Program& program, Property property) {
  const Scenario scenario = scenario_of(program);
  const ExploreResult result = explore(scenario, {});
  const auto& witness = result.strategies.at(0).witnesses[static_cast<std::size_t>(property)];
  if (!witness) return std::nullopt;
  return reason_of(scenario.setup, *witness, property);
}

constexpr bool cached = true;
constexpr bool cold = false;
constexpr bool replica = true;

const std::string failing_del = R"(, "faults": [{"fail": {"command": "redis.del", "occurrence": 1}}])";
const std::string failing_update = R"(, "faults": [{"fail": {"command": "mysql.update", "occurrence": 1}}])";
const std::string crashing = R"(, "faults": [{"crash": {"command": "redis.del", "occurrence": 1}}])";
const std::string losing = R"(, "faults": [{"lose": {"occurrence": 1}}])";

TEST(Reason, IsTheStepThatMakesTheStateWrong) {
  const Property stuck = Property::stuck;
  const Property stale = Property::stale_read;
  for (const Expected& row : std::vector<Expected>{
           {{"write-then-delete", 1, 2, cold}, stale, 5, Cause::late_fill, Fact::cache_set, "reader#1"},
           {{"write-then-delete", 1, 2, cold},
            Property::nonlinearizable,
            5,
            Cause::late_fill,
            Fact::cache_set,
            "reader#1"},
           {{"write-then-delete", 1, 3, cold},
            Property::inversion,
            7,
            Cause::late_fill,
            Fact::cache_set,
            "reader#1"},
           {{"write-then-delete", 1, 2, cold}, stuck, 5, Cause::late_fill, Fact::cache_set, "reader#1"},
           {{"delayed-double-delete", 1, 2, cached}, stale, 7, Cause::late_fill, Fact::cache_set, "reader#1"},
           {{"write-then-delete", 1, 1, cached, replica},
            stale,
            4,
            Cause::replica_lag,
            Fact::selected,
            "reader"},
           {{"binlog-delete", 1, 1, cached, replica}, stuck, 4, Cause::replica_lag, Fact::selected, "reader"},
           {{"binlog-delete", 1, 1, cached}, stale, 1, Cause::in_flight, Fact::committed, "writer"},
           {{"binlog-update", 2, 1, cold}, stale, 3, Cause::in_flight, Fact::cache_set, "consumer"},
           {{"ttl-only", 1, 1, cached}, stale, 2, Cause::no_invalidation, Fact::looked_up, "reader"},
           {{"ttl-only", 1, 1, cached}, stuck, 1, Cause::no_invalidation, Fact::committed, "writer"},
           {{"write-then-update", 2, 0, cold}, stuck, 4, Cause::reordered, Fact::cache_set, "writer#1"},
           {{"update-then-write", 2, 0, cold}, stuck, 4, Cause::reordered, Fact::committed, "writer#1"},
           {{"update-then-write", 1, 1, cold},
            Property::dirty_read,
            1,
            Cause::write_ahead,
            Fact::cache_set,
            "writer"},
           {{"update-then-write", 1, 1, cold},
            Property::cache_ahead,
            1,
            Cause::write_ahead,
            Fact::cache_set,
            "writer"},
           {{"update-then-write", 2, 2, cached},
            Property::inversion,
            1,
            Cause::write_ahead,
            Fact::cache_set,
            "writer#1"},
           {{"write-then-delete", 1, 1, cached, false, failing_del},
            stale,
            3,  // the DEL left before, and its failure comes with the reader's step
            Cause::failed_command,
            Fact::command_failed,
            "writer"},
           {{"update-then-write", 1, 0, cold, false, failing_update},
            stuck,
            1,
            Cause::write_ahead,
            Fact::cache_set,
            "writer"},
           {{"write-then-delete", 1, 0, cached, false, crashing},
            stuck,
            3,
            Cause::crash,
            Fact::crashed,
            "writer"},
           {{"binlog-delete", 1, 0, cached, false, losing},
            stuck,
            1,
            Cause::lost_message,
            Fact::message_lost,
            ""},
       }) {
    SCOPED_TRACE(name_of(row.program) + " " +
                 std::string(property_names[static_cast<std::size_t>(row.property)]));
    const auto found = reason(row.program, row.property);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->decider.step + 1, row.step);
    EXPECT_EQ(found->cause, row.cause) << verify::cause_names[static_cast<std::size_t>(found->cause)];
    EXPECT_EQ(found->decider.record.fact, row.fact);
    EXPECT_EQ(found->decider.who, row.who);
  }
}

TEST(Reason, KnowsWhichOfTwoDeletesTheFillCameAfter) {
  const auto after = reason({"delayed-double-delete", 1, 1, cached}, Property::stuck);
  ASSERT_TRUE(after && after->landed);
  EXPECT_EQ(after->landed->nth, 2U);
  const auto alone = reason({"write-then-delete", 1, 1, cold}, Property::stuck);
  ASSERT_TRUE(alone && alone->landed);
  EXPECT_EQ(alone->landed->nth, 0U);
}

TEST(Reason, ACommandThatComesAfterTheWitnessWasOnItsWay) {
  const auto found = reason({"binlog-delete", 1, 1, cached}, Property::stale_read);
  ASSERT_TRUE(found && found->next);
  EXPECT_EQ(found->next->record.fact, Fact::cache_deleted);
  EXPECT_EQ(found->next->step, 2U) << "behind both steps";
  EXPECT_TRUE(found->returned);
}

// What is not stale, but contradicts what a read saw too early, is due to that.
TEST(Reason, AReadCanBeWrongBecauseOfAnEarlierOne) {
  const auto found = reason({"update-then-write", 1, 3, cold}, Property::nonlinearizable);
  ASSERT_TRUE(found && found->read);
  EXPECT_EQ(found->cause, Cause::write_ahead);
  EXPECT_EQ(found->value, 1U);
}

}  // namespace
}  // namespace cacherace::exploration
