// The same bytes in any build and on any number of threads: one pinned result, compared in each build of the
// tests.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "process.hpp"

namespace cacherace::tools {
namespace {

const std::string golden = std::string(CACHERACE_SOURCE_DIR) + "/tests/tools/golden/side-by-side.json";

TEST(Golden, TheSameBytesInAnyBuildAndWithAnyNumberOfJobs) {
  const auto run = [](const std::string& jobs) {
    return cacherace({"run", "article/side-by-side", "--runs", "400", "--format", "json", "--jobs", jobs});
  };
  const auto one = run("1");
  if (std::getenv("CACHERACE_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << one.out;
  EXPECT_TRUE(one.out == text_of(golden)) << "if that is meant, run this test with CACHERACE_UPDATE_GOLDEN=1";
  EXPECT_TRUE(run("2").out == one.out) << "2 jobs";
  EXPECT_TRUE(run("5").out == one.out) << "5 jobs";
}

TEST(Golden, ARunAloneIsTheRunOfAThousand) {
  const Folder folder;
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"run", "causes/late-fill", "--history", folder / "history.jsonl",
                                          "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_LE(cacherace(arguments).status, 1);
    return text_of(folder / "history.jsonl");
  };
  const std::string thousand = run({"--runs", "1000"});
  const std::string alone = run({"--only-run", "17"});
  EXPECT_FALSE(alone.empty());
  EXPECT_NE(thousand.find("\n" + alone), std::string::npos);
}

}  // namespace
}  // namespace cacherace::tools
