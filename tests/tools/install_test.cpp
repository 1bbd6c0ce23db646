// After `cmake --install` the command finds what ships with it, from any folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "process.hpp"

namespace cacherace::tools {
namespace {

TEST(Install, TheInstalledCommandFindsItsScenarios) {
  const Folder folder;
  const auto install =
      "cmake --install '" CACHERACE_BUILD_DIR "' --prefix '" + (folder / "") + "' >/dev/null";
  ASSERT_EQ(std::system(install.c_str()), 0);
  const std::string command = folder / "bin/cacherace";
  ASSERT_TRUE(std::filesystem::exists(command));
  const auto run =
      "cd / && '" + command + "' run article/write-first --runs 10 --quiet >'" + (folder / "out") + "'";
  const int status = std::system(run.c_str());
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) <= 1) << status;
  EXPECT_NE(text_of(folder / "out").find("write-then-delete"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder / "share/cacherace/scenarios/article/write-first.json"));
}

}  // namespace
}  // namespace cacherace::tools
