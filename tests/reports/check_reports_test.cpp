// What the reports of `check` say of a history in words, numbers and pictures.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/check_groups.hpp"
#include "reports/check_json.hpp"
#include "reports/check_markdown.hpp"
#include "reports/check_svg.hpp"
#include "reports/check_table.hpp"
#include "reports/check_words.hpp"
#include "reports/timeline.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::reports {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string line(int client, const std::string& op, const std::string& value, long start, long end,
                 const std::string& more = "") {
  return fmt::format(
      R"({{"client": {}, "op": "{}", "key": "k", "value": {}, {}"start": {}, "end": {}, "outcome": "ok"}})"
      "\n",
      client, op, value, more, start, end);
}

CheckResult judged(const std::vector<std::pair<std::string, std::string>>& files) {
  CheckResult result;
  verify::Checker checker;
  for (const auto& [name, text] : files) {
    auto reading = verify::formats::read_histories_of(text);
    EXPECT_TRUE(reading.sound());
    for (auto& history : reading.histories) {
      CheckedHistory checked;
      checked.file = name;
      checked.format = reading.format;
      checked.history = std::move(history);
      checked.verdict = checker.check(checked.history);
      if (checked.verdict.linearizable == false) {
        const auto& key = checked.verdict.keys[checked.verdict.worst];
        checked.order = verify::partial_linearization(checked.history, key);
      }
      result.histories.push_back(std::move(checked));
    }
  }
  return result;
}

std::string table_of(const std::string& text) {
  return check_table(judged({{"h", text}}), Paint::plain);
}

json json_of(const std::string& text) {
  return json::parse(check_document(judged({{"h", text}})))["histories"][0];
}

TEST(CheckReports, ANumberOfTheHistoryIsANumberAndATextAText) {
  const auto value = [](const std::string& written) {
    return json_of(line(1, "read", written, 1, 2))["violations"][0]["operations"][0]["value"];
  };
  EXPECT_EQ(value("7"), json(7));
  EXPECT_EQ(value("2147483648"), json(2147483648));
  EXPECT_EQ(value("-3"), json(-3));
  EXPECT_EQ(value("18446744073709551615"), json(18446744073709551615U));
  EXPECT_EQ(value("123456789012345678901234567890"), json("123456789012345678901234567890"));
  for (const std::string text : {"7", "-3", "2147483648", "null", "\"7\"", "\"", "a \"b\"", ""}) {
    EXPECT_EQ(value(json(text).dump()), json(text));
  }
}

TEST(CheckReports, EachViolationIsListedOnce) {
  const auto unwritten = json_of(line(1, "read", "7", 1, 2) + line(1, "read", "8", 3, 4));
  EXPECT_EQ(unwritten["violations"].size(), 2U);
  EXPECT_EQ(unwritten["violations_total"], 2);
  EXPECT_EQ(unwritten["violations"][1]["operations"][0]["value"], 8);
  const auto early = json_of(line(1, "read", "7", 1, 2) + line(2, "write", "7", 3, 4));
  EXPECT_EQ(early["violations"].size(), 1U);
  EXPECT_EQ(early["violations"][0]["kind"], "early_read");
  EXPECT_EQ(early["violations"][0]["operations"].size(), 2U);
}

TEST(CheckReports, WindowsAreNullWhereTheyWereNotMeasured) {
  const std::string written = line(1, "write", "1", 1, 2);
  EXPECT_EQ(json_of(written)["windows"], json::array());
  const auto repeated = json_of(written + line(1, "write", "1", 3, 4));
  EXPECT_EQ(repeated["windows"], nullptr);
  EXPECT_EQ(repeated["windows_total"], nullptr);
}

TEST(CheckReports, NameWhatASearchedKeyCannotExplain) {
  const std::string twice = line(1, "write", "1", 1, 2) + line(1, "write", "1", 3, 4);
  EXPECT_THAT(table_of(twice + line(2, "write", "2", 5, 6) + line(3, "read", "1", 7, 8)),
              HasSubstr("Client 3 read 1, but no order of the other operations makes that the value at any "
                        "instant of the\n  read, whether or not operations that are not shown took effect."));
  EXPECT_THAT(table_of(twice + line(3, "cas", "4", 7, 8, R"("from": 0, )")),
              HasSubstr("Client 3's cas found 0, but no order of the other operations makes that the value"));
  EXPECT_THAT(table_of(twice + line(3, "read", "9", 7, 8)),
              HasSubstr("Client 3 read 9, which nobody wrote."));
  EXPECT_EQ(json_of(twice + line(3, "read", "9", 7, 8))["violations"][0]["kind"], "unwritten");
}

TEST(CheckReports, SayWhatAFailedCasCannotHaveFound) {
  const std::string log =
      "INFO  jepsen.util - 1\t:invoke\t:write\t3\nINFO  jepsen.util - 1\t:ok\t:write\t3\n"
      "INFO  jepsen.util - 2\t:invoke\t:cas\t[3 4]\nINFO  jepsen.util - 2\t:fail\t:cas\t[3 4]\n";
  EXPECT_THAT(table_of(log), HasSubstr("Client 2's cas found another value than 3, but no order of the other "
                                       "operations lets the value be\n  anything else at any instant of it"));
}

TEST(CheckReports, SayWhatATextLacks) {
  const std::string texts =
      "{:process 0, :type :invoke, :f :append, :key \"7\", :value \"x 1 y\"}\n"
      "{:process 0, :type :ok, :f :append, :key \"7\", :value \"x 1 y\"}\n"
      "{:process 1, :type :invoke, :f :get, :key \"7\", :value nil}\n"
      "{:process 1, :type :ok, :f :get, :key \"7\", :value \"\"}\n";
  EXPECT_THAT(table_of(texts),
              HasSubstr("Client 1 read \"\", which lacks x 1 y, although the append of that had returned."));
}

// 1 ms and 20 ms after a write.
const std::string twice_stale =
    line(1, "write", "1", 1'000'000, 2'000'000) + line(2, "read", "0", 3'000'000, 4'000'000) +
    line(2, "read", "1", 13'000'000, 14'000'000) + line(2, "read", "0", 22'000'000, 23'000'000);

TEST(CheckReports, TellHowSoonReadsAreRightAndHowFarBehind) {
  const auto table = table_of(twice_stale);
  EXPECT_THAT(table, HasSubstr("  after a write from 1 ms: 1 of 1 (100 %); from 10 ms: 1 of 2 (50 %)\n"));
  EXPECT_THAT(table, HasSubstr("  behind        1 or more: 2 of 3 (66.7 %)\n"));
  const auto markdown = check_markdown(judged({{"h", twice_stale}}));
  EXPECT_THAT(markdown, HasSubstr("| after a write | from 1 ms: 1 of 1 (100 %); from 10 ms"));
  EXPECT_THAT(markdown, HasSubstr("✗: the first that nothing explains. Client 2 read 0, although"));
}

TEST(CheckReports, TellAndDrawTheWorstFirst) {
  const std::string stale = line(1, "write", "1", 1, 2) + line(2, "read", "0", 3, 4);
  const auto result =
      judged({{"good", line(1, "write", "1", 1, 2)}, {"little", stale}, {"much", twice_stale}});
  const auto order = worst_first(result);
  EXPECT_EQ(order[0]->file, "much");
  EXPECT_EQ(order[1]->file, "little");
  EXPECT_EQ(order[2]->file, "good");
  EXPECT_THAT(check_svg(result), HasSubstr("<title id=\"t\">much: not linearizable</title>"));
}

TEST(CheckReports, OfALongPathTheEndIsTold) {
  EXPECT_EQ(file_words("-"), "standard input");
  EXPECT_EQ(file_words("/short/h.jsonl"), "/short/h.jsonl");
  const std::string folder(30, 'f');
  EXPECT_EQ(file_words("/" + folder + "/" + folder + "/h.jsonl"), "…/" + folder + "/h.jsonl");
  EXPECT_EQ(file_words("/" + folder + "/" + std::string(70, 'n')), "…/" + std::string(58, 'n') + "…");
}

TEST(CheckReports, GroupManyHistories) {
  const std::string good = line(1, "write", "1", 1, 2);
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 30; ++i) files.emplace_back(fmt::format("logs/of/{}.jsonl", i), good);
  EXPECT_EQ(check_table(judged(files), Paint::plain), "30 histories, 30 operations: all linearizable\n");
  EXPECT_EQ(check_markdown(judged(files)),
            "## cacherace check\n\n30 histories, 30 operations: all linearizable.\n");
  files[7].second = twice_stale;
  const auto table = check_table(judged(files), Paint::plain);
  EXPECT_THAT(table, HasSubstr("in logs/of/\n\nhistory  operations  verdict\n"
                               "7.jsonl           4  NOT LINEARIZABLE\n"
                               "… and 29 more that are linearizable\n1 of 30 histories not linearizable\n"));
  EXPECT_THAT(table, HasSubstr("\nlogs/of/7.jsonl: NOT LINEARIZABLE\n"));
  const auto markdown = check_markdown(judged(files));
  EXPECT_THAT(markdown,
              HasSubstr("|---|---:|---:|---:|---:|---|\n| logs/of/7.jsonl | 1 | 4 | 1 | 0 |  |\n| "));
}

TEST(CheckReports, GroupTheRunsOfAStrategy) {
  std::string text;
  for (int run = 0; run < 20; ++run) {
    const std::string of = fmt::format(R"("strategy": "s", "run": {}, )", run);
    text += line(1, "write", "1", 1, 2, of) + line(2, "read", run == 11 ? "0" : "1", 3, 4, of);
  }
  const auto result = judged({{"h.jsonl", text}});
  EXPECT_THAT(check_table(result, Paint::plain),
              HasSubstr("history     histories  operations  linearizable  unknown  first\n"
                        "h.jsonl, s         20          40             1        0  run 11\n\n"
                        "h.jsonl, s, run 11: NOT LINEARIZABLE\n"));
  EXPECT_THAT(check_markdown(result), HasSubstr("| h.jsonl, s | 20 | 40 | 1 | 0 | run 11 |\n"));
}

TEST(Timeline, HasAUnitThatSuitsItsTimes) {
  const auto times = [](std::int64_t start, std::int64_t end) { return timeline({{"x", start, end}}); };
  EXPECT_THAT(times(3, 999), HasSubstr("  3–999 ns\n"));
  EXPECT_THAT(times(3, 1'000), HasSubstr("  0.003–1.000 µs\n"));
  EXPECT_THAT(times(1'500'000, 2'000'000), HasSubstr("  1.500000–2.000000 ms\n"));
  EXPECT_THAT(times(1'732'780'000'123'456'789, INT64_MAX), HasSubstr("  1732780000.123456789 s, no end\n"));
}

}  // namespace
}  // namespace cacherace::reports
