// What steps do, by the commands that they send.
#include "strategies/steps.hpp"

#include <gtest/gtest.h>

#include "scripted_ports.hpp"

namespace cacherace::strategies {
namespace {

constexpr Key k{0};
constexpr WriteId w{42};

const Step get{.kind = StepKind::get};
const Step del{.kind = StepKind::del};
const Step select{.kind = StepKind::select};
const Step update{.kind = StepKind::update};

Step set(StepRow row) {
  return {.kind = StepKind::set, .row = row};
}
Step give(StepRow row = StepRow::none) {
  return {.kind = StepKind::give, .row = row};
}
Step sleep(std::int64_t ns) {
  return {.kind = StepKind::sleep, .time = {ns}};
}
Step retry(Steps steps, std::int64_t attempts) {
  return {.kind = StepKind::retry, .time = {5}, .attempts = {attempts}, .inner = std::move(steps)};
}
Step with(Step step, Steps then, std::optional<Steps> otherwise) {
  step.then = std::move(then);
  step.otherwise = std::move(otherwise);
  return step;
}

std::unique_ptr<Strategy> made(OwnStrategy own) {
  const auto info = define(std::move(own));
  return info->make(Parameters(info->parameters));
}

std::string written(const Steps& steps, std::vector<std::string> failing = {}) {
  ScriptedPorts ports(std::move(failing));
  Session session = ports.session();
  made({.name = "ours", .write = steps})->write(session, k, w);
  return ports.log();
}

TEST(Steps, follow_each_other) {
  EXPECT_EQ(written({del, update, sleep(300), del}), "DEL, UPDATE, sleep 300, DEL");
  EXPECT_EQ(written({set(StepRow::given), update}), "SET v42/0, UPDATE");
  EXPECT_EQ(written({update, set(StepRow::updated)}), "UPDATE, SET v42/8");
  EXPECT_EQ(written({update, {.kind = StepKind::set_if_newer, .row = StepRow::updated}}),
            "UPDATE, set_if_newer");
  EXPECT_EQ(written({update, {.kind = StepKind::background, .inner = {sleep(7), del}}, get}),
            "UPDATE, return, sleep 7, DEL, GET");
}

TEST(Steps, that_fail_end_the_operation_in_mysql_and_are_passed_over_in_redis) {
  EXPECT_EQ(written({del, update, del}, {"DEL"}), "DEL fails, UPDATE, DEL fails");
  EXPECT_EQ(written({update, del}, {"UPDATE"}), "UPDATE fails");
  EXPECT_EQ(written({select, update}, {"SELECT"}), "SELECT fails");
}

TEST(Steps, branch_on_whether_a_command_was_done) {
  const Step deleted = with(del, {sleep(1)}, Steps{give()});
  EXPECT_EQ(written({deleted, update}), "DEL, sleep 1, UPDATE");
  EXPECT_EQ(written({deleted, update}, {"DEL"}), "DEL fails");
  const Step written_anyway = with(update, {}, Steps{});
  EXPECT_EQ(written({written_anyway, del}, {"UPDATE"}), "UPDATE fails, DEL");
  EXPECT_EQ(written({with(update, {set(StepRow::updated)}, Steps{del})}, {"UPDATE"}), "UPDATE fails, DEL");
}

TEST(Steps, send_no_row_that_is_not_there) {
  const Step filled = with(set(StepRow::selected), {del}, Steps{sleep(1)});
  EXPECT_EQ(written({with(select, {}, Steps{}), filled}, {"SELECT"}), "SELECT fails, sleep 1");
  EXPECT_EQ(written({select, with(select, {}, Steps{}), filled}), "SELECT, SELECT, SET v41/7, DEL");
}

TEST(Steps, are_tried_again_until_an_attempt_is_done) {
  EXPECT_EQ(written({update, retry({del}, 3), sleep(1)}), "UPDATE, DEL, sleep 1");
  EXPECT_EQ(written({update, retry({del}, 3), sleep(1)}, {"DEL"}),
            "UPDATE, DEL fails, sleep 5, DEL fails, sleep 5, DEL fails, sleep 1");
  EXPECT_EQ(written({retry({update, del}, 2), del}, {"UPDATE"}), "UPDATE fails, sleep 5, UPDATE fails");
  EXPECT_EQ(written({retry({update, del}, 2), sleep(1)}, {"DEL"}),
            "UPDATE, DEL fails, sleep 5, UPDATE, DEL fails, sleep 1");
  const Step told = with(retry({update}, 2), {del}, Steps{sleep(9)});
  EXPECT_EQ(written({told, sleep(1)}), "UPDATE, DEL, sleep 1");
  EXPECT_EQ(written({told, sleep(1)}, {"UPDATE"}), "UPDATE fails, sleep 5, UPDATE fails, sleep 9, sleep 1");
  const Step once = with(del, {}, Steps{give()});
  EXPECT_EQ(written({retry({once}, 3), update}, {"DEL"}), "DEL fails");
  EXPECT_EQ(written({retry({get}, 2), retry({get}, 2)}), "GET, sleep 5, GET, GET, sleep 5, GET");
}

Step timed(StepKind kind, std::int64_t ns) {
  return {.kind = kind, .time = {ns}};
}

TEST(Steps, wait_for_a_lock_and_give_it_back) {
  const Step lock = timed(StepKind::lock, 30);
  const Step unlock{.kind = StepKind::unlock};
  EXPECT_EQ(written({lock, update, unlock}), "take lock, UPDATE, unlock");
  EXPECT_EQ(written({lock, update}, {"take lock"}),
            "take lock fails, again after 10000000, take lock fails, again after 10000000, take lock fails, "
            "again after 10000000, UPDATE");
  const Step set_if_locked{.kind = StepKind::set_if_locked, .row = StepRow::updated};
  EXPECT_EQ(written({lock, update, set_if_locked}), "take lock, UPDATE, set_if_locked");
  EXPECT_EQ(written({update, lock, set_if_locked}), "UPDATE, take lock") << "the row is forgotten";
}

TEST(Steps, take_a_lease_or_find_it_taken) {
  Step look = with(timed(StepKind::get_or_lease, 10), {give(StepRow::cached)}, Steps{sleep(3)});
  look.busy = {sleep(2)};
  const Steps read = {
      look, select, {.kind = StepKind::set_with_lease, .row = StepRow::selected}, give(StepRow::selected)};
  const auto log = [&](models::ScriptReply answer, std::vector<std::string> failing = {}) {
    ScriptedPorts ports(std::move(failing));
    ports.answer = answer;
    Session session = ports.session();
    made({.name = "ours", .write = {update}, .read = read})->read(session, k);
    return ports.log();
  };
  EXPECT_EQ(log({.row = Row{w, 1}}), "get_or_lease");
  EXPECT_EQ(log({.done = true}), "get_or_lease, SELECT, set_with_lease");
  EXPECT_EQ(log({.busy = true}), "get_or_lease, sleep 2, SELECT, set_with_lease");
  EXPECT_EQ(log({}, {"get_or_lease"}), "get_or_lease fails, sleep 3, SELECT, set_with_lease");
  EXPECT_EQ(written({update, {.kind = StepKind::del_with_lease}}), "UPDATE, DEL and its lease");
}

TEST(Steps, are_in_a_transaction_until_it_ends) {
  const Step begin{.kind = StepKind::begin};
  const Step commit{.kind = StepKind::commit};
  const Step rollback{.kind = StepKind::rollback};
  const Step share{.kind = StepKind::select_for_share};
  EXPECT_EQ(written({begin, share, {.kind = StepKind::select_for_update}, update, commit}),
            "BEGIN, SELECT FOR SHARE, SELECT FOR UPDATE, UPDATE, COMMIT");
  EXPECT_EQ(written({begin, with(update, {}, Steps{rollback, give()}), commit}, {"UPDATE"}),
            "BEGIN, UPDATE fails, ROLLBACK");
  EXPECT_EQ(written({begin, share, commit}, {"SELECT"}), "BEGIN, SELECT FOR SHARE fails");
  EXPECT_EQ(written({begin, update, commit, del}, {"COMMIT"}), "BEGIN, UPDATE, COMMIT fails");
  EXPECT_EQ(written({begin, update, with(commit, {}, Steps{}), del}, {"COMMIT"}),
            "BEGIN, UPDATE, COMMIT fails, DEL");
}

TEST(Steps, roll_back_an_attempt_that_failed) {
  const Step begin{.kind = StepKind::begin};
  const Step commit{.kind = StepKind::commit};
  EXPECT_EQ(written({retry({begin, update, commit}, 2), del}, {"COMMIT"}),
            "BEGIN, UPDATE, COMMIT fails, ROLLBACK, sleep 5, BEGIN, UPDATE, COMMIT fails, ROLLBACK");
  EXPECT_EQ(written({retry({with(get, {}, Steps{begin, update}), del}, 1)}, {"DEL"}),
            "GET, BEGIN, UPDATE, DEL fails, ROLLBACK");
  EXPECT_EQ(written({begin, update, retry({del}, 1), commit}, {"DEL"}), "BEGIN, UPDATE, DEL fails, COMMIT")
      << "a transaction that it did not open stays";
}

TEST(Steps, start_over_and_forget) {
  const Step again = timed(StepKind::start_over, 4);
  EXPECT_EQ(written({with(update, {}, Steps{again}), del}, {"UPDATE"}),
            "UPDATE fails, again after 4, UPDATE fails, again after 4, UPDATE fails, again after 4");
  const Step filled = with(set(StepRow::updated), {give()}, Steps{});
  EXPECT_EQ(written({filled, update, again}),
            "UPDATE, again after 4, UPDATE, again after 4, UPDATE, again after 4");
}

TEST(Steps, read_as_they_say) {
  const auto read = [](std::optional<Steps> steps, ScriptedPorts& ports) {
    Session session = ports.session();
    return made({.name = "ours", .write = {update}, .read = std::move(steps)})->read(session, k);
  };
  const Steps aside = {with(get, {give(StepRow::cached)}, std::nullopt), select, set(StepRow::selected),
                       give(StepRow::selected)};
  for (const auto& steps : {std::optional<Steps>(), std::optional(aside)}) {
    ScriptedPorts missing;
    EXPECT_EQ(read(steps, missing), missing.row);
    EXPECT_EQ(missing.log(), "GET, SELECT, SET v41/7");
    ScriptedPorts hit;
    hit.cached = Row{WriteId{3}, 3};
    EXPECT_EQ(read(steps, hit), hit.cached);
    EXPECT_EQ(hit.log(), "GET");
    ScriptedPorts broken({"SELECT"});
    EXPECT_EQ(read(steps, broken), std::nullopt);
    EXPECT_EQ(broken.log(), "GET, SELECT fails");
  }
  ScriptedPorts ports;
  EXPECT_EQ(read(Steps{get, give(StepRow::cached)}, ports), std::nullopt) << "no row, so the read fails";
  EXPECT_EQ(read(Steps{select, give()}, ports), std::nullopt);
}

TEST(Steps, consume_the_binlog) {
  const auto consumed = [](Steps steps) {
    const auto strategy =
        made({.name = "ours", .write = {update}, .consume = std::move(steps), .consumers = {3}});
    EXPECT_EQ(strategy->service().consumers, 3U);
    ScriptedPorts ports;
    Session session = ports.session();
    strategy->consume(session, {k, {w, 5}});
    return ports.log();
  };
  EXPECT_EQ(consumed({set(StepRow::given)}), "SET v42/5");
  EXPECT_EQ(consumed({select, set(StepRow::selected)}), "SELECT, SET v41/7");
}

TEST(Steps, take_durations_and_counts_from_parameters) {
  Step slept = sleep(0);
  slept.time.parameter = 1;
  Step tried = retry({del}, 0);
  tried.attempts.parameter = 0;
  const auto info =
      define({.name = "ours",
              .description = "Ours.",
              .parameters = {{"attempts", ParameterKind::count, 2}, {"sleep", ParameterKind::duration, 8}},
              .write = {update, slept, tried}});
  EXPECT_EQ(info->name, "ours");
  EXPECT_EQ(info->summary, "Ours.");
  ASSERT_EQ(info->parameters.size(), 2U);
  Parameters parameters(info->parameters);
  const auto log = [&] {
    ScriptedPorts ports({"DEL"});
    Session session = ports.session();
    info->make(parameters)->write(session, k, w);
    return ports.log();
  };
  EXPECT_EQ(log(), "UPDATE, sleep 8, DEL fails, sleep 5, DEL fails");
  parameters.set_raw("sleep", 9);
  parameters.set_raw("attempts", 1);
  EXPECT_EQ(log(), "UPDATE, sleep 9, DEL fails");
}

// A client that has crashed does nothing any more, and its loops end.
TEST(Steps, are_not_tried_again_after_a_crash) {
  ScriptedPorts ports({"DEL"}, false);
  Session session = ports.session();
  made({.name = "ours", .write = {retry({del}, 1000), update}})->write(session, k, w);
  EXPECT_EQ(ports.log(), "DEL fails, UPDATE");
}

}  // namespace
}  // namespace cacherace::strategies
