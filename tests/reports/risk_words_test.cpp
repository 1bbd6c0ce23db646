// Why `tune --risk` has no answer.
#include "reports/risk_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/reading.hpp"

namespace cacherace::reports {
namespace {

using exploration::RiskEstimate;
using exploration::RiskResult;
using testing::HasSubstr;

// Measured at one value only, the end of the range.
RiskResult with(const RiskEstimate& last) {
  RiskResult result{
      .scenario = "s", .strategy = scenarios::must_choose("delayed-double-delete"), .risk = 1e-9};
  result.sample.complete = true;
  result.sample.points.push_back({std::chrono::seconds(60), last, last});
  return result;
}

TEST(RiskWords, TellWhyThereIsNoSafeValue) {
  EXPECT_THAT(risk_reason(with({1e-3, 9e-4, 1.1e-3, true})),
              HasSubstr("at the end of the range, 1 min, the risk still is 0.001"));
  EXPECT_THAT(risk_reason(with({0.0, 0.0, 1e-6, true})),
              HasSubstr("only that the risk there is below 1.00e-06"));
  EXPECT_THAT(risk_reason(with({1e-9, 0.0, 1e-8, false})), HasSubstr("scatters too much"));
  RiskResult unseen = with({0.0, 0.0, 1e-6, true});
  unseen.unseen = true;
  EXPECT_THAT(risk_reason(unseen), HasSubstr("no sampled run was bad at any value"));
}

}  // namespace
}  // namespace cacherace::reports
