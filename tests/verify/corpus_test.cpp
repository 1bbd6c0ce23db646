// What the fuzzers of the formats start from, and what they found, read once more in every test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/history_property.hpp"

namespace cacherace::verify::formats {
namespace {

namespace fs = std::filesystem;

TEST(Corpus, KeepsWhatHistoriesPromise) {
  constexpr std::string_view folders[] = {"json_lines", "csv", "edn", "jepsen_log", "porcupine"};
  std::size_t files = 0;
  for (std::size_t format = 0; format < std::size(folders); ++format) {
    const fs::path folder = fs::path(CACHERACE_SOURCE_DIR) / "tests/fuzz/corpus" / folders[format];
    for (const auto& entry : fs::directory_iterator(folder)) {
      SCOPED_TRACE(entry.path());
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      for (const bool skip_bad : {false, true}) {
        EXPECT_EQ(broken_promise(text, {.format = static_cast<Format>(format), .skip_bad = skip_bad}), "");
        EXPECT_EQ(broken_promise(text, {.skip_bad = skip_bad}), "");
      }
      ++files;
    }
  }
  EXPECT_GE(files, 10U);
}

}  // namespace
}  // namespace cacherace::verify::formats
