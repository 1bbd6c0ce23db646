// The page of --report: what is committed is what its sources give, and it works in a browser. Visibly
// skipped where Node.js, its packages or Chromium are not to be had.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/sanitized.hpp"
#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

constexpr int not_to_be_had = 77;

// What scripts/page.sh says; empty: all is well. Skips where it cannot be run.
int run_page(const std::string& arguments, const Folder& folder) {
  const std::string command = "'" CACHERACE_SOURCE_DIR "/scripts/page.sh' '" CACHERACE_BUILD_DIR "/page' " +
                              arguments + " >'" + (folder / "said") + "' 2>&1 </dev/null";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Page, IsWhatItsSourcesGive) {
  const Folder folder;
  const int status = run_page("build '" + (folder / "page.html") + "'", folder);
  if (status == not_to_be_had) GTEST_SKIP() << text_of(folder / "said");
  ASSERT_EQ(status, 0) << text_of(folder / "said");
  EXPECT_TRUE(text_of(folder / "page.html") == text_of(CACHERACE_SOURCE_DIR "/reports/page/report.html"))
      << "build it again: npm ci && npm run build, in reports/page";
}

TEST(Page, HasSoundTypes) {
  const Folder folder;
  const int status = run_page("types", folder);
  if (status == not_to_be_had) GTEST_SKIP() << text_of(folder / "said");
  EXPECT_EQ(status, 0) << text_of(folder / "said");
}

std::string hostile_name() {
  return R"(</script><script>alert(1)</script> \"quoted\" & 'so' 😀 שלום עולם )" + std::string(10'000, 'n');
}

// A race between clients whose names are made to break a page.
std::string hostile_scenario() {
  return R"({"name": ")" + hostile_name() + R"(", "keys": {"cached": false}, "runs": 50,
    "redis": {"latency": {"uniform": ["1ms", "9ms"]}}, "mysql": {"latency": {"uniform": ["1ms", "9ms"]}},
    "clients": [{"name": ")" +
         hostile_name() + R"( r", "do": ["read"]}, {"name": ")" + hostile_name() + R"( w", "do": ["write"]}],
    "strategies": ["write-then-delete", "write-then-update"],
    "limits": {"time": "1h"}})";
}

// A value of an axis, which commas would end.
std::string hostile_value() {
  return R"(</script><b onclick=alert(1)>& 'so' 😀 שלום )" + std::string(10'000, 'v');
}

// Its first violation is in a run of too many steps to draw.
std::string long_scenario() {
  return R"({"name": "long", "redis": {"latency": "1ms"}, "mysql": {"latency": "1ms"}, "runs": 1,
    "clients": [{"name": "w", "do": ["write"], "repeat": 4000},
                {"name": "r", "do": ["read"], "repeat": 4000}],
    "strategies": ["ttl-only"]})";
}

std::string line(const std::string& client, int value, int start, int end) {
  return R"({"client": ")" + client + R"(", "op": ")" + (start == 1 ? "write" : "read") +
         R"(", "key": "k<0>", "value": )" + std::to_string(value) + R"(, "start": )" +
         std::to_string(start * 1'000'000) + R"(, "end": )" + std::to_string(end * 1'000'000) +
         R"(, "outcome": "ok"})" + "\n";
}

std::string hostile_history() {
  return line(hostile_name(), 1, 1, 2) + line("b", 0, 3, 4) + line(hostile_name() + " r", 1, 3, 5);
}

TEST(Page, WorksInABrowser) {
  if (support::sanitized)
    GTEST_SKIP() << "the browser sees the same page of every build; it is opened without";
  const Folder folder;
  std::string reports;
  const auto report = [&](const std::string& name, std::vector<std::string> arguments) {
    const std::string place = folder / name;
    std::filesystem::create_directory(place);
    arguments.insert(arguments.end(), {"--quiet", "--report", place, "--format", "json", "--output",
                                       place + "/document.json"});
    const auto done = cacherace(arguments);
    ASSERT_TRUE(std::filesystem::exists(place + "/index.html")) << name << ": " << done.err;
    reports += " '" + place + "/index.html'";
  };
  report("late-fill", {"run", "causes/late-fill", "--runs", "200"});
  report("side-by-side", {"run", "article/side-by-side", "--runs", "50"});
  report("queue", {"run", "article/queue-loses", "--runs", "50"});
  report("every-order", {"explore", "article/every-order"});
  report("untimed", {"explore", "article/late-reader-replica", "--untimed"});
  report("tune", {"tune", "article/late-reader-replica", "--exact"});
  report("tune-risk", {"tune", "article/late-reader", "--risk", "0.01"});
  report("tune-rare", {"tune", "article/late-reader-replica", "--risk", "1e-9"});
  report("tune-safe", {"tune", "article/late-reader", "--exact", "--range", "1s..2s"});
  report("matrix", {"matrix", "field/all", "--clients", "1w2r", "--strategy", "lease", "--strategy",
                    "write-then-delete", "--strategy", "binlog-delete"});
  const std::string bad = folder.file("bad.jsonl", hostile_history());
  const std::string good = folder.file("good.jsonl", line("a", 1, 1, 2) + line("b", 1, 3, 4));
  report("check", {"check", bad});
  report("check-many", {"check", good, bad});
  const std::string hostile = folder.file("hostile.json", hostile_scenario());
  report("sweep", {"run", "causes/late-fill", "--runs", "200", "--sweep", "redis.ttl=1s,10s,1min"});
  report("sweep-map", {"run", "article/side-by-side", "--runs", "20", "--sweep", "redis.ttl=1s,10s",
                       "--sweep", "mysql.service.update=0ms,1ms,4ms,16ms"});
  report("sweep-three",
         {"run", "causes/late-fill", "--runs", "20", "--sweep", "redis.ttl=1s,10s", "--sweep",
          "mysql.service.update=0ms,4ms", "--sweep", "clients.reader.count=1,40", "--figure", "reads.total"});
  report("hostile-sweep",
         {"run", hostile, "--sweep", "clients.0.name=a," + hostile_value(), "--sweep", "redis.ttl=1s,2s"});
  report("hostile-line", {"run", hostile, "--sweep", "clients.0.name=a," + hostile_value()});
  report("too-long", {"run", folder.file("long.json", long_scenario())});
  report("hostile-run", {"run", hostile});
  report("hostile-explore", {"explore", hostile});
  const int status = run_page("browser" + reports, folder);
  if (status == not_to_be_had) GTEST_SKIP() << text_of(folder / "said");
  EXPECT_EQ(status, 0) << text_of(folder / "said");
}

}  // namespace
}  // namespace cacherace::tools
