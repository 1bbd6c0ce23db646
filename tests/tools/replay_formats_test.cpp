// replay --format: the same execution as a document, a diagram and a trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class ReplayFormats : public testing::Test {
 protected:
  ReplayFormats() {
    const auto run = [&](const std::string& number, const std::string& file) {
      const auto done = cacherace({"run", "causes/late-fill", "--only-run", number, "--strategy",
                                   "write-then-delete", "--record", file, "--quiet"});
      EXPECT_EQ(done.status, 0) << done.err;
    };
    run("93", stuck_);
    run("0", clean_);
    const auto explored = cacherace({"explore", "article/late-reader", "--untimed", "--strategy",
                                     "write-then-delete", "--record", order_, "--quiet"});
    EXPECT_NE(explored.status, 2) << explored.err;
  }

  Finished replay(const std::string& file, const std::string& format) {
    return cacherace({"replay", file, "--format", format});
  }

  const Folder folder_;
  const std::string stuck_ = folder_ / "stuck.json", clean_ = folder_ / "clean.json",
                    order_ = folder_ / "order.json";
};

TEST_F(ReplayFormats, TheDocumentFitsItsSchema) {
  for (const auto& file : {stuck_, clean_, order_}) {
    const auto done = replay(file, "json");
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_TRUE(fits_schema("replay", done.out)) << done.out;
  }
  EXPECT_FALSE(fits_schema("replay", R"({"command": "replay"})"));
}

TEST_F(ReplayFormats, TheDocumentHasStepsAndWhatLedToTheViolation) {
  const auto document = json::parse(replay(stuck_, "json").out);
  EXPECT_EQ(document.at("command"), "replay");
  EXPECT_EQ(document.at("strategy"), "write-then-delete");
  EXPECT_EQ(document.at("complete"), true);
  const auto& fill = document.at("steps").at(7);
  EXPECT_EQ(fill.at("step"), "SET k0 = v0 (late fill)");
  EXPECT_EQ(fill.at("at_ns"), 32'053'773);
  EXPECT_EQ(fill.at("holds").at("redis"), "v0");
  EXPECT_EQ(fill.at("holds").at("mysql"), "v1");
  EXPECT_EQ(document.at("windows").at(0).at("cause"), "late_fill");
  const auto& stuck = document.at("violations").at("stuck");
  EXPECT_EQ(stuck.at("steps").size(), 5U);
  EXPECT_EQ(stuck.at("deciding_step"), 5);
  EXPECT_THAT(stuck.at("reason").get<std::string>(),
              HasSubstr("reader's SET of v0 landed after writer's DEL"));
  EXPECT_TRUE(json::parse(replay(clean_, "json").out).at("violations").empty());
  EXPECT_EQ(json::parse(replay(order_, "json").out).at("mode"), "untimed");
}

TEST_F(ReplayFormats, TheDiagramIsOfTheWorstViolation) {
  const auto diagram = replay(stuck_, "mermaid");
  EXPECT_EQ(diagram.status, 0);
  EXPECT_THAT(diagram.out, StartsWith("%% stuck\n%% why: reader's SET of v0 landed"));
  EXPECT_THAT(diagram.out, HasSubstr("\nsequenceDiagram\n"));
  EXPECT_THAT(diagram.out,
              HasSubstr("Note over c2: this step decides\n    c2->>redis: (32.1 ms) SET k0 = v0\n"));
  const auto none = replay(clean_, "mermaid");
  EXPECT_EQ(none.status, 2);
  EXPECT_EQ(none.out, "");
  EXPECT_THAT(none.err, HasSubstr("nothing is wrong with this execution"));
  EXPECT_THAT(none.err, HasSubstr("--format trace"));
}

TEST_F(ReplayFormats, MarkdownHasTheStepsAndEveryDiagram) {
  const auto done = replay(stuck_, "markdown");
  EXPECT_THAT(done.out, StartsWith("# late fill: run 93 of seed 1 under write-then-delete\n\n"
                                   "## write-then-delete: stuck after 5 steps\n\nWhy: reader's SET"));
  EXPECT_THAT(done.out, HasSubstr("\n## Step by step\n\n```text\nlate fill: run 93"));
  EXPECT_THAT(done.out, HasSubstr("```mermaid\nsequenceDiagram\n"));
}

// GitHub takes no summary above 1 MiB.
TEST_F(ReplayFormats, MarkdownOfALongRunSaysWhatIsLeftOut) {
  const auto run = cacherace({"run", "load/stampede-coalesced", "--strategy", "write-then-delete",
                              "--only-run", "0", "--record", folder_ / "long.json", "--quiet"});
  ASSERT_EQ(run.status, 0) << run.err;
  const auto done = replay(folder_ / "long.json", "markdown");
  EXPECT_EQ(done.status, 0);
  EXPECT_LT(done.out.size(), 1'048'576U);
  EXPECT_THAT(done.out, HasSubstr("1 section left out"));
}

// What explore found, replay comes to, for the same reason: also where MySQL fails over and loses commits.
TEST_F(ReplayFormats, AFailoverIsToldAsExploreTellsIt) {
  const auto scenario = folder_.file("lost.json", R"({"name": "lost",
    "redis": {"latency": "1ms"}, "keys": {"cached": true},
    "mysql": {"latency": "2ms", "replicas": 1, "replication_lag": "10ms"},
    "clients": [{"name": "w", "do": ["write"]}, {"name": "r", "do": ["read"]}],
    "faults": [{"database-failover": {"time": "20ms"}}],
    "strategies": ["write-then-delete", "write-then-update"]})");
  std::size_t compared = 0;
  for (const auto* const strategy : {"write-then-delete", "write-then-update"}) {
    const auto found = json::parse(
        cacherace({"explore", scenario, "--untimed", "--strategy", strategy, "--format", "json", "--quiet"})
            .out);
    for (const auto& [property, witness] : found.at("strategies").at(0).at("witnesses").items()) {
      const auto replayed = cacherace({"replay", scenario, "--strategy", strategy, "--schedule",
                                       witness.at("schedule"), "--format", "json"});
      ASSERT_EQ(replayed.status, 0) << replayed.err;
      const auto violations = json::parse(replayed.out).at("violations");
      ASSERT_TRUE(violations.contains(property)) << property << " " << replayed.out;
      EXPECT_EQ(violations.at(property).at("reason"), witness.at("reason")) << strategy << " " << property;
      ++compared;
    }
  }
  EXPECT_GT(compared, 4U);
}

TEST_F(ReplayFormats, GoIntoAFile) {
  const auto done = cacherace({"replay", stuck_, "--format", "trace", "--output", folder_ / "trace.json"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(done.out, "");
  EXPECT_EQ(text_of(folder_ / "trace.json"), replay(stuck_, "trace").out);
  EXPECT_TRUE(json::parse(text_of(folder_ / "trace.json")).contains("traceEvents"));
}

TEST_F(ReplayFormats, RefuseWhatIsNoExecutionAndWhatDoesNotGoTogether) {
  const auto tuned =
      cacherace({"tune", "article/late-reader", "--exact", "--certificate", folder_ / "c.json"});
  ASSERT_EQ(tuned.status, 0) << tuned.err;
  const auto certificate = replay(folder_ / "c.json", "json");
  EXPECT_EQ(certificate.status, 2);
  EXPECT_THAT(certificate.err, HasSubstr("is a certificate, and no execution"));
  const auto cut = cacherace({"replay", stuck_, "--minimise", "--format", "json"});
  EXPECT_EQ(cut.status, 2);
  EXPECT_THAT(cut.err, HasSubstr("--minimise: prints a table of its own"));
  const auto over = cacherace({"replay", stuck_, "--output", stuck_});
  EXPECT_EQ(over.status, 2);
}

}  // namespace
}  // namespace cacherace::tools
