#include "reports/units.hpp"

#include <gtest/gtest.h>

#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

TEST(Units, DurationsHaveThreeDigitsAndTheUnitThatFits) {
  EXPECT_EQ(duration_text(0), "0 ns");
  EXPECT_EQ(duration_text(1), "1 ns");
  EXPECT_EQ(duration_text(3'200), "3.2 µs");
  EXPECT_EQ(duration_text(412'000'000), "412 ms");
  EXPECT_EQ(duration_text(1'250'000'000), "1.25 s");
  EXPECT_EQ(duration_text(90'000'000'000), "1.5 min");
  EXPECT_EQ(duration_text(7'200'000'000'000), "2 h");
  EXPECT_EQ(duration_text(std::optional<std::int64_t>()), "-");
}

TEST(Units, UnroundedDurationsAreExact) {
  EXPECT_EQ(unrounded_duration(199'450'000), "199.45 ms");
  EXPECT_EQ(unrounded_duration(50'000'001), "50.000001 ms");
  EXPECT_EQ(unrounded_duration(49'800'000), "49.8 ms");
  EXPECT_EQ(unrounded_duration(1'980'000'000), "1.98 s");
  EXPECT_EQ(unrounded_duration(1'234'000'000), "1.234 s");
  EXPECT_EQ(unrounded_duration(1'800'000'000'000), "30 min");
  EXPECT_EQ(unrounded_duration(999), "999 ns");
}

TEST(Units, DurationsThatRoundUpTakeTheNextUnit) {
  EXPECT_EQ(duration_text(999'499), "999 µs");
  EXPECT_EQ(duration_text(999'500), "1 ms");
  EXPECT_EQ(duration_text(59'970'000'000), "1 min");
  EXPECT_EQ(duration_text(INT64_MAX), "2,562,048 h");
}

TEST(Units, CountsHaveThousandsApart) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'000), "1,000");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
  EXPECT_EQ(counted(1, "run"), "1 run");
  EXPECT_EQ(counted(2, "run"), "2 runs");
}

TEST(Units, SharesAreShownInPercent) {
  EXPECT_EQ(percent_text(0.0048), "0.48 %");
  EXPECT_EQ(percent_text(0.1234), "12.3 %");
  EXPECT_EQ(percent_text(1.0), "100 %");
  EXPECT_EQ(percent_text(0.0), "0 %");
  EXPECT_EQ(percent_text(1e-7), "0.00001 %");
}

TEST(Units, BoundsAreNeverRoundedInward) {
  EXPECT_EQ(percent_number(0.000521, Rounding::up), "0.053");
  EXPECT_EQ(percent_number(0.000529, Rounding::down), "0.052");
}

TEST(Units, AnEstimateThatSawNothingShowsItsUpperBound) {
  const auto none = estimate(0.0, 0.0, 0.000053);
  EXPECT_EQ(estimate_text(none), "< 0.0053 %");
  EXPECT_EQ(estimate_cell(none), "<0.0053");
}

TEST(Units, AnEstimateCarriesItsInterval) {
  EXPECT_EQ(estimate_cell(estimate(0.0048, 0.0032, 0.0069)), "0.48 (0.32–0.69)");
  EXPECT_EQ(estimate_number(estimate(0.0048, 0.0032, 0.0069)), "0.48");
  EXPECT_EQ(estimate_cell({}), "-");
}

}  // namespace
}  // namespace cacherace::reports
