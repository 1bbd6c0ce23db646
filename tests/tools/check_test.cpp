// cacherace check: what it prints, writes and returns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "process.hpp"

namespace cacherace::tools {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string line(int client, const std::string& op, int value, int start, int end) {
  return R"({"client": )" + std::to_string(client) + R"(, "op": ")" + op + R"(", "key": "k<0>", "value": )" +
         std::to_string(value) + R"(, "start": )" + std::to_string(start) + R"(, "end": )" +
         std::to_string(end) + R"(, "outcome": "ok"})" + "\n";
}

const std::string good = line(1, "write", 1, 1'000'000, 2'000'000) + line(2, "read", 1, 3'000'000, 4'000'000);
const std::string stale =
    line(1, "write", 1, 1'000'000, 2'000'000) + line(2, "read", 0, 3'000'000, 4'000'000);

TEST(Check, TellsTheVerdictTheContradictionAndWhatItMeans) {
  const Folder folder;
  const auto result = cacherace({"check", folder.file("h.jsonl", stale)});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out,
              HasSubstr("h.jsonl: NOT LINEARIZABLE\n  json-lines, 2 operations, 1 key, 2 clients\n"));
  EXPECT_THAT(result.out,
              HasSubstr("  key k<0>: 2 operations that contradict each other (✗: the first that nothing "
                        "explains)\n"
                        "  client 1: write k<0> = 1  ├───────┤                  1.000000–2.000000 ms\n"
                        "✗ client 2: read k<0> -> 0                  ├───────┤  3.000000–4.000000 ms\n"
                        "  Client 2 read 0, although the write of 1, which is newer, had returned (1 ms "
                        "before).\n"));
  EXPECT_EQ(cacherace({"check", folder.file("g.jsonl", good)}).status, 0);
}

TEST(Check, PrintsADocumentThatItsSchemaHolds) {
  const Folder folder;
  const std::string log =
      "INFO  jepsen.util - 1\t:invoke\t:write\t1\nINFO  jepsen.util - 1\t:ok\t:write\t1\n"
      "INFO  jepsen.util - 2\t:invoke\t:read\tnil\nINFO  jepsen.util - 2\t:ok\t:read\t7";
  const auto result = cacherace({"check", folder.file("s.jsonl", stale), folder.file("g.jsonl", good),
                                 folder.file("l.log", log), "--format", "json"});
  EXPECT_EQ(result.status, 1);
  const auto document = json::parse(result.out);
  ASSERT_EQ(document["histories"].size(), 3U);
  const auto& first = document["histories"][0];
  EXPECT_EQ(first["linearizable"], false);
  EXPECT_EQ(first["violations"][0]["kind"], "nonlinearizable");
  EXPECT_EQ(first["violations"][0]["operations"][1]["value"], 0);
  EXPECT_EQ(first["violations"][1]["kind"], "stale_read");
  EXPECT_EQ(first["reads"]["max_age_ns"], 1'000'000);
  EXPECT_EQ(first["reads"]["stale"], 1);
  EXPECT_EQ(document["scenario"], nullptr);
  EXPECT_EQ(document["histories"][1]["linearizable"], true);
  EXPECT_EQ(document["histories"][2]["format"], "jepsen-log");
  EXPECT_EQ(document["histories"][2]["delta_ns"], nullptr);
  EXPECT_TRUE(fits_schema("check", result.out));
}

TEST(Check, OfSeveralHistoriesTheWorstDecides) {
  const Folder folder;
  const auto g = folder.file("g.jsonl", good);
  const auto s = folder.file("s.jsonl", stale);
  const auto missing = cacherace({"check", g, folder / "none.jsonl"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.jsonl: No such file or directory"));
  EXPECT_EQ(missing.out, "");
  EXPECT_EQ(cacherace({"check", g, s}).status, 1);
  const auto stopped = cacherace({"check", g, s, "--time-limit", "1ns", "--format", "json"});
  EXPECT_EQ(stopped.status, 3);
  EXPECT_EQ(json::parse(stopped.out)["complete"], false);
}

TEST(Check, TellsFaultsWithTheirPlacesAndLeavesThemOutIfAsked) {
  const Folder folder;
  const auto file = folder.file("h.jsonl", good + "{\"client\": }\n");
  const auto refused = cacherace({"check", file});
  EXPECT_EQ(refused.status, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "cacherace: " + file +
                             ":3:12: expected a text in quotes, a number or null\ncacherace: " + file +
                             ": nothing was judged; --skip-bad leaves out what is malformed\n");
  const auto skipped = cacherace({"check", file, "--skip-bad", "--format", "json"});
  EXPECT_EQ(skipped.status, 0);
  EXPECT_THAT(skipped.err, HasSubstr("1 malformed entry left out"));
  EXPECT_EQ(json::parse(skipped.out)["histories"][0]["skipped"], 1);
  const auto cut = cacherace({"check", folder.file("c.jsonl", good + "{\"client\": 1, ")});
  EXPECT_EQ(cut.status, 0);
  EXPECT_THAT(cut.err, HasSubstr("line 3, the last, is cut off in its middle; it was left out"));
}

TEST(Check, RefusesAFileWithoutASingleOperation) {
  const Folder folder;
  const std::string nemesis = "{:process :nemesis, :type :info, :f :start, :value nil}\n";
  const std::string header = "client,op,key,value,start,end,outcome\n";
  const std::string zipped = folder / "cut.jsonl.gz";
  const std::string zip = "gzip -c '" + folder.file("g.jsonl", good) + "' | head -c 20 > '" + zipped + "'";
  ASSERT_EQ(std::system(zip.c_str()), 0);
  for (const auto& file :
       {folder.file("e.edn", "[]"), folder.file("n.edn", nemesis), folder.file("h.csv", header),
        folder.file("c.jsonl", "{\"client\": 1, "), folder.file("b.jsonl", "{\"client\": }\n"), zipped}) {
    const auto result = cacherace({"check", file, "--skip-bad", "--quiet"});
    EXPECT_EQ(result.status, 2) << file;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "cacherace: " + file + ": no operations to judge\n");
  }
}

TEST(Check, CountsStaleReadsAndThoseThatOnlyOthersReadsShow) {
  const Folder folder;
  // The write of 1 is under way all along; client 2 has read it, then client 3 reads 0.
  const auto file =
      folder.file("h.jsonl", line(1, "write", 1, 1, 9) + line(2, "read", 1, 2, 3) + line(3, "read", 0, 5, 6));
  const auto document = json::parse(cacherace({"check", file, "--format", "json"}).out);
  const auto& reads = document["histories"][0]["reads"];
  EXPECT_EQ(reads["stale"], 0);
  EXPECT_EQ(reads["certainly_old"], 1);
  EXPECT_EQ(reads["inversions"], 1);
  EXPECT_EQ(reads["max_age_ns"], 2);
}

TEST(Check, SaysNothingOfReadsThatWereNotMeasured) {
  const Folder folder;
  const std::string repeated = line(1, "write", 1, 1, 2) + line(1, "write", 1, 3, 4);
  const auto none =
      cacherace({"check", folder.file("n.jsonl", repeated + line(2, "read", 7, 5, 6)), "--format", "json"});
  EXPECT_EQ(none.status, 1);
  EXPECT_TRUE(fits_schema("check", none.out));
  const auto document = json::parse(none.out);
  const auto& history = document["histories"][0];
  EXPECT_EQ(history["measured_keys"], 0);
  EXPECT_EQ(history["k"], json({{"low", 2}, {"high", nullptr}}));
  for (const auto& figure : history["reads"]) EXPECT_EQ(figure, nullptr);
  std::string other = line(3, "write", 1, 1, 2) + line(4, "read", 0, 3, 4);
  for (auto at = other.find("k<0>"); at != std::string::npos; at = other.find("k<0>")) other[at] = 'j';
  const auto some = cacherace({"check", folder.file("s.jsonl", repeated + other)});
  EXPECT_THAT(some.out, HasSubstr("certainly old 1 of 1 read, of 1 of 2 keys; age"));
}

TEST(Check, WhatNobodyWroteIsUnknownWhereEntriesWereLeftOut) {
  const Folder folder;
  const std::string unwritten = line(1, "write", 1, 1, 2) + line(2, "read", 7, 3, 4);
  const std::string cut = "{\"client\": 1, ";
  const std::string words = "which nobody wrote, unless its write is among the entries left out.";
  EXPECT_EQ(cacherace({"check", folder.file("w.jsonl", unwritten)}).status, 1);
  const auto table = cacherace({"check", folder.file("u.jsonl", unwritten + cut)});
  EXPECT_EQ(table.status, 3);
  EXPECT_THAT(table.out, HasSubstr("Why: Client 2 read 7, " + words));
  EXPECT_THAT(table.out, testing::Not(HasSubstr("Next:")));
  for (const std::string format : {"markdown", "junit"}) {
    EXPECT_THAT(cacherace({"check", folder / "u.jsonl", "--format", format}).out, HasSubstr(words));
  }
  const auto document = cacherace({"check", folder / "u.jsonl", "--format", "json"});
  EXPECT_TRUE(fits_schema("check", document.out));
  EXPECT_EQ(json::parse(document.out)["histories"][0]["linearizable"], nullptr);
  EXPECT_EQ(json::parse(document.out)["histories"][0]["undecided"], "left_out");
  // Repeated values are judged by search; it is the same there.
  const auto searched = folder.file("r.jsonl", line(3, "write", 1, 1, 2) + unwritten + "{\"client\": }\n");
  EXPECT_EQ(cacherace({"check", searched, "--skip-bad"}).status, 3);
  // What else is wrong stays wrong, and is what is told.
  const auto worse = cacherace({"check", folder.file("v.jsonl", unwritten + line(2, "read", 0, 5, 6) + cut)});
  EXPECT_EQ(worse.status, 1);
  EXPECT_THAT(worse.out, HasSubstr("Client 2 read 0, although the write of 1, which is newer, had returned"));
}

TEST(Check, ReadsStandardInputAndCompressedFiles) {
  const Folder folder;
  const auto file = folder.file("h.jsonl", stale);
  const std::string command = std::string("'") + CACHERACE_COMMAND + "' check - --format json";
  const auto run = [&](const std::string& shell) {
    return std::system((shell + " >'" + (folder / "out") + "' 2>'" + (folder / "err") + "'").c_str());
  };
  EXPECT_EQ(WEXITSTATUS(run(command + " < '" + file + "'")), 1);
  EXPECT_EQ(json::parse(text_of(folder / "out"))["histories"][0]["file"], "-");
  const std::string table = std::string("'") + CACHERACE_COMMAND + "' check -";
  EXPECT_EQ(WEXITSTATUS(run(table + " < '" + file + "'")), 1);
  EXPECT_THAT(text_of(folder / "out"), testing::Not(HasSubstr("Next:")));
  EXPECT_EQ(WEXITSTATUS(run("gzip -c '" + file + "' | " + command)), 1);
  EXPECT_EQ(json::parse(text_of(folder / "out"))["histories"][0]["operations"], 2);
}

// Nothing more comes through the pipe, and it is not closed: at its first byte, in a line, behind one.
TEST(Check, StopsWhileAPipeIsSilent) {
  for (const std::string& text : {std::string("{"), line(1, "write", 1, 1, 2).substr(0, 40), good}) {
    const Pipe pipe;
    Process process({CACHERACE_COMMAND, "check", "-", "--format", "json"}, {}, pipe.input());
    pipe.write(text);
    process.signal(SIGINT);
    const auto stopped = process.wait();
    EXPECT_EQ(stopped.status, 3) << text;
    EXPECT_EQ(stopped.err, "cacherace: interrupted; the result is of what was finished\n");
    EXPECT_EQ(json::parse(stopped.out)["complete"], false);
  }
  const Pipe pipe;
  Process process({CACHERACE_COMMAND, "check", "-", "--time-limit", "50ms"}, {}, pipe.input());
  const auto stopped = process.wait();
  EXPECT_EQ(stopped.status, 3);
  EXPECT_EQ(stopped.err, "cacherace: --time-limit: the time is over; the result is of what was finished\n");
}

// What comes little by little is read as it comes.
TEST(Check, ReadsAPipeThatIsSlow) {
  Finished finished;
  {
    auto pipe = std::make_optional<Pipe>();
    Process process({CACHERACE_COMMAND, "check", "-"}, {}, pipe->input());
    for (std::size_t at = 0; at < stale.size(); at += 7) pipe->write(stale.substr(at, 7));
    pipe.reset();
    finished = process.wait();
  }
  EXPECT_EQ(finished.status, 1);
  EXPECT_THAT(finished.out, HasSubstr("json-lines, 2 operations"));
}

TEST(Check, WritesJUnitMarkdownAndADrawingWithTextsEscaped) {
  const Folder folder;
  const auto file = folder.file("h.jsonl", stale + line(2, "write", 2, 5'000'000, 6'000'000));
  const auto junit = cacherace({"check", file, "--format", "junit", "--svg", folder / "v.svg"});
  EXPECT_EQ(junit.status, 1);
  EXPECT_THAT(junit.out, HasSubstr(R"( tests="1" failures="1" errors="0" skipped="0">)"));
  EXPECT_THAT(junit.out, HasSubstr(R"(name="k&lt;0&gt;")"));
  const auto svg = text_of(folder / "v.svg");
  EXPECT_THAT(svg, HasSubstr("<title id=\"t\">"));
  EXPECT_THAT(svg, HasSubstr("client 2: read k&lt;0&gt; -&gt; 0, 3 ms to 4 ms"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
  for (const auto& document : {junit.out, svg}) {
    const std::string parse = std::string(CACHERACE_PYTHON) +
                              " -c \"import sys, xml.dom.minidom as m; m.parse(sys.argv[1])\" '" +
                              folder.file("x.xml", document) + "'";
    EXPECT_EQ(std::system(parse.c_str()), 0);
  }
  const auto markdown = cacherace({"check", file, "--format", "markdown"});
  EXPECT_THAT(markdown.out, HasSubstr("| 3 | 1 | **not linearizable** |\n"));
  EXPECT_THAT(markdown.out, HasSubstr("```\n  client 1: write k<0> = 1"));
}

TEST(Check, RefusesOptionsThatDoNotFit) {
  const Folder folder;
  const auto file = folder.file("g.jsonl", good);
  EXPECT_EQ(cacherace({"check"}).status, 2);
  EXPECT_EQ(cacherace({"check", file, "--nil-reads", "wild"}).err,
            "cacherace: --nil-reads: unknown \"wild\"; did you mean \"wildcard\"?\n");
  EXPECT_EQ(cacherace({"check", "-", "-"}).status, 2);
  EXPECT_EQ(cacherace({"check", file, "--order", "index"}).status, 2);
  EXPECT_EQ(cacherace({"check", file, "--output", file}).status, 2);
  EXPECT_EQ(cacherace({"check", file, "--initial", "5", "--nil-reads", "absent"}).status, 0);
  EXPECT_EQ(cacherace({"check", folder.file("s.jsonl", stale), "--initial", "1"}).status, 1);
}

TEST(Check, AgreesWithTheFigureOfTheRunThatWroteTheHistory) {
  for (const std::string scenario : {"article/delete-first", "causes/late-fill", "causes/replica-lag"}) {
    const Folder folder;
    const auto run = cacherace(
        {"run", scenario, "--runs", "300", "--history", folder / "h.jsonl", "--format", "json", "--quiet"});
    if (run.status == 2) continue;
    const auto checked = cacherace({"check", folder / "h.jsonl", "--format", "json"});
    std::map<std::string, int> bad;
    const auto document = json::parse(checked.out);
    for (const auto& history : document["histories"]) {
      bad[history["strategy"]] += history["linearizable"] == false ? 1 : 0;
    }
    const auto result = json::parse(run.out);
    for (const auto& strategy : result["strategies"]) {
      EXPECT_EQ(bad[strategy["strategy"]], strategy["linearizability"]["violating_runs"]) << scenario;
    }
  }
}

}  // namespace
}  // namespace cacherace::tools
