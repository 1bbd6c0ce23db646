// Habits that a machine can hold: short lines and files, no clock or order of the machine where results are
// made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "tests/house/sources.hpp"

namespace cacherace::house {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t columns_max = 110;
constexpr std::size_t lines_max = 500;

// The only files that may look at a clock: they show progress or end what takes too long, and never decide
// what is printed as a result.
const std::set<std::string> clock_watchers = {"tools/progress.cpp", "tools/progress.hpp",
                                              "tools/deadline.hpp"};

// Boost.Fiber's way to say how long a thread may sleep: a type in a signature, which is not looked at.
constexpr std::string_view fiber_hook = "void suspend_until(const std::chrono::steady_clock::time_point&)";

// The words below would be found in this very file.
constexpr std::string_view own_path = "tests/house/tidiness_test.cpp";

constexpr std::array<std::string_view, 4> unfinished = {"TODO", "FIXME", "XXX", "HACK"};
constexpr std::array<std::string_view, 3> dice = {"std::rand(", "srand(", "random_device"};
constexpr std::array<std::string_view, 3> clocks = {"system_clock", "steady_clock", "high_resolution_clock"};

bool is_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// `word` stands alone in `line`: neither "\uXXXX" nor a longer name counts.
bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_letter(line[at - 1])) && (end == line.size() || !is_letter(line[end]))) {
      return true;
    }
  }
  return false;
}

template <std::size_t n>
std::string_view first_of(const std::array<std::string_view, n>& words, std::string_view line) {
  const auto found =
      std::ranges::find_if(words, [line](std::string_view word) { return line.find(word) != line.npos; });
  return found == words.end() ? std::string_view{} : *found;
}

// In characters, not bytes (UTF-8).
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string fault_of_line(const Source& source, std::string_view line) {
  const std::string room = source.room();
  if (columns(line) > columns_max) {
    return "longer than " + std::to_string(columns_max) + " columns";
  }
  if (line.find('\t') != line.npos) {
    return "a tab";
  }
  if (line.ends_with(' ') || line.ends_with('\r')) {
    return "white space at the end";
  }
  for (const std::string_view word : unfinished) {
    if (source.path != own_path && has_word(line, word)) {
      return "unfinished: " + std::string(word);
    }
  }
  if (room == "tests") {
    return "";
  }
  if (const auto word = first_of(dice, line); !word.empty()) {
    return "randomness without a seed: " + std::string(word);
  }
  const auto clock = first_of(clocks, line);
  if (!clock.empty() && line.find(fiber_hook) == line.npos && !clock_watchers.contains(source.path)) {
    return "a clock of the machine: " + std::string(clock);
  }
  constexpr std::array<std::string_view, 4> ordered = {"sim", "models", "strategies", "verify"};
  if (std::ranges::find(ordered, room) != ordered.end() && line.find("std::unordered_") != line.npos) {
    return "a container whose order is not defined";
  }
  return "";
}

Complaints untidy(const Source& source) {
  Complaints result;
  const auto complain = [&](std::size_t line, const std::string& what) {
    result.push_back(source.path + ":" + std::to_string(line) + ": " + what);
  };
  const auto lines = source.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (const auto fault = fault_of_line(source, lines[i]); !fault.empty()) {
      complain(i + 1, fault);
    }
  }
  if (lines.size() > lines_max) {
    complain(lines.size(), "longer than " + std::to_string(lines_max) + " lines");
  }
  if (!source.text.ends_with('\n')) {
    complain(lines.size(), "no newline at the end");
  }
  if (source.is_header() && !source.text.starts_with("//")) {
    complain(1, "a header starts with a comment: meaning, units, errors");
  }
  if (source.is_header() && std::ranges::find(lines, "#pragma once") == lines.end()) {
    complain(1, "a header without #pragma once");
  }
  return result;
}

void expect_tidy(const std::vector<Source>& sources) {
  ASSERT_FALSE(sources.empty()) << "no sources under " << CACHERACE_SOURCE_DIR;
  for (const Source& source : sources) {
    const auto found = untidy(source);
    EXPECT_TRUE(found.empty()) << listed(found);
  }
}

TEST(Tidiness, TheRoomsAreTidy) {
  expect_tidy(sources_of_rooms());
}

TEST(Tidiness, TheTestsAreTidy) {
  expect_tidy(sources_under("tests"));
}

// What npm puts beside them is not the project's.
TEST(Tidiness, ThePageIsTidy) {
  auto sources = sources_under("reports/page/src", of_page);
  for (const char* const name : {"browser_test.mjs", "build.mjs"}) {
    std::ifstream in(std::string(CACHERACE_SOURCE_DIR "/reports/page/") + name);
    sources.push_back({std::string("reports/page/") + name,
                       {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
  }
  expect_tidy(sources);
}

TEST(Tidiness, ADisorderlyLineIsFound) {
  const auto fault = [](const std::string& path, const std::string& line) {
    return fault_of_line({path, ""}, line);
  };
  EXPECT_EQ(fault("sim/a.cpp", std::string(110, 'x')), "");
  EXPECT_EQ(fault("sim/a.cpp", std::string(111, 'x')), "longer than 110 columns");
  EXPECT_EQ(fault("sim/a.cpp", "\tint a;"), "a tab");
  EXPECT_EQ(fault("sim/a.cpp", "int a; "), "white space at the end");
  for (const std::string_view word : unfinished) {
    EXPECT_EQ(fault("tests/a.cpp", "// " + std::string(word) + " later"), "unfinished: " + std::string(word));
  }
  for (const std::string_view word : dice) {
    EXPECT_EQ(fault("tools/a.cpp", std::string(word)), "randomness without a seed: " + std::string(word));
  }
  for (const std::string_view word : clocks) {
    EXPECT_EQ(fault("reports/a.cpp", std::string(word)), "a clock of the machine: " + std::string(word));
    EXPECT_EQ(fault("tools/progress.cpp", std::string(word)), "");
    EXPECT_EQ(fault("tests/a.cpp", std::string(word)), "");
  }
  for (const std::string room : {"sim", "models", "strategies", "verify"}) {
    EXPECT_EQ(fault(room + "/a.cpp", "std::unordered_map<int, int> m;"),
              "a container whose order is not defined");
  }
  EXPECT_EQ(fault("scenarios/a.cpp", "std::unordered_map<int, int> m;"), "");
  EXPECT_EQ(fault("sim/a.cpp", "// \\uXXXX"), "");
  EXPECT_EQ(fault("sim/a.cpp", "  " + std::string(fiber_hook) + " noexcept override {}"), "");
  // A multi-byte character is one column.
  std::string wide;
  for (int i = 0; i < 110; ++i) {
    wide += "…";
  }
  EXPECT_EQ(fault("sim/a.cpp", wide), "");
}

TEST(Tidiness, ADisorderlyFileIsFound) {
  std::string text;
  for (int i = 0; i < 501; ++i) {
    text += "\n";
  }
  EXPECT_THAT(untidy({"sim/a.cpp", text}), ElementsAre("sim/a.cpp:501: longer than 500 lines"));
  EXPECT_THAT(untidy({"sim/a.cpp", "int a;"}), ElementsAre("sim/a.cpp:1: no newline at the end"));
  EXPECT_THAT(untidy({"sim/a.hpp", "#pragma once\n"}),
              ElementsAre("sim/a.hpp:1: a header starts with a comment: meaning, units, errors"));
  EXPECT_THAT(untidy({"sim/a.hpp", "// Meaning.\n"}),
              ElementsAre("sim/a.hpp:1: a header without #pragma once"));
  EXPECT_THAT(untidy({"sim/a.hpp", "// Meaning.\n#pragma once\n"}), IsEmpty());
}

}  // namespace
}  // namespace cacherace::house
