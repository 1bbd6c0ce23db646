// Histories of real systems with known verdicts. They are not part of the project: these tests are skipped
// where the folder is not there (CACHERACE_HISTORIES, or ../shared/histories beside the project).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "verify/check.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::verify::formats {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* const set = std::getenv("CACHERACE_HISTORIES");
  return set != nullptr ? fs::path(set) : fs::path(CACHERACE_SOURCE_DIR) / "../shared/histories";
}

Format format_of(const std::string& kind) {
  if (kind.starts_with("etcd")) return Format::jepsen_log;
  return kind.starts_with("kv") ? Format::porcupine : Format::edn;
}

TEST(KnownHistories, AreRecognisedAndJudgedAsTheyShould) {
  std::ifstream list(folder() / "verdicts.tsv");
  if (!list) GTEST_SKIP() << "no histories with known verdicts in " << folder();
  std::string line;
  std::getline(list, line);
  int files = 0;
  while (std::getline(list, line)) {
    std::istringstream columns(line);
    std::string file, kind, expected;
    std::getline(columns, file, '\t');
    std::getline(columns, kind, '\t');
    std::getline(columns, expected, '\t');
    SCOPED_TRACE(file);
    const Reading reading = read_histories((folder() / file).string());
    ASSERT_TRUE(reading.sound());
    EXPECT_EQ(reading.format, format_of(kind));
    EXPECT_FALSE(reading.cut_off);
    ASSERT_EQ(reading.histories.size(), 1U);
    const auto verdict = Checker().check(reading.histories.front());
    ASSERT_TRUE(verdict.linearizable.has_value());
    EXPECT_EQ(*verdict.linearizable, expected == "ok");
    ++files;
  }
  EXPECT_GT(files, 50);
}

}  // namespace
}  // namespace cacherace::verify::formats
