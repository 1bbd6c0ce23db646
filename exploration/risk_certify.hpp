// Measures a risk at the values of a plan, with fresh runs, and says which values are safe and which are not.
//
// Confidence. Every interval holds with 99 %, half a percent for each of its ends. "Safe from here on" is
// tested from a value that the plan fixed down (what is bad from a later one on is bad from that one on), and
// the first value at which it cannot be said ends the test; "unsafe" in an order that the plan fixed, until
// the first that is not. Tests in an order that does not depend on the
// sample need no division of the error among them (Maurer, Hothorn, Lehmacher 1995; Westfall, Krishen,
// "Optimally weighted, fixed sequence and gatekeeper multiple testing procedures", J. Stat. Plan. Inference
// 2001). So each of the two answers errs with at most half a percent, and both hold together with 99 %. What
// the search saw counts for nothing here.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "exploration/risk_interval.hpp"
#include "exploration/risk_plan.hpp"

namespace cacherace::exploration {

struct RiskPoint {
  sim::Duration value{0};
  RiskEstimate at;    // P(bad at the value)
  RiskEstimate from;  // P(bad at it or, with the same draws, at a greater one that was measured)
};

struct RiskSample {
  bool complete = true;
  std::vector<RiskPoint> points;  // ascending
  std::uint64_t incomplete_runs = 0;
  RiskMethod method = RiskMethod::plain;
  std::uint32_t replications = 0;           // 0: plain runs
  std::uint64_t runs = 0;                   // plain: of each value
  std::optional<std::size_t> safe, unsafe;  // places in `points`: the least safe, the greatest unsafe one
  bool rises = false;                       // the risk at some value is surely greater than at a smaller one
};

// On `jobs` threads; the result does not depend on how many.
RiskSample certify_risk(const RiskProblem& problem, const RiskPlan& plan, unsigned jobs,
                        const RiskWatch& watch);

}  // namespace cacherace::exploration
