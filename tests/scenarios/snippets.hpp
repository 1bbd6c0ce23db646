// Small scenarios for the reader's tests: one section under test on line 1, what else is required behind it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/reader.hpp"

namespace cacherace::scenarios {

// {"SECTION": VALUE, and the required sections besides.
inline std::string with(std::string_view section, std::string_view value) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> required = {
      {{"redis", R"({"latency": "1ms"})"},
       {"mysql", R"({"latency": "2ms"})"},
       {"clients", R"([{"name": "w", "do": ["write"]}])"},
       {"strategies", R"(["write-then-delete"])"}}};
  std::string text = "{\"" + std::string(section) + "\": " + std::string(value);
  for (const auto& [name, fallback] : required) {
    if (name == section) continue;
    text += ",\n \"" + std::string(name) + "\": " + std::string(fallback);
  }
  return text + "}\n";
}

using TestFiles = std::map<std::string, std::string>;

inline ReadResult read_text_with(const std::string& text, const TestFiles& files) {
  return read_scenario(text, "s.json", [&files](const std::string& name) -> std::variant<std::string, Fault> {
    const auto found = files.find(name);
    if (found != files.end()) return found->second;
    return Fault{name, 0, 0, "", "no such file"};
  });
}

// As a user sees them; empty for a sound scenario.
inline std::vector<std::string> faults_of(const std::string& text, const TestFiles& files = {}) {
  const auto result = read_text_with(text, files);
  std::vector<std::string> lines;
  if (const auto* faults = std::get_if<std::vector<Fault>>(&result)) {
    for (const auto& fault : *faults) lines.push_back(to_text(fault));
    EXPECT_FALSE(lines.empty()) << "neither a scenario nor a fault";
  }
  return lines;
}

inline Scenario sound(const std::string& text, const TestFiles& files = {}) {
  auto result = read_text_with(text, files);
  if (const auto* faults = std::get_if<std::vector<Fault>>(&result)) {
    ADD_FAILURE() << text << "\n" << to_text(faults->front());
    return {};
  }
  return std::get<Scenario>(std::move(result));
}

}  // namespace cacherace::scenarios
