// What every format takes for a whole number.
#include "verify/formats/whole_number.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

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

Digits one_by_one(std::string_view text) {
  Digits digits;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    digits.value = 10 * digits.value + static_cast<std::uint32_t>(c - '0');
    ++digits.count;
  }
  return digits;
}

TEST(WholeNumber, EightDigitsAtOnceAreWhatTheyAreOneByOne) {
  std::minstd_rand random(5);
  for (int i = 0; i < 100'000; ++i) {
    std::string text(8, '0');
    const auto length = random() % 10;
    for (unsigned at = 0; at < text.size(); ++at) {
      text[at] = static_cast<char>(at < length ? '0' + random() % 10 : random() % 256);
    }
    const Digits found = eight_digits(text.data());
    const Digits expected = one_by_one(text);
    ASSERT_EQ(found.count, expected.count) << text;
    ASSERT_EQ(found.value, expected.value) << text;
  }
}

TEST(WholeNumber, EightDigitsEndAtAnyByteThatIsNone) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool digit = byte >= '0' && byte <= '9';
    for (unsigned place = 0; place < 8; ++place) {
      std::string text = "12345678";
      text[place] = static_cast<char>(byte);
      EXPECT_EQ(eight_digits(text.data()).count, digit ? 8 : place) << byte;
    }
  }
}

}  // namespace
}  // namespace cacherace::verify::formats
