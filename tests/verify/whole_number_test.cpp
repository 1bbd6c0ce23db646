// What every format takes for a whole number.
#include "verify/formats/whole_number.hpp"

#include <gtest/gtest.h>

namespace cacherace::verify::formats {
namespace {

TEST(WholeNumber, IsDigitsBehindAMinusOrNone) {
  for (const std::string_view text : {"0", "5", "-5", "007", "-0", "9223372036854775808"}) {
    EXPECT_TRUE(whole_number(text).is_one) << text;
  }
  for (const std::string_view text : {"", "-", "+5", " 5", "5 ", "5x", "--5", "1.5", "1e3", "0x1"}) {
    EXPECT_FALSE(whole_number(text).is_one) << text;
    EXPECT_FALSE(whole_number(text).fits) << text;
  }
}

TEST(WholeNumber, HasAValueWhereItFits) {
  EXPECT_EQ(whole_number("-12").value, -12);
  EXPECT_EQ(whole_number("9223372036854775807").value, INT64_MAX);
  EXPECT_EQ(whole_number("-9223372036854775808").value, INT64_MIN);
  EXPECT_TRUE(whole_number("-9223372036854775808").fits);
  EXPECT_FALSE(whole_number("9223372036854775808").fits);
  EXPECT_FALSE(whole_number("-9223372036854775809").fits);
}

}  // namespace
}  // namespace cacherace::verify::formats
