// The verdicts as a library: a project outside the tree finds the installed package, builds with it, and
// runs.
#include <gtest/gtest.h>

#include <cstdlib>

#include "process.hpp"

namespace cacherace::tools {
namespace {

TEST(Package, AProjectOutsideBuildsAgainstTheInstalledLibrary) {
  const Folder folder;
  const std::string log = folder / "log";
  const auto run = [&log](const std::string& command) {
    const int status = std::system((command + " >'" + log + "' 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  const std::string prefix = folder / "prefix", build = folder / "build";
  ASSERT_EQ(run("cmake --install '" CACHERACE_BUILD_DIR "' --component verify --prefix '" + prefix + "'"), 0)
      << text_of(log);
  const std::string sanitize = CACHERACE_SANITIZE;
  const std::string flags = sanitize.empty() ? "" : " -DCMAKE_CXX_FLAGS=-fsanitize=" + sanitize;
  ASSERT_EQ(
      run("cmake -S '" CACHERACE_SOURCE_DIR "/examples/verify' -B '" + build +
          "' -G Ninja -DCMAKE_CXX_COMPILER='" CACHERACE_CXX "' -DCMAKE_PREFIX_PATH='" + prefix + "'" + flags),
      0)
      << text_of(log);
  ASSERT_EQ(run("cmake --build '" + build + "'"), 0) << text_of(log);
  EXPECT_EQ(run("'" + build + "/map_test'"), 0) << text_of(log);
  const auto history = folder.file(
      "h.jsonl",
      R"({"client": 1, "op": "write", "key": "k", "value": 1, "start": 1, "end": 2, "outcome": "ok"})"
      "\n"
      R"({"client": 1, "op": "read", "key": "k", "value": 0, "start": 3, "end": 4, "outcome": "ok"})"
      "\n");
  EXPECT_EQ(run("'" + build + "/judge' '" + history + "'"), 0);
  EXPECT_EQ(text_of(log), "not linearizable\n");
}

}  // namespace
}  // namespace cacherace::tools
