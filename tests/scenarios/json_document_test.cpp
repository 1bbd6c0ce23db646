// The text: what is no JSON, and where.
#include "scenarios/json_document.hpp"

#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct BrokenText {
  std::string text;
  std::string fault;
};

// One row, one text. After a syntax error there is that one fault.
const std::vector<BrokenText> broken_texts = {
    {"", "s.json:1:1: the file is empty"},
    {" \n\t\n", "s.json:3:1: the file is empty"},
    {"{", "s.json:1:2: the text ends inside the object that begins at line 1, column 1; close it with \"}\""},
    {"{\"runs\": [1,\n 2",
     "s.json:2:3: /runs: the text ends inside the list that begins at line 1, column 10; close it with "
     "\"]\""},
    {"{\"runs\"",
     "s.json:1:8: /runs: the text ends inside the object that begins at line 1, column 1; close it with "
     "\"}\""},
    {"{\"runs\": 1,\n}", "s.json:1:11: a comma with nothing behind it; remove it"},
    {"{\"do\": [1,]}", "s.json:1:10: /do: a comma with nothing behind it; remove it"},
    {"{\"runs\": 1\n \"seed\": 2}", "s.json:2:2: expected \",\" or \"}\", found the text \"seed\""},
    {"{\"do\": [1 2]}", "s.json:1:11: /do: expected \",\" or \"]\", found \"2\""},
    {"{\"do\": [1}", "s.json:1:10: /do: expected \",\" or \"]\", found \"}\""},
    {"{\"runs\" 1}", "s.json:1:9: /runs: expected \":\" behind the key, found \"1\""},
    {"{\"runs\": }", "s.json:1:10: /runs: expected a value behind the colon, found \"}\""},
    {"{\"runs\":, 1}", "s.json:1:9: /runs: expected a value behind the colon, found \",\""},
    {"{1: 2}", "s.json:1:2: expected a key in double quotes, or \"}\", found \"1\""},
    {"{runs: 2}", "s.json:1:2: \"runs\" is no JSON value; put texts into double quotes"},
    {"{'runs': 2}", "s.json:1:2: JSON takes double quotes, not single ones"},
    {"{\xe2\x80\x9cruns\xe2\x80\x9d: 2}", "s.json:1:2: JSON takes plain double quotes, not typographic ones"},
    {"{\"ttl\": 5ms}", "s.json:1:9: a duration needs quotes; write \"5ms\""},
    {"{\"ttl\": 1.5 s}", "s.json:1:13: expected \",\" or \"}\", found \"s\""},
    {"{\"ttl\": yes}", "s.json:1:9: /ttl: \"yes\" is no JSON value; put texts into double quotes"},
    {"{\"ttl\": True}", "s.json:1:9: /ttl: \"True\" is no JSON value; put texts into double quotes"},
    {"{\"runs\": 1 // many\n}", "s.json:1:12: JSON has no comments; use \"description\""},
    {"# a comment\n{}", "s.json:1:1: JSON has no comments; use \"description\""},
    {"{\"runs\": 01}", "s.json:1:10: a number does not begin with a needless zero"},
    {"{\"runs\": +1}", "s.json:1:10: /runs: a number begins with a digit or a minus sign"},
    {"{\"runs\": .5}", "s.json:1:10: /runs: a number begins with a digit or a minus sign"},
    {"{\"runs\": 1.}", "s.json:1:10: /runs: a number needs digits behind its point"},
    {"{\"runs\": 1e}", "s.json:1:10: /runs: a number needs digits in its exponent"},
    {"{\"runs\": -}", "s.json:1:10: /runs: a minus sign without a number"},
    {"{\"runs\": 1e400}", "s.json:1:10: /runs: this number is too large"},
    {"{\"name\": \"a\nb\"}",
     "s.json:1:10: /name: the text in quotes is not closed on its line; close it with a double quote"},
    {"{\"name\": \"a", "s.json:1:10: /name: the text in quotes is not closed; close it with a double quote"},
    {"{\"name\": \"a\tb\"}", "s.json:1:12: /name: a control character in a text; write it as \"\\u0009\""},
    {"{\"name\": \"a\\q\"}", "s.json:1:12: /name: JSON has no such escape; for a backslash write \"\\\\\""},
    {"{\"name\": \"\\u12x4\"}", "s.json:1:11: /name: \\u must be followed by four hexadecimal digits"},
    {"{\"name\": \"\\ud800\"}",
     "s.json:1:11: /name: this is half of a pair of surrogates; write both halves, or the character"},
    {"{\"name\": \"\\udc00\"}",
     "s.json:1:11: /name: this is half of a pair of surrogates; write both halves, or the character"},
    {"{\"name\": \"\xff\"}", "s.json:1:11: the byte 0xff is no UTF-8 text; save the file as UTF-8"},
    {"{}\n\xc0\xaf", "s.json:2:1: the byte 0xc0 is no UTF-8 text; save the file as UTF-8"},
    {std::string("{}\0{}", 5), "s.json:1:3: the byte 0x00 is no UTF-8 text; save the file as UTF-8"},
    {"{} {}", "s.json:1:4: the text goes on behind its value, found \"{\""},
    {"{}]", "s.json:1:3: the text goes on behind its value, found \"]\""},
    {"}", "s.json:1:1: expected an object, \"{\", found \"}\""},
    {"nul", "s.json:1:1: \"nul\" is no JSON value; put texts into double quotes"},
};

TEST(JsonDocument, SaysWhereAndWhyATextIsNoJson) {
  for (const auto& row : broken_texts) {
    SCOPED_TRACE(row.text);
    EXPECT_THAT(faults_of(row.text), ElementsAre(row.fault));
  }
}

TEST(JsonDocument, KnowsThePlaceOfEveryKeyAndValue) {
  const std::string text = "{ \"a\" :\n\t[1, \"x\\\"y\" ,{\"\xc3\xa4\": null}],\r\n \"b\":-2.5e3 }";
  const JsonDocument document(text);
  ASSERT_FALSE(document.syntax_fault());
  const auto place = [&](std::size_t offset) {
    const auto at = document.position(offset);
    return std::pair(at.line, at.column);
  };
  const auto list = *document.root().find("a");
  EXPECT_EQ(place(list.key_offset()), std::pair(1UL, 3UL));
  EXPECT_EQ(place(list.offset()), std::pair(2UL, 2UL));
  const auto entries = list.children();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(place(entries[1].offset()), std::pair(2UL, 6UL));
  EXPECT_EQ(entries[1].text(), "x\"y");
  const auto null = entries[2].children().front();
  EXPECT_EQ(place(null.key_offset()), std::pair(2UL, 15UL));
  EXPECT_EQ(place(null.offset()), std::pair(2UL, 21UL));  // bytes: ä has two
  EXPECT_EQ(null.pointer(), "/a/2/\xc3\xa4");
  EXPECT_EQ(place(document.root().find("b")->offset()), std::pair(3UL, 6UL));
  EXPECT_EQ(document.root().find("b")->number(), -2500.0);
}

TEST(JsonDocument, PointersEscapeWhatTheyMust) {
  const JsonDocument document(R"({"a/b~c\n": [0, {"": 1}]})");
  const auto list = document.root().children().front();
  EXPECT_EQ(list.children()[1].children().front().pointer(), "/a~1b~0c\\u000a/1/");
}

TEST(JsonDocument, WholeNumbersMayBeWrittenInSeveralWays) {
  const JsonDocument document("[1e3, 1000.0, 18446744073709551615, 1.5, -1, 1e300, \"1\"]");
  const auto numbers = document.root().children();
  EXPECT_EQ(numbers[0].whole(), 1000U);
  EXPECT_EQ(numbers[1].whole(), 1000U);
  EXPECT_EQ(numbers[2].whole(), 18446744073709551615U);
  for (std::size_t i = 3; i < numbers.size(); ++i) EXPECT_EQ(numbers[i].whole(), std::nullopt) << i;
}

TEST(JsonDocument, TakesAByteOrderMark) {
  const auto scenario = sound("\xef\xbb\xbf" + with("runs", "7"));
  EXPECT_EQ(scenario.runs, 7U);
  EXPECT_THAT(faults_of("\xef\xbb\xbf" + with("runs", "0")), ElementsAre(HasSubstr("s.json:1:10: /runs")));
}

TEST(JsonDocument, ReportsKeysThatStandTwice) {
  EXPECT_THAT(
      faults_of(with("runs", "5, \"seed\": 1,\n \"runs\": 0, \"runs\": 0")),
      ElementsAre("s.json:2:2: /runs: this key stands here a second time (first at line 1, column 2); "
                  "remove one",
                  "s.json:2:13: /runs: this key stands here a second time (first at line 1, column 2); "
                  "remove one"));
  EXPECT_THAT(faults_of(with("limits", R"({"time": "1s", "time": "2s"})")),
              ElementsAre("s.json:1:27: /limits/time: this key stands here a second time (first at line 1, "
                          "column 13); remove one"));
}

TEST(JsonDocument, StopsAtADepthOf64) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_THAT(faults_of(nested(64)), ElementsAre(HasSubstr("a list stands here; expected an object")));
  EXPECT_THAT(faults_of(nested(65)),
              ElementsAre(HasSubstr("lists and objects are nested more than 64 deep")));
  EXPECT_THAT(faults_of(nested(10'000)), ElementsAre(HasSubstr("s.json:1:65: ")));
  EXPECT_THAT(faults_of(std::string(1'000'000, '[')), ElementsAre(HasSubstr("more than 64 deep")));
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += "{\"a\":";
  EXPECT_THAT(faults_of(objects), ElementsAre(HasSubstr("more than 64 deep")));
}

TEST(JsonDocument, StopsAtItsLimits) {
  std::string huge(json_bytes_max + 1, ' ');
  EXPECT_THAT(faults_of(huge), ElementsAre("s.json:1:1: a scenario has at most 16 MiB"));
  std::string many = "[0";
  for (std::size_t i = 0; i < json_values_max; ++i) many += ",0";
  EXPECT_THAT(faults_of(many + "]"), ElementsAre(HasSubstr("more than 1000000 values in one file")));
}

TEST(JsonDocument, ReadsATextAsLargeAsTheLimit) {
  const auto text = with("runs", "5");
  EXPECT_THAT(faults_of(text + std::string(json_bytes_max - text.size(), ' ')), IsEmpty());
}

}  // namespace
}  // namespace cacherace::scenarios
