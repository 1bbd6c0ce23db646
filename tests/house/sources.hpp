// The project's own sources, as the tests of the house read them.
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::house {

inline constexpr std::array<std::string_view, 8> rooms = {"sim",       "models",      "strategies", "verify",
                                                          "scenarios", "exploration", "reports",    "tools"};

// `path` is relative to the project, with forward slashes.
struct Source {
  std::string path;
  std::string text;

  [[nodiscard]] std::string room() const { return path.substr(0, path.find('/')); }
  [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> result;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      result.push_back(line);
    }
    return result;
  }
};

// What is wrong, one entry a fault: "path:line: what".
using Complaints = std::vector<std::string>;

inline constexpr std::array<std::string_view, 2> of_cpp = {".cpp", ".hpp"};
inline constexpr std::array<std::string_view, 3> of_page = {".ts", ".mjs", ".css"};

// Every file of these kinds under `folder` of the project, in order of path.
inline std::vector<Source> sources_under(std::string_view folder,
                                         std::span<const std::string_view> kinds = of_cpp) {
  const std::filesystem::path root = CACHERACE_SOURCE_DIR;
  std::vector<Source> result;
  if (!std::filesystem::is_directory(root / folder)) {
    return result;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    const auto extension = entry.path().extension().string();
    if (entry.is_regular_file() && std::ranges::find(kinds, extension) != kinds.end()) {
      std::ifstream in(entry.path(), std::ios::binary);
      result.push_back({entry.path().lexically_relative(root).generic_string(),
                        {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
  }
  std::ranges::sort(result, {}, &Source::path);
  return result;
}

inline std::vector<Source> sources_of_rooms() {
  std::vector<Source> result;
  for (const std::string_view room : rooms) {
    std::ranges::move(sources_under(room), std::back_inserter(result));
  }
  return result;
}

// One line for each complaint, for the failure's message.
inline std::string listed(const Complaints& complaints) {
  std::string result;
  for (const std::string& complaint : complaints) {
    result += complaint + "\n";
  }
  return result;
}

}  // namespace cacherace::house
