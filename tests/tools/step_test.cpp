// replay --step in a pseudo-terminal: what its user sees, key by key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/sanitized.hpp"
#include "tests/tools/process.hpp"
#include "tests/tools/terminal.hpp"

namespace cacherace::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

class Step : public testing::Test {
 protected:
  Step() { record("causes/late-fill", "93", recording_); }

  static void record(const std::string& scenario, const std::string& run, const std::string& file) {
    const auto done = cacherace(
        {"run", scenario, "--strategy", "write-then-delete", "--only-run", run, "--record", file, "--quiet"});
    EXPECT_EQ(done.status, 0) << done.err;
  }

  const Folder folder_;
  const std::string recording_ = folder_ / "late-fill.json";
};

TEST_F(Step, WalksForwardAndBack) {
  Terminal terminal({"replay", recording_, "--step"}, 24, 80);
  EXPECT_EQ(terminal.missing({"late fill: run 93 of seed 1 under write-then-delete\n"
                              "step 0 of 9   0.000 ms   stuck\n",
                              "\n>    0.000          at first\n", "q: quit\n"}),
            "");
  EXPECT_TRUE(terminal.is_reversed("at first"));
  terminal.press(VTERM_KEY_RIGHT);
  EXPECT_EQ(terminal.missing({"step 1 of", ">    9.037  reader  read k0\n"}), "");
  EXPECT_FALSE(terminal.is_reversed("at first"));
  terminal.type(" nj");
  EXPECT_EQ(terminal.missing({"step 4 of", ">   19.618  reader  SELECT k0 -> v0\n"}), "");
  terminal.press(VTERM_KEY_LEFT);
  EXPECT_EQ(terminal.missing({"step 3 of", ">   17.043  writer  write k0 = v1\n"}), "");
  terminal.press(VTERM_KEY_END);
  EXPECT_EQ(terminal.missing({"step 9 of", ">   33.064  reader  returns v0\n"}), "");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Step, JumpsToWhereItGoesWrongAndSaysWhy) {
  Terminal terminal({"replay", recording_, "--step"}, 24, 80);
  EXPECT_EQ(terminal.missing({"  key  redis  mysql\n  k0   -      v0\n"}), "");
  terminal.type("v");
  EXPECT_EQ(
      terminal.missing({"> !                 --- wrong from here: late fill\n",
                        "  key  redis  mysql\n  k0   v0 !   v1\n",
                        "  stuck: reader's SET of v0 landed after writer's DEL, because its SELECT was\n"
                        "  answered before the COMMIT of v1\n"}),
      "");
  terminal.type("g");
  EXPECT_EQ(terminal.missing({"step 0 of", "\n  !                 --- wrong from here"}), "");
  terminal.type("GV");
  EXPECT_EQ(terminal.missing({"\n> !  "}), "");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Step, FollowsTheSizeOfItsTerminal) {
  Terminal terminal({"replay", recording_, "--step"}, 24, 80);
  EXPECT_EQ(terminal.missing({"step 0 of", "q: quit\n"}), "");
  terminal.resize(9, 40);
  EXPECT_EQ(terminal.missing({">    0.000          at first\n", "\nRight Left  v V"}), "");
  EXPECT_THAT(terminal.shown(), Not(HasSubstr("step 0 of")));
  terminal.resize(30, 100);
  EXPECT_EQ(terminal.missing({"next/previous violation", "step 0 of 9 "}), "");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Step, ShowsNamesAsTheyAre) {
  const auto scenario = folder_.file("name.json", R"({"name": "späte Füllung 🐢",
    "redis": {"latency": "1ms"}, "mysql": {"latency": "2ms"},
    "clients": [{"name": "läser", "do": ["read"]}], "strategies": ["write-then-delete"]})");
  record(scenario, "0", folder_ / "name-record.json");
  Terminal terminal({"replay", folder_ / "name-record.json", "--step"}, 24, 80);
  EXPECT_EQ(terminal.missing({"späte Füllung 🐢: run 0 of seed 1", "läser  read k0\n", "nothing is wrong"}),
            "");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Step, EndsAtASignal) {
  for (const int number : {SIGINT, SIGTERM}) {
    Terminal terminal({"replay", recording_, "--step"}, 24, 80);
    EXPECT_EQ(terminal.missing({"q: quit"}), "");
    terminal.signal(number);
    EXPECT_EQ(terminal.wait(), 3);
  }
}

// With SIGHUP ignored, as under nohup, nothing but the terminal itself says that it has gone.
TEST_F(Step, EndsWithItsTerminal) {
  Terminal terminal({"replay", recording_, "--step"}, 24, 80, "xterm-256color", true);
  EXPECT_EQ(terminal.missing({"q: quit"}), "");
  terminal.hang_up();
  EXPECT_EQ(terminal.wait(), 3);
}

TEST_F(Step, WalksThroughAScheduleWithoutTime) {
  const auto found =
      cacherace({"explore", "article/late-reader", "--untimed", "--record", folder_ / "w.json", "--quiet"});
  ASSERT_NE(found.status, 2) << found.err;
  Terminal terminal({"replay", folder_ / "w.json", "--step"}, 24, 100);
  EXPECT_EQ(terminal.missing({"untimed", "q: quit"}), "");
  terminal.type("v");
  EXPECT_EQ(terminal.missing({"\n> ! ", "  k0   v0 ! "}), "");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Step, SaysWhatItNeeds) {
  const auto piped = cacherace({"replay", recording_, "--step"});
  EXPECT_EQ(piped.status, 2);
  EXPECT_EQ(piped.out, "");
  EXPECT_EQ(piped.err,
            "cacherace: --step: needs a terminal for its input and output; without --step the steps "
            "are printed\n");
  Terminal strange({"replay", recording_, "--step"}, 24, 100, "no-such-kind");
  EXPECT_EQ(strange.missing({"this terminal is not known to ncurses"}), "");
  const int status = strange.wait();
  if (!support::sanitized) {  // which find what ncurses does not give back where it cannot begin
    EXPECT_EQ(status, 2);
  }
  const auto both = cacherace({"replay", recording_, "--step", "--format", "json"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.err, HasSubstr("--step: shows the execution in the terminal; leave --format"));
}

}  // namespace
}  // namespace cacherace::tools
