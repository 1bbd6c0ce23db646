// Scenarios from the disk and from what ships; strategies of the command line.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "scenarios/json_document.hpp"
#include "scenarios/shipped.hpp"
#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = fs::temp_directory_path() / ("cacherace-load-test-" + std::to_string(getpid())) / test->name();
    fs::remove_all(path_);
    fs::create_directories(path_ / "sub");
  }
  void TearDown() override { fs::remove_all(path_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

  fs::path path_;
};

std::vector<std::string> faults_of_load(const std::string& name) {
  const auto result = load_scenario(name);
  std::vector<std::string> lines;
  if (const auto* faults = std::get_if<std::vector<Fault>>(&result)) {
    for (const auto& fault : *faults) lines.push_back(to_text(fault));
  }
  return lines;
}

std::string only_fault(const std::string& name) {
  const auto faults = faults_of_load(name);
  EXPECT_EQ(faults.size(), 1U);
  return faults.empty() ? "" : faults.front();
}

TEST_F(Folder, GivesAScenarioAndTheHistogramsBesideIt) {
  file("sub/h.csv", "upper_ns,count\n10,1\n");
  const auto path = file("s.json", with("queue", R"({"latency": {"histogram": {"file": "sub/h.csv"}}})"));
  const auto result = load_scenario(path);
  ASSERT_TRUE(std::holds_alternative<Scenario>(result)) << only_fault(path);
  EXPECT_EQ(std::get<Scenario>(result).setup.queue.latency.support().max, sim::Duration(10));
}

TEST_F(Folder, NamesAMissingHistogramWhereItIsNamed) {
  const auto path = file("s.json", with("queue", R"({"latency": {"histogram": {"file": "h.csv"}}})"));
  EXPECT_EQ(only_fault(path),
            path + ":1:46: /queue/latency/histogram/file: " + (path_ / "h.csv").string() + ": no such file");
}

TEST_F(Folder, IsNoScenario) {
  EXPECT_EQ(only_fault(path_.string()), path_.string() + ": this is a folder; expected a file");
}

TEST_F(Folder, RefusesAFileThatIsTooLarge) {
  const auto path = file("s.json", std::string(json_bytes_max + 1, ' '));
  EXPECT_EQ(only_fault(path), path + ": more than 16 MiB; expected a smaller file");
}

TEST_F(Folder, RefusesAFileThatCannotBeRead) {
  const auto path = file("s.json", "{}");
  fs::permissions(path, fs::perms::none);
  if (std::ifstream(path)) GTEST_SKIP() << "this user may read everything";
  EXPECT_THAT(only_fault(path), HasSubstr("cannot be opened: Permission denied"));
}

TEST(Load, EndsWithADeviceThatNeverEnds) {
  EXPECT_EQ(only_fault("/dev/zero"), "/dev/zero: more than 16 MiB; expected a smaller file");
}

TEST(Load, NamesBothPossibilitiesWhereThereIsNeither) {
  EXPECT_THAT(only_fault("no-such-scenario-anywhere"),
              StartsWith("no-such-scenario-anywhere: neither a file nor a "
                         "scenario that ships"));
  EXPECT_THAT(only_fault(""), HasSubstr("neither a file nor a scenario"));
  EXPECT_THAT(only_fault(std::string(100'000, 'a')), HasSubstr("aaa"));
}

TEST(Load, EveryShippedScenarioIsSoundUnderEachOfItsNames) {
  for (const auto& name : shipped_scenario_names()) {
    SCOPED_TRACE(name);
    EXPECT_THAT(faults_of_load(name), IsEmpty());
    EXPECT_THAT(faults_of_load(name + ".json"), IsEmpty());
    EXPECT_EQ(find_shipped_scenario(name)->path, "scenarios/" + name + ".json");
    EXPECT_NE(find_shipped_scenario(name.substr(name.rfind('/') + 1)), nullptr);
  }
}

TEST(Load, SuggestsAShippedScenario) {
  const auto names = shipped_scenario_names();
  ASSERT_FALSE(names.empty());
  const auto wrong = names.front().substr(0, names.front().size() - 1);
  EXPECT_THAT(only_fault(wrong), HasSubstr("did you mean \"" + names.front()));
}

TEST(Load, TheSchemaIsNoScenario) {
  EXPECT_EQ(find_shipped_scenario("scenario.schema"), nullptr);
  EXPECT_EQ(find_shipped_scenario(""), nullptr);
}

std::string wrong(std::string_view text) {
  const auto result = parse_strategy(text);
  const auto* why = std::get_if<std::string>(&result);
  return why == nullptr ? "" : *why;
}

TEST(StrategyOnTheCommandLine, IsANameWithParameters) {
  const auto plain = std::get<StrategyChoice>(parse_strategy("write-then-delete"));
  EXPECT_EQ(plain.info->name, "write-then-delete");
  const auto choice = std::get<StrategyChoice>(
      parse_strategy("delayed-double-delete:sleep=100ms,async=true,on_error=abort,first_delete=false"));
  EXPECT_EQ(choice.parameters.duration("sleep"), std::chrono::milliseconds(100));
  EXPECT_TRUE(choice.parameters.flag("async"));
  EXPECT_FALSE(choice.parameters.flag("first_delete"));
  EXPECT_EQ(choice.parameters.choice("on_error"), "abort");
  EXPECT_EQ(
      std::get<StrategyChoice>(parse_strategy("binlog-delete:consumers=7")).parameters.count("consumers"), 7);
}

TEST(StrategyOnTheCommandLine, IsRefusedInPlainWords) {
  EXPECT_EQ(wrong("write-then-delte"),
            R"(unknown strategy "write-then-delte"; did you mean "write-then-delete"?)");
  EXPECT_THAT(wrong(""), StartsWith(R"(unknown strategy ""; expected )"));
  EXPECT_EQ(wrong("ttl-only:ttl=3s"), R"(ttl-only has no parameter "ttl"; it has none)");
  EXPECT_EQ(wrong("ttl-only:"), R"(ttl-only has no parameter ""; it has none)");
  EXPECT_EQ(wrong("delayed-double-delete:slep=3s"),
            R"(delayed-double-delete has no parameter "slep"; did you mean "sleep"?)");
  EXPECT_EQ(wrong("delayed-double-delete:sleep"), R"(the parameter "sleep" has no value; write "sleep=…")");
  EXPECT_EQ(wrong("delayed-double-delete:sleep=3"),
            R"(sleep: "3" has no unit; write "3ms" (units: ns, us, ms, s, min, h))");
  EXPECT_EQ(wrong("delayed-double-delete:async=1"), R"(async: "1" is neither "true" nor "false")");
  EXPECT_EQ(wrong("delayed-double-delete:on_error=abrt"),
            R"(on_error: "abrt" is not known here; did you mean "abort"?)");
  EXPECT_EQ(wrong("delayed-double-delete:async=true,async=true"),
            R"(the parameter "async" is given twice; remove one)");
  EXPECT_EQ(wrong("binlog-delete:consumers=0"),
            R"(consumers: "0" is no count; expected a whole number from 1 to 1000)");
  EXPECT_THAT(wrong("delayed-double-delete:sleep=1s,"),
              StartsWith(R"(delayed-double-delete has no parameter ""; expected "sleep", )"));
}

}  // namespace
}  // namespace cacherace::scenarios
