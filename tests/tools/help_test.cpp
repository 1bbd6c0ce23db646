// Help that can be trusted: each example of each command works as it is printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reports/table.hpp"
#include "tests/tools/process.hpp"
#include "tests/tools/terminal.hpp"

namespace cacherace::tools {
namespace {

// In the order in which they are tried: what one command's examples write others read.
const std::vector<std::string> commands = {"init",   "run",      "explore", "matrix",      "tune",
                                           "replay", "check",    "compare", "list",        "explain",
                                           "schema", "validate", "man",     "completions", ""};

std::string help_of(const std::string& command) {
  const auto help = command.empty() ? cacherace({"--help"}) : cacherace({command, "--help"});
  EXPECT_EQ(help.status, 0) << command;
  return help.out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What stands before "Usage:" and is set in by two spaces, without what is said beside it; lines that end
// with a backslash are joined.
std::vector<std::string> examples_of(const std::string& help) {
  std::vector<std::string> examples;
  bool goes_on = false;
  for (std::string line : lines_of(help.substr(0, help.find("Usage:")))) {
    if (!line.starts_with("  ")) continue;
    line.erase(0, line.find_first_not_of(' '));
    const bool will_go_on = line.ends_with('\\');
    if (will_go_on) line.pop_back();
    if (const auto gap = line.find("   "); gap != std::string::npos) line.resize(gap);
    if (goes_on) {
      examples.back() += line;
    } else {
      examples.push_back(line);
    }
    goes_on = will_go_on;
  }
  return examples;
}

// A scenario with everything that the examples name.
const char* const shop = R"({
  "name": "shop",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}, "ttl": "30s"},
  "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
  "clients": [
    {"name": "writer", "do": ["write"], "start": {"uniform": ["0ms", "10ms"]}},
    {"name": "reader", "do": ["read"], "start": {"uniform": ["0ms", "20ms"]}}
  ],
  "strategies": ["write-then-delete", {"name": "delayed-double-delete", "sleep": "50ms"},
                 {"name": "ours", "write": [{"mysql.update": "key"}, {"redis.del": "key"}]}],
  "runs": 500
})";

class Help : public testing::Test {
 protected:
  Help() {
    namespace fs = std::filesystem;
    static_cast<void>(folder.file("shop.json", shop));
    fs::create_directories(folder / "scenarios");
    fs::create_directories(folder / "store/latest");
    fs::create_directories(folder / ".zfunc");
    fs::create_directories(folder / ".config/fish/completions");
    fs::copy_file(folder / "shop.json", folder / "scenarios/shop.json");
    static_cast<void>(folder.file(
        "history.jsonl",
        R"({"client": 1, "op": "write", "key": "k0", "value": 1, "start": 0, "end": 5, "outcome": "ok"}
{"client": 2, "op": "read", "key": "k0", "value": 1, "start": 6, "end": 9, "outcome": "ok"}
)"));
    std::ofstream(folder / "store/latest/history.edn")
        << "{:type :invoke, :f :write, :value 1, :process 0, :time 0}\n"
           "{:type :ok, :f :write, :value 1, :process 0, :time 5}\n";
    EXPECT_EQ(shell("gzip -k history.jsonl").status, 0);
  }

  [[nodiscard]] Finished shell(const std::string& command) const {
    const auto programs = std::filesystem::path(CACHERACE_COMMAND).parent_path().string();
    return Process({"/bin/bash", "-c", "cd '" + (folder / ".") + "' && " + command},
                   {{"PATH", programs + ":/usr/bin:/bin"},
                    {"HOME", folder / "."},
                    {"GITHUB_STEP_SUMMARY", folder / "summary.md"}})
        .wait();
  }

  // The one example that needs a terminal.
  static void walk(const std::string& recording) {
    Terminal terminal({"replay", recording, "--step"}, 24, 80);
    EXPECT_EQ(terminal.missing({"q: quit"}), "");
    terminal.type("q");
    EXPECT_EQ(terminal.wait(), 0);
  }

  Folder folder;
};

TEST_F(Help, EveryExampleWorksAsItIsPrinted) {
  std::size_t tried = 0;
  for (const std::string& command : commands) {
    const auto examples = examples_of(help_of(command));
    EXPECT_FALSE(examples.empty()) << command;
    for (std::string example : examples) {
      ++tried;
      if (example == "cacherace replay bad.json --step") {
        walk(folder / "bad.json");
        continue;
      }
      const bool is_long = example.starts_with("cacherace matrix ") ||
                           example.starts_with("cacherace tune ") ||
                           example.starts_with("cacherace explore ");
      if (is_long) example += " --max-time 100ms";
      const bool has_runs =
          example.find("--runs") != std::string::npos || example.find("--only-run") != std::string::npos;
      if (example.starts_with("cacherace run ") && !has_runs) example += " --runs 200";
      // What an example writes anew must not be there yet.
      if (example.starts_with("cacherace init"))
        std::filesystem::remove(folder / example.substr(example.rfind(' ') + 1));
      if (example == "cacherace init") std::filesystem::remove(folder / "scenario.json");
      const auto finished = shell(example);
      // 1: an expectation or a condition does not hold; 3: the time that was added is over.
      const int most = is_long ? 3 : 1;
      EXPECT_TRUE(finished.status <= most && finished.status != 2)
          << example << ": " << finished.status << "\n"
          << finished.err;
      if (example.starts_with("cacherace init")) static_cast<void>(folder.file("shop.json", shop));
      EXPECT_THAT(finished.err, testing::Not(testing::HasSubstr("unknown"))) << example;
    }
  }
  EXPECT_GT(tried, 50U);
}

TEST_F(Help, NoLineIsLongerThanATerminalShows) {
  for (const std::string& command : commands) {
    for (const std::string& line : lines_of(help_of(command)))
      EXPECT_LE(reports::display_width(line), reports::text_width) << command << ": " << line;
  }
}

TEST_F(Help, ExamplesComeFirstAndEachOptionIsExplained) {
  for (const std::string& command : commands) {
    const std::string help = help_of(command);
    const auto lines = lines_of(help);
    ASSERT_GT(lines.size(), 5U);
    EXPECT_THAT(lines[0], testing::EndsWith(".")) << command;
    EXPECT_THAT(lines[2], testing::StartsWith("  ")) << command << ": an example follows the first sentence";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!lines[i].starts_with("  -")) continue;
      const bool beside = lines[i].find("  ", 2) != std::string::npos;
      const bool below = i + 1 < lines.size() && lines[i + 1].starts_with(std::string(26, ' '));
      EXPECT_TRUE(beside || below) << command << ": " << lines[i];
    }
  }
}

}  // namespace
}  // namespace cacherace::tools
