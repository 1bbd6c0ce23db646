// Results made by hand.
#pragma once

#include <string>

#include "scenarios/reader.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

inline scenarios::StrategyChoice strategy(const std::string& text) {
  return std::get<scenarios::StrategyChoice>(scenarios::parse_strategy(text));
}

inline scenarios::Estimate estimate(double value, double low, double high) {
  return {value, low, high, "Clopper-Pearson"};
}

// 10,000 runs, none of which violates anything.
inline scenarios::StrategyResult clean(const std::string& text, std::int64_t write_p99_ns) {
  scenarios::StrategyResult s{.strategy = strategy(text), .runs = 10'000};
  s.linearizability = s.stuck = s.stale_share = s.outdated_share = estimate(0.0, 0.0, 0.00053);
  s.reads = 20'000;
  s.writes = s.writes_ok = 10'000;
  s.write_latency = {10'000, 5'000'000, 5'000'000, 8'000'000, write_p99_ns, write_p99_ns, write_p99_ns};
  s.read_latency = {20'000, 4'000'000, 4'000'000, 8'000'000, 9'000'000, 9'500'000, 9'900'000};
  s.hits = 15'000;
  s.misses = 5'000;
  s.hit_ratio = 0.75;
  return s;
}

// Of which 48 are stuck for good, and some reads stale.
inline scenarios::StrategyResult stuck(const std::string& text, std::int64_t write_p99_ns) {
  auto s = clean(text, write_p99_ns);
  s.stuck_runs = s.permanently_stuck_runs = 48;
  s.stuck = estimate(0.0048, 0.0032, 0.0069);
  s.violating_runs = 31;
  s.linearizability = estimate(0.0031, 0.0019, 0.0049);
  s.stale = 82;
  s.stale_share = estimate(0.0041, 0.003, 0.0052);
  s.state = {200, 100, 900'000'000, 3'200'000, 9'000'000, 9'900'000, 48};
  s.by_cause[0] = 162;
  s.by_cause[2] = 38;
  s.first_violation = {17, "stuck"};
  return s;
}

inline scenarios::RunResult result(std::vector<scenarios::StrategyResult> strategies) {
  return {.scenario = "late fill", .seed = 1, .runs = 10'000, .strategies = std::move(strategies)};
}

}  // namespace cacherace::reports
