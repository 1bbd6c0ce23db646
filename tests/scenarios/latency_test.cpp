// Every form of a distribution, and histogram files.
#include <limits>

#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

sim::Latency latency(const std::string& value, const TestFiles& files = {}) {
  return sound(with("queue", "{\"latency\": " + value + "}"), files).setup.queue.latency;
}

sim::Support support(const std::string& value) {
  return latency(value).support();
}

TEST(LatencyForms, HaveTheSupportTheyName) {
  EXPECT_TRUE(latency(R"("5ms")").is_constant());
  EXPECT_EQ(support(R"("5ms")"), (sim::Support{5ms, 5ms}));
  EXPECT_EQ(support(R"({"uniform": ["1ms", "3ms"]})"), (sim::Support{1ms, 3ms}));
  EXPECT_EQ(support(R"({"uniform": ["2ms", "2ms"]})"), (sim::Support{2ms, 2ms}));
  EXPECT_EQ(support(R"({"exponential": {"mean": "5ms"}})"), (sim::Support{0ms, std::nullopt}));
  EXPECT_EQ(support(R"({"exponential": {"mean": "5ms"}, "min": "1ms", "max": "9ms"})"),
            (sim::Support{1ms, 9ms}));
  EXPECT_EQ(support(R"({"normal": {"mean": "5ms", "stddev": "1ms"}, "max": "9ms"})"),
            (sim::Support{0ms, 9ms}));
  EXPECT_EQ(support(R"({"normal": {"mean": "5ms", "stddev": "0ms"}})"), (sim::Support{5ms, 5ms}));
  EXPECT_EQ(support(R"({"lognormal": {"median": "1ms", "p99": "9ms"}, "max": "20ms"})"),
            (sim::Support{0ms, 20ms}));
  EXPECT_EQ(support(R"({"pareto": {"min": "1ms", "shape": 2}})"), (sim::Support{1ms, std::nullopt}));
  EXPECT_EQ(support(R"({"quantiles": {"p100": "9ms", "p0": "1ms", "p99.9": "5ms", "p50": "2ms"}})"),
            (sim::Support{1ms, 9ms}));
  EXPECT_EQ(
      support(
          R"({"mixture": [{"weight": 9, "of": "1ms"}, {"weight": 1, "of": {"uniform": ["2ms", "3ms"]}}]})"),
      (sim::Support{1ms, 3ms}));
}

TEST(LatencyForms, HaveTheMedianTheyName) {
  EXPECT_EQ(latency(R"({"uniform": ["1ms", "3ms"]})").at(0.5), 2ms);
  EXPECT_NEAR(static_cast<double>(latency(R"({"exponential": {"mean": "10ms"}})").at(0.5).count()), 6931472,
              1);
  EXPECT_NEAR(
      static_cast<double>(latency(R"({"lognormal": {"median": "1ms", "p99": "9ms"}})").at(0.5).count()), 1e6,
      1);
  EXPECT_NEAR(
      static_cast<double>(latency(R"({"lognormal": {"median": "1ms", "p99": "9ms"}})").at(0.99).count()), 9e6,
      10);
  EXPECT_EQ(latency(R"({"quantiles": {"p0": "1ms", "p50": "2ms", "p100": "9ms"}})").at(0.5), 2ms);
}

TEST(LatencyForms, NestMixturesUpToALimit) {
  const auto nested = [](int depth) {
    std::string value = "\"1ms\"";
    for (int i = 0; i < depth; ++i) value = R"({"mixture": [{"weight": 1, "of": )" + value + "}]}";
    return value;
  };
  EXPECT_EQ(support(nested(8)), (sim::Support{1ms, 1ms}));
  EXPECT_THAT(faults_of(with("queue", "{\"latency\": " + nested(9) + "}")),
              ElementsAre(HasSubstr("mixtures are nested more than 8 deep")));
}

constexpr const char* by_file = R"({"histogram": {"file": "h.csv"}})";

TEST(HistogramFiles, AreRead) {
  const auto result = latency(by_file, {{"h.csv", "upper_ns,count\n10,0\n20,3\r\n30,1\n"}});
  EXPECT_EQ(result.support(), (sim::Support{10ns, 30ns}));
  EXPECT_EQ(result.at(0.75), 20ns);
  EXPECT_EQ(latency(by_file, {{"h.csv", "\xef\xbb\xbfupper_ns,count\r\n0,1"}}).support(),
            (sim::Support{0ns, 0ns}));
}

struct BrokenFile {
  std::string text;
  std::vector<std::string> faults;
};

const std::vector<BrokenFile> broken_files = {
    {"", {"h.csv:1:1: /queue/latency/histogram/file: expected the header \"upper_ns,count\""}},
    {"upper_ns;count\n",
     {"h.csv:1:1: /queue/latency/histogram/file: expected the header \"upper_ns,count\""}},
    {"upper_ns,count\n",
     {"h.csv:1:1: /queue/latency/histogram/file: no observations; expected at least one count above 0"}},
    {"upper_ns,count\n10,0\n",
     {"h.csv:2:1: /queue/latency/histogram/file: no observations; expected at least one count above 0"}},
    {"upper_ns,count\n10\n",
     {"h.csv:2:1: /queue/latency/histogram/file: expected two numbers with a comma between: upper_ns,count"}},
    {"upper_ns,count\n\n10,1\n",
     {"h.csv:2:1: /queue/latency/histogram/file: expected two numbers with a comma between: upper_ns,count"}},
    {"upper_ns,count\n10,1\n10,1\n9,2\n",
     {"h.csv:3:1: /queue/latency/histogram/file: the upper bound 10 does not exceed the one before, 10; "
      "bounds rise",
      "h.csv:4:1: /queue/latency/histogram/file: the upper bound 9 does not exceed the one before, 10; "
      "bounds rise"}},
    {"upper_ns,count\n1.5,1\n",
     {"h.csv:2:1: /queue/latency/histogram/file: the upper bound \"1.5\"; expected whole nanoseconds from 0 "
      "to 360000000000000000"}},
    {"upper_ns,count\n-1,1\n",
     {"h.csv:2:1: /queue/latency/histogram/file: the upper bound \"-1\"; expected whole nanoseconds from 0 "
      "to 360000000000000000"}},
    {"upper_ns,count\n100,-1\n",
     {"h.csv:2:5: /queue/latency/histogram/file: the count \"-1\"; expected a whole number from 0 on, all "
      "together at most 9007199254740992"}},
    {"upper_ns,count\n100,1,2\n",
     {"h.csv:2:5: /queue/latency/histogram/file: the count \"1,2\"; expected a whole number from 0 on, all "
      "together at most 9007199254740992"}},
    {"upper_ns,count\n1,9007199254740992\n2,1\n",
     {"h.csv:3:3: /queue/latency/histogram/file: the count \"1\"; expected a whole number from 0 on, all "
      "together at most 9007199254740992"}},
};

TEST(HistogramFiles, AreRefusedWithTheirOwnPlace) {
  for (const auto& file : broken_files) {
    SCOPED_TRACE(file.text);
    EXPECT_EQ(faults_of(with("queue", std::string("{\"latency\": ") + by_file + "}"), {{"h.csv", file.text}}),
              file.faults);
  }
}

}  // namespace
}  // namespace cacherace::scenarios
