// Explored scenarios for the reports about them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "exploration/explorable.hpp"
#include "exploration/exploration.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::reports {

struct Explored {
  scenarios::Scenario scenario;
  exploration::ExploreResult result;
};

// `parts`: more sections of the scenario, R"("keys": {"cached": true}, )".
inline Explored explored(const std::string& strategy, const std::string& clients,
                         const std::string& parts = "", const std::string& mysql = "") {
  auto scenario = scenarios::must_read(
      R"({"name": "small", "redis": {"latency": "1ms"}, )" + parts + R"("mysql": {"latency": "1ms")" + mysql +
      R"(}, "clients": )" + clients + R"(, "strategies": ["binlog-delete", "write-then-delete"]})");
  scenario.strategies = {scenarios::must_choose(strategy)};
  auto result = exploration::explore(scenario, {});
  return {std::move(scenario), std::move(result)};
}

inline const std::string one_and_two = R"([{"name": "writer", "do": ["write"]},
                                           {"name": "reader", "count": 2, "do": ["read"]}])";

}  // namespace cacherace::reports
