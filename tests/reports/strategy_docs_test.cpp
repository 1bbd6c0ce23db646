#include "reports/strategy_docs.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cacherace::reports {
namespace {

TEST(StrategyDocs, AreWhatTheStrategiesSay) {
  const std::string path = std::string(CACHERACE_SOURCE_DIR) + "/docs/strategies.md";
  if (std::getenv("CACHERACE_UPDATE_DOCS") != nullptr) std::ofstream(path) << strategy_docs();
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), strategy_docs())
      << "run this test with CACHERACE_UPDATE_DOCS=1 to write the page anew";
}

TEST(StrategyDocs, TheReadmeHasTheSameTable) {
  std::ostringstream text;
  text << std::ifstream(std::string(CACHERACE_SOURCE_DIR) + "/README.md").rdbuf();
  const std::string rows = strategy_rows("docs/strategies.md");
  EXPECT_NE(text.str().find(rows), std::string::npos) << "the README's table should be:\n" << rows;
}

}  // namespace
}  // namespace cacherace::reports
