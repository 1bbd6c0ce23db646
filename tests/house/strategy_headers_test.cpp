// Every strategy says at the top of its file who uses it, where that is written, and what is wrong with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/sources.hpp"

namespace cacherace::house {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What the first comment has, in this order, each at the beginning of a line.
constexpr std::array<std::string_view, 3> parts = {"Who uses it: ", "Source: ", "Hole: "};

// The lines of the comment that a text begins with, without their slashes.
std::vector<std::string> first_comment(const Source& source) {
  std::vector<std::string> result;
  for (const std::string& line : source.lines()) {
    if (!line.starts_with("//")) break;
    result.push_back(line.substr(std::min<std::size_t>(3, line.size())));
  }
  return result;
}

// A publication has a title in quotes, a page or a repository has an address.
bool names_something(const std::string& source) {
  return source.find('"') != source.npos || source.find(".com/") != source.npos ||
         source.find(".io/") != source.npos;
}

Complaints silent(const Source& source) {
  Complaints result;
  std::vector<std::string> said(1 + parts.size());  // before the first of them, and by each
  std::size_t at = 0;
  for (const std::string& line : first_comment(source)) {
    if (at < parts.size() && line.starts_with(parts[at])) {
      const std::size_t begins = parts[at].size();
      said[++at] = line.substr(begins);
    } else {
      said[at] += " " + line;
    }
  }
  const auto complain = [&](const std::string& what) { result.push_back(source.path + ": " + what); };
  if (said[0].find_first_not_of(' ') == std::string::npos) complain("does not say what it does");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (said[i + 1].find_first_not_of(' ') != std::string::npos) continue;
    complain("its first comment says nothing by \"" + std::string(parts[i]) + "\", or not in its place");
    break;
  }
  if (result.empty() && !names_something(said[2])) complain("its source has neither a title nor an address");
  return result;
}

// The files of the strategies that are in the list: STRATEGY(write_through, "write-through").
std::vector<Source> listed_strategies() {
  std::ifstream list(CACHERACE_SOURCE_DIR "/strategies/strategies.def");
  std::vector<Source> result;
  constexpr std::string_view opening = "STRATEGY(";
  for (std::string line; std::getline(list, line);) {
    if (!line.starts_with(opening)) continue;
    const std::string name = line.substr(opening.size(), line.find(',') - opening.size());
    const std::string path = "strategies/" + name + ".cpp";
    std::ifstream in(CACHERACE_SOURCE_DIR "/" + path, std::ios::binary);
    result.push_back({path, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
  }
  return result;
}

TEST(StrategyHeaders, NameUsersSourceAndHole) {
  const auto strategies = listed_strategies();
  ASSERT_GT(strategies.size(), 20U) << "no strategies in strategies.def";
  for (const Source& source : strategies) {
    const auto found = silent(source);
    EXPECT_TRUE(found.empty()) << listed(found);
  }
}

TEST(StrategyHeaders, ASilentOneIsFound) {
  const std::string good =
      "// Does this\n// and that.\n//\n// Who uses it: us.\n// Source: X, \"Y\",\n// 2013.\n// Hole: a "
      "race.\n";
  EXPECT_THAT(silent({"strategies/a.cpp", good + "#include <x>\n"}), IsEmpty());
  const auto without = [&](const std::string& what) {
    std::string text = good;
    text.erase(text.find(what), what.size());
    return silent({"strategies/a.cpp", text});
  };
  EXPECT_THAT(without("// Does this\n// and that.\n//\n"),
              ElementsAre("strategies/a.cpp: does not say what it does"));
  EXPECT_THAT(
      without("// Who uses it: us.\n"),
      ElementsAre(
          "strategies/a.cpp: its first comment says nothing by \"Who uses it: \", or not in its place"));
  EXPECT_THAT(
      without("// Source: X, \"Y\",\n// 2013.\n"),
      ElementsAre("strategies/a.cpp: its first comment says nothing by \"Source: \", or not in its place"));
  EXPECT_THAT(
      without("a race."),
      ElementsAre("strategies/a.cpp: its first comment says nothing by \"Hole: \", or not in its place"));
  EXPECT_THAT(without(" \"Y\","),
              ElementsAre("strategies/a.cpp: its source has neither a title nor an address"));
  EXPECT_THAT(silent({"strategies/a.cpp", ""}), testing::SizeIs(2)) << "a file that is not there";
  EXPECT_THAT(silent({"strategies/a.cpp", "#include <x>\n" + good}), testing::SizeIs(2));
}

}  // namespace
}  // namespace cacherace::house
