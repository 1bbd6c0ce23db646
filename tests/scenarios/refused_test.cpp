// What is wrong with a scenario, word by word: refused/*.txt hold snippets with the faults that are expected.
// A snippet is a line "SECTION VALUE"; the faults follow, indented. Snippets are apart by an empty line.
#include <filesystem>
#include <fstream>

#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

struct Refused {
  std::string section;
  std::string value;
  std::vector<std::string> faults;
};

std::vector<Refused> read_rows(const fs::path& path) {
  std::vector<Refused> rows;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    if (line.starts_with("  ")) {
      rows.back().faults.push_back(line.substr(2));
    } else {
      const auto space = line.find(' ');
      rows.push_back({line.substr(0, space), line.substr(space + 1), {}});
    }
  }
  return rows;
}

class RefusedSnippets : public testing::TestWithParam<const char*> {};

TEST_P(RefusedSnippets, AreExplainedInPlainWords) {
  const auto rows = read_rows(fs::path(CACHERACE_SOURCE_DIR) / "tests/scenarios/refused" /
                              (std::string(GetParam()) + ".txt"));
  EXPECT_GT(rows.size(), 30U);
  for (const auto& row : rows) {
    SCOPED_TRACE(row.section + " " + row.value);
    EXPECT_THAT(row.faults, testing::Not(IsEmpty()));
    EXPECT_EQ(faults_of(with(row.section, row.value)), row.faults);
  }
}

INSTANTIATE_TEST_SUITE_P(In, RefusedSnippets,
                         testing::Values("sections", "clients", "faults", "latency", "steps"),
                         [](const auto& group) { return std::string(group.param); });

}  // namespace
}  // namespace cacherace::scenarios
