// What is wrong with a history, word by word: refused/*.txt hold snippets with the faults that are expected.
// A snippet is one or more lines; the faults follow, indented. Snippets are apart by an empty line. "\n" at
// the end of a snippet's last line means that it ends; without it the file ends there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/verify/formats.hpp"

namespace cacherace::verify::formats {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

struct Refused {
  std::string text;
  std::vector<std::string> faults;
};

std::vector<Refused> read_rows(const std::string& name) {
  std::vector<Refused> rows;
  std::ifstream stream(fs::path(CACHERACE_SOURCE_DIR) / "tests/verify/refused" / (name + ".txt"));
  bool begins = true;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) {
      begins = true;
      continue;
    }
    if (begins) rows.emplace_back();
    begins = false;
    if (line.starts_with("  ")) {
      rows.back().faults.push_back(line.substr(2));
      continue;
    }
    std::string& text = rows.back().text;
    if (!text.empty()) text += "\n";
    text += line;
    if (text.ends_with("\\n")) text.replace(text.size() - 2, 2, "\n");
  }
  return rows;
}

class RefusedHistories : public testing::TestWithParam<const char*> {};

TEST_P(RefusedHistories, AreExplainedInPlainWords) {
  const auto rows = read_rows(GetParam());
  EXPECT_GT(rows.size(), 10U);
  const std::string name = GetParam();
  const auto format = name == "json-lines"   ? Format::json_lines
                      : name == "csv"        ? Format::csv
                      : name == "jepsen-log" ? Format::jepsen_log
                                             : Format::edn;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(faults_of(read_histories_of(row.text, {.format = format})), row.faults);
  }
}

INSTANTIATE_TEST_SUITE_P(In, RefusedHistories, testing::Values("json-lines", "csv", "edn", "jepsen-log"),
                         [](const auto& group) {
                           std::string name = group.param;
                           std::erase(name, '-');
                           return name;
                         });

const std::string good =
    R"({"client": 1, "op": "write", "key": "k", "value": 1, "start": 1, "end": 2, "outcome": "ok"})"
    "\n";

TEST(BadLines, AreToldUpToTwentyAndCounted) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "{\n";
  const Reading reading = read_histories_of(text, {.format = Format::json_lines});
  EXPECT_EQ(reading.faults.count(), 30U);
  EXPECT_THAT(reading.faults.first(), SizeIs(20));
  EXPECT_FALSE(reading.sound());
}

TEST(BadLines, AreLeftOutIfAskedFor) {
  const Reading reading = read_histories_of("{\"client\": 1}\n" + good + "[]\n", {.skip_bad = true});
  EXPECT_TRUE(reading.format == Format::json_lines && reading.sound());
  EXPECT_EQ(reading.faults.count(), 2U);
  EXPECT_EQ(told(reading.histories.at(0)), "write k = 1 by 1 1-2 ok\n");
}

TEST(BadLines, AnOperationThatOverlapsIsLeftOut) {
  const std::string late =
      R"({"client": 1, "op": "read", "key": "k", "value": 1, "start": 1, "end": 9, "outcome": "ok"})"
      "\n";
  const Reading reading = read_histories_of(good + late, {.skip_bad = true});
  EXPECT_THAT(
      faults_of(reading),
      ElementsAre("2:1: client 1 begins an operation at 1, while that of line 1 lasts until 2; expected "
                  "one operation of a client at a time"));
  EXPECT_EQ(told(reading.histories.at(0)), "write k = 1 by 1 1-2 ok\n");
}

TEST(BadLines, AFaultInEdnEndsWithItsMap) {
  const Reading reading = read_histories_of(R"([{:type :invoke, :f :write, :process 0, :value 1}
 {:type ]}
 {:type :ok, :f :write, :process 0, :value 1}])",
                                            {.skip_bad = true});
  EXPECT_THAT(faults_of(reading), ElementsAre("2:9: an unexpected ]; expected a value"));
  EXPECT_EQ(told(reading.histories.at(0)), "write  = 1 by 0 1-2 ok\n");
}

TEST(CutOff, IsARemarkAndNoFault) {
  const Reading reading = read_histories_of(good + R"({"client": 1, "op": "wri)");
  EXPECT_TRUE(reading.sound());
  EXPECT_EQ(reading.cut_off, "line 2, the last, is cut off in its middle");
  EXPECT_EQ(told(reading.histories.at(0)), "write k = 1 by 1 1-2 ok\n");
  EXPECT_EQ(read_histories_of("[{:type :invoke, :f :write, :process 0, :value 1} {:type").cut_off,
            "line 1: the last event is cut off in its middle");
  EXPECT_EQ(read_histories_of("[{:type :invoke, :f :write, :process 0, :value 1}").cut_off,
            "the file ends before the end of its vector or list");
  EXPECT_EQ(read_histories_of("a 1 :invoke :read nil\na 1 :ok :rea\na 1 :ok").cut_off,
            "line 3, the last, is cut off in its middle");
  EXPECT_EQ(read_histories_of("client,op,key,value,start,end,outcome\n1,read,k,").cut_off,
            "line 2, the last, is cut off in its middle");
}

TEST(Unreadable, FilesAreNamed) {
  EXPECT_THAT(faults_of(read_histories("/nowhere/h.jsonl")),
              ElementsAre("/nowhere/h.jsonl: No such file or directory"));
  EXPECT_THAT(faults_of(read_histories("/tmp")), ElementsAre("/tmp: is a folder; expected a history"));
  EXPECT_THAT(faults_of(read_histories_of("")),
              ElementsAre(StartsWith("text: is empty; expected a history")));
  EXPECT_THAT(
      faults_of(read_histories_of("hello\n")),
      ElementsAre("text: not recognised; expected JSON Lines, CSV with a header, Jepsen EDN, a Jepsen "
                  "console log or Porcupine's key-value text (--input-format says which)"));
  EXPECT_THAT(faults_of(read_histories_of(good, {.order = Order::index})),
              ElementsAre("text: --order index: its operations have times and no places; expected --order "
                          "time"));
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstandard(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string long_history() {
  std::string text;
  for (int i = 1; i <= 20000; ++i) {
    text += R"({"client": 1, "op": "write", "key": "k", "value": )" + std::to_string(i) + R"(, "start": )" +
            std::to_string(10 * i) + R"(, "end": )" + std::to_string(10 * i + 5) + R"(, "outcome": "ok"})" +
            "\n";
  }
  return text;
}

TEST(Compressed, HistoriesAreToldByTheirContent) {
  const std::string text = long_history();
  const std::string expected = told(read_histories_of(text).histories.at(0));
  const std::string half = text.substr(0, text.size() / 2);
  const std::string rest = text.substr(text.size() / 2);
  for (const auto& bytes : {gzipped(text), zstandard(text), gzipped(half) + gzipped(rest),
                            zstandard(half) + zstandard(rest), gzipped(text) + std::string(512, '\0')}) {
    const Reading reading = read_histories_of(bytes);
    EXPECT_THAT(faults_of(reading), IsEmpty());
    ASSERT_EQ(reading.histories.size(), 1U);
    EXPECT_TRUE(told(reading.histories[0]) == expected);
  }
}

TEST(Compressed, DataThatEndTooEarlyAreARemarkDamagedOnesAFault) {
  for (const std::string& whole : {gzipped(long_history()), zstandard(long_history())}) {
    const Reading cut = read_histories_of(std::string_view(whole).substr(0, whole.size() / 2));
    EXPECT_TRUE(cut.sound());
    EXPECT_EQ(cut.cut_off, "the compressed data ends before its end");
    EXPECT_GT(cut.histories.at(0).operations.size(), 100U);
    std::string damaged = whole;
    for (std::size_t i = damaged.size() / 2; i < damaged.size() / 2 + 40; ++i) damaged[i] = '\x55';
    const Reading reading = read_histories_of(damaged);
    EXPECT_FALSE(reading.sound());
  }
}

}  // namespace
}  // namespace cacherace::verify::formats
