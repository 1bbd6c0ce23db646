// The commands of docs/latencies.md and docs/ci.md do what the pages say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of_page(const std::string& page, const std::string& begin) {
  Lines found;
  std::istringstream text(text_of(std::string(CACHERACE_SOURCE_DIR) + "/docs/" + page));
  for (std::string line; std::getline(text, line);) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with("- " + begin)) line.erase(0, 2);
    if (line.starts_with(begin)) found.push_back(line);
  }
  return found;
}

void put_file(const Folder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name) << text;
}

Finished shell(const Folder& folder, const std::string& command) {
  const auto commands = std::filesystem::path(CACHERACE_COMMAND).parent_path().string();
  return Process({"/bin/sh", "-c", "cd '" + (folder / ".") + "' && " + command},
                 {{"PATH", commands + ":/usr/bin:/bin"}, {"GITHUB_STEP_SUMMARY", folder / "summary.md"}})
      .wait();
}

TEST(LatenciesPage, ItsLinesConvertWhatServersPrint) {
  const Folder folder;
  put_file(folder, "redis.txt",
           "get\ncalls\n1000\nhistogram_usec\n1\n600\n2\n900\n16\n990\n33\n1000\nset\ncalls\n5\n");
  put_file(folder, "mysql.tsv",
           "10000000\t0\n10471285\t7\n10964781\t0\n11481536\t2\n18446744073709551615\t0\n");
  put_file(folder, "ping.txt", "0 3 0.19 427\n");
  const Lines conversions = lines_of_page("latencies.md", "awk ");
  ASSERT_EQ(conversions.size(), 3U);
  for (const auto& line : conversions) {
    const auto finished = shell(folder, line);
    EXPECT_EQ(finished.status, 0) << line << "\n" << finished.err;
  }
  EXPECT_EQ(text_of(folder / "get.csv"), "upper_ns,count\n1000,600\n2000,300\n8000,0\n16000,90\n33000,10\n");
  EXPECT_EQ(text_of(folder / "select.csv"), "upper_ns,count\n10000,0\n10471,7\n10965,0\n11482,2\n");
  EXPECT_EQ(text_of(folder / "ping.json"), "{\"uniform\": [\"0ms\", \"3ms\"]}\n");
  std::string text = late_fill;
  const auto put = [&text](const std::string& old, const std::string& now) {
    text.replace(text.find(old), old.size(), now);
  };
  put(R"({"uniform": ["1ms", "3ms"]})", R"({"histogram": {"file": "get.csv"}})");
  put(R"({"uniform": ["2ms", "10ms"]})", R"({"histogram": {"file": "select.csv"}})");
  put(R"({"uniform": ["0ms", "10ms"]})", text_of(folder / "ping.json"));
  const auto checked = cacherace({"validate", folder.file("measured.json", text)});
  EXPECT_EQ(checked.status, 0) << checked.err;
}

TEST(CiPage, ItsCommandsWork) {
  const Folder folder;
  put_file(folder, "shop.json", late_fill_with(R"("expect": [{"strategy": "delayed-double-delete",
      "figure": "stuck.probability", "at_most": 0.5}])"));
  EXPECT_EQ(shell(folder, "cacherace run shop.json --save-baseline base.json").status, 0);
  const Lines commands = lines_of_page("ci.md", "cacherace ");
  ASSERT_EQ(commands.size(), 5U);
  for (const auto& command : commands) {
    const auto finished = shell(folder, command);
    EXPECT_EQ(finished.status, 0) << command << "\n" << finished.err;
  }
  EXPECT_THAT(text_of(folder / "summary.md"), testing::HasSubstr("**HELD** 1 of 1 expectations hold"));
  EXPECT_THAT(text_of(folder / "junit.xml"), testing::HasSubstr("<testsuites tests=\"2\" failures=\"0\""));
}

}  // namespace
}  // namespace cacherace::tools
