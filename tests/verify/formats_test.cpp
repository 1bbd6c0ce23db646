// What the readers make of well-formed files, and how they find out which format a file has.
#include "tests/verify/formats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cacherace::verify::formats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string told_of(std::string_view text, const ReadOptions& options = {}) {
  const Reading reading = read_histories_of(text, options);
  EXPECT_THAT(faults_of(reading), IsEmpty());
  EXPECT_EQ(reading.histories.size(), 1U);
  return reading.histories.empty() ? "" : told(reading.histories.front());
}

TEST(JsonLines, HaveAnOperationALine) {
  EXPECT_EQ(
      told_of(R"({"client": 3, "op": "write", "key": "k0", "value": 7, "start": 5, "end": 9, "outcome": "ok"}
{"outcome":"ok","end":20,"start":12,"value":null,"key":"k\u00e4\"1","op":"read","client":"web-1"}

{"client": 3, "op": "cas", "key": "k0", "value": 8, "from": 7, "start": 12, "end": null, "outcome":"unknown"}
{"client": 4, "op": "cas", "key": "k0", "value": -1, "from": "a", "start": 13, "outcome": "fail"}
)"),
      "write k0 = 7 by 3 5-9 ok\n"
      "read kä\"1 = nil by web-1 12-20 ok\n"
      "cas k0 = 7 -> 8 by 3 12-… unknown\n"
      "cas k0 = a -> -1 by 4 13-… fail\n");
}

TEST(JsonLines, OfOtherRunsAndStrategiesAreHistoriesOfTheirOwn) {
  const std::string line =
      R"({"client": 0, "op": "write", "key": "k", "value": 1, "start": 1, "end": 2, "outcome": "ok")";
  const Reading reading = read_histories_of(line + R"(, "strategy": "a", "run": 0})" + "\n" + line +
                                            R"(, "strategy": "b", "run": 0})" + "\n" + line +
                                            R"(, "strategy": "a", "run": 1})" + "\n" + line + "}\n");
  EXPECT_THAT(faults_of(reading), IsEmpty());
  ASSERT_EQ(reading.histories.size(), 4U);
  EXPECT_EQ(reading.histories[2].strategy, "a");
  EXPECT_EQ(reading.histories[2].run, 1);
  EXPECT_EQ(reading.histories[3].strategy, "");
  EXPECT_EQ(reading.histories[3].run, -1);
}

TEST(JsonLines, StandInTheOrderOfInvocationWhateverThatOfTheLines) {
  EXPECT_EQ(
      told_of(R"({"client": 1, "op": "read", "key": "k", "value": 1, "start": 30, "end": 31, "outcome": "ok"}
{"client": 2, "op": "write", "key": "k", "value": 1, "start": 10, "end": 20, "outcome": "ok"}
{"client": 1, "op": "read", "key": "k", "value": 0, "start": 20, "end": 30, "outcome": "ok"}
)"),
      "write k = 1 by 2 10-20 ok\n"
      "read k = 0 by 1 20-30 ok\n"
      "read k = 1 by 1 30-31 ok\n");
}

TEST(JsonLines, KeepWhatIsANumberApartFromWhatLooksLikeOne) {
  const Reading reading = read_histories_of(
      R"({"client": 1, "op": "write", "key": "k", "value": 5000000000, "start": 1, "end": 2, "outcome": "ok"}
{"client": 1, "op": "read", "key": "k", "value": "5000000000", "start": 3, "end": 4, "outcome": "ok"}
{"client": 1, "op": "read", "key": "k", "value": 5000000000, "start": 5, "end": 6, "outcome": "ok"}
)");
  ASSERT_EQ(reading.histories.size(), 1U);
  const auto& operations = reading.histories[0].operations;
  EXPECT_NE(operations[0].value, operations[1].value);
  EXPECT_EQ(operations[0].value, operations[2].value);
}

TEST(Csv, HasTheNamesOfJsonLinesInItsHeader) {
  EXPECT_EQ(told_of("op,client,key,value,start,end,outcome,from\r\n"
                    "write,3,k0,7,5,9,ok,\r\n"
                    "read,\"w,\"\"1\",k0,,12,20,ok,\r\n"
                    "cas,3,k0,8,12,,unknown,7\r\n"),
            "write k0 = 7 by 3 5-9 ok\n"
            "read k0 = nil by w,\"1 12-20 ok\n"
            "cas k0 = 7 -> 8 by 3 12-… unknown\n");
}

TEST(Edn, MayBeAVectorAListOrMapsBehindOneAnother) {
  const std::string_view maps = R"({:type :invoke, :f :write, :process 0, :value 1, :index 0, :time 10}
 ; a remark
 #jepsen.history.Op{:process 1 :f :read, :value nil :type :invoke, :extra {:a [1 #{2}]} :time 12}
 #_{:type :broken}
 {:type :ok :process 1, :f :read, :value 1, :error nil, :jepsen.client/node "n1", #_ :gone :time 15}
 {:type :info, :f :start, :process :nemesis, :value "part (one"}
 {:type :ok, :f :write, :process 0, :value 1, :time 20})";
  const std::string_view expected =
      "write  = 1 by 0 1-4 (10-20) ok\n"
      "read  = 1 by 1 2-3 (12-15) ok\n";
  EXPECT_EQ(told_of(maps), expected);
  EXPECT_EQ(told_of("[" + std::string(maps) + "]"), expected);
  EXPECT_EQ(told_of("(" + std::string(maps) + ")\n"), expected);
  EXPECT_EQ(told_of(maps, {.order = Order::time}),
            "write  = 1 by 0 10-20 ok\n"
            "read  = 1 by 1 12-15 ok\n");
}

TEST(Edn, HasIndependentKeysInItsValues) {
  EXPECT_EQ(told_of(R"({:type :invoke, :f :write, :process 0, :value [:x 1]}
{:type :ok, :f :write, :process 0, :value [:x 1]}
{:type :invoke, :f :cas, :process 0, :value [5 [1 2]]}
{:type :info, :f :cas, :process 0, :value [5 [1 2]], :error :timeout}
{:type :invoke, :f :read, :process 0, :value [5 nil]}
{:type :ok, :f :read, :process 0, :value [5 "a"]})"),
            "write :x = 1 by 0 1-2 ok\n"
            "cas 5 = 1 -> 2 by 0 3-… unknown\n"
            "read 5 = a by 0 5-6 ok\n");
}

TEST(Edn, LeavesOpenWhatHasNoOutcome) {
  EXPECT_EQ(told_of(R"([{:type :invoke, :f :write, :process 0, :value 1}
 {:type :invoke, :f :read, :process 1, :value nil}
 {:type :info, :f :write, :process 0, :value 1}
 {:type :invoke, :f :write, :process 0, :value 2}
 {:type :fail, :f :write, :process 0, :value 2}])"),
            "write  = 1 by 0 1-… unknown\n"
            "read  = nil by 1 2-… unknown\n"
            "write  = 2 by 0 4-5 fail\n");
}

TEST(JepsenLog, HasColumnsApartByTabsOrSpaces) {
  EXPECT_EQ(told_of("INFO  jepsen.core - Worker 1 starting\n"
                    "INFO  jepsen.util - 1\t:invoke\t:write\t4\n"
                    "INFO  jepsen.util - 12  :invoke :cas   [4 0]\n"
                    "INFO  jepsen.util - :nemesis\t:info\t:start\tnil\n"
                    "INFO  jepsen.util - 1\t:ok\t:write\t4\n"
                    "INFO  jepsen.util - 12\t:info\t:cas\t:timed-out\n"
                    "2019-11-01 12:34:56,789 INFO [w 2] jepsen.util: 2 :invoke :read nil\n"
                    "INFO  jepsen.util - 2\t:ok\t:read\tnil"),
            "write  = 4 by 1 1-3 ok\n"
            "cas  = 4 -> 0 by 12 2-… unknown\n"
            "read  = nil by 2 5-6 ok\n");
}

TEST(Porcupine, HasTextsByKey) {
  EXPECT_EQ(told_of(R"({:process 0, :type :invoke, :f :append, :key "a", :value "x\n1"}
{:process 1, :type :invoke, :f :get, :key "a", :value nil}
{:process 0, :type :ok, :f :append, :key "a", :value "x\n1"}
{:process 1, :type :ok, :f :get, :key "a", :value ""}
{:process 1, :type :invoke, :f :put, :key "b", :value "7"}
{:process 1, :type :ok, :f :put, :key "b", :value "7"})"),
            "append a = x\n1 by 0 1-3 ok\n"
            "read a =  by 1 2-4 ok\n"
            "write b = 7 by 1 5-6 ok\n");
}

TEST(Formats, AreRecognisedByTheirContent) {
  const auto format = [](std::string_view text) { return read_histories_of(text).format; };
  EXPECT_EQ(format("\xef\xbb\xbf\n {\"client\": 1}"), Format::json_lines);
  EXPECT_EQ(format("; remark\n({:type :invoke})"), Format::edn);
  EXPECT_EQ(format("{:type :invoke, :f :read}"), Format::edn);
  EXPECT_EQ(format("{:process 0, :type :invoke, :f :get, :key 1}"), Format::porcupine);
  EXPECT_EQ(format("key,op,client,start\n"), Format::csv);
  EXPECT_EQ(format("INFO  jepsen.util - 1\t:invoke\t:read\tnil\n"), Format::jepsen_log);
  EXPECT_EQ(read_histories_of("client,op,key\n", {.format = Format::edn}).format, Format::edn);
}

TEST(Formats, SayByThemselvesWhatOthersSayOtherwise) {
  const auto history = [](std::string_view text, const ReadOptions& options = {}) {
    return read_histories_of(text, options).histories.at(0);
  };
  const std::string_view json =
      R"({"client": 1, "op": "read", "key": "k", "value": null, "start": 1, "end": 2, "outcome": "ok"})";
  EXPECT_EQ(history(json).initial, 0U);
  EXPECT_EQ(history(json).nil_reads, NilRead::initial);
  EXPECT_EQ(history(json, {.initial = "5"}).initial, 5U);
  EXPECT_EQ(history(json, {.initial = "5"}).nil_reads, NilRead::absent);
  EXPECT_EQ(history(json, {.nil_reads = NilRead::wildcard}).nil_reads, NilRead::wildcard);
  EXPECT_EQ(history(json).failed_cas, FailedCas::nothing);
  EXPECT_TRUE(history(json).timed);

  const auto edn = history("{:type :invoke, :f :read, :process 0}");
  EXPECT_EQ(edn.initial, 0U);
  EXPECT_EQ(edn.nil_reads, NilRead::wildcard);
  EXPECT_FALSE(edn.timed);

  const auto log = history("x 1 :invoke :read nil");
  EXPECT_EQ(log.initial, History::nothing);
  EXPECT_EQ(log.nil_reads, NilRead::absent);
  EXPECT_EQ(log.failed_cas, FailedCas::mismatch);
  EXPECT_FALSE(log.timed);

  const auto text = history("{:type :invoke, :f :get, :process 0, :key 1}");
  EXPECT_EQ(text.object, Object::text);
  EXPECT_EQ(text.texts.at(text.initial - History::first_text), "");
}

}  // namespace
}  // namespace cacherace::verify::formats
