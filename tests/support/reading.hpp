// Scenarios in tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "scenarios/reader.hpp"

namespace cacherace::scenarios {

// The scenario in `text`, which must be right.
inline Scenario must_read(const std::string& text) {
  const auto no_files = [](const std::string& path) -> std::variant<std::string, Fault> {
    return Fault{.file = path, .message = "no files here"};
  };
  auto result = read_scenario(text, "test.json", no_files);
  if (const auto* faults = std::get_if<std::vector<Fault>>(&result)) {
    for (const Fault& fault : *faults) ADD_FAILURE() << to_text(fault);
    std::abort();
  }
  return std::move(std::get<Scenario>(result));
}

inline StrategyChoice must_choose(const std::string& text) {
  auto choice = parse_strategy(text);
  if (const auto* wrong = std::get_if<std::string>(&choice)) {
    ADD_FAILURE() << *wrong;
    std::abort();
  }
  return std::move(std::get<StrategyChoice>(choice));
}

}  // namespace cacherace::scenarios
