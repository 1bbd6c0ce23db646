// Completions and the manual, tried by those who read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Words = std::vector<std::string>;

constexpr const char* bash = "/bin/bash";

class Bash : public testing::Test {
 protected:
  // What bash offers for the last of the words, as it would split the line.
  Words complete(const Words& words) const {
    std::string line = "COMP_WORDS=(";
    for (const auto& word : words) line += " '" + word + "'";
    line += "); COMP_CWORD=" + std::to_string(words.size() - 1);
    const auto script = "cd '" + (folder / "") + "' && source '" + file + "' && " + line +
                        "; _cacherace; printf '%s\n' \"${COMPREPLY[@]}\"";
    const auto done = Process({bash, "--norc", "-c", script}).wait();
    EXPECT_EQ(done.err, "");
    std::istringstream lines(done.out);
    Words all;
    for (std::string one; std::getline(lines, one);) {
      if (!one.empty()) all.push_back(one);
    }
    return all;
  }

  Folder folder;
  std::string file = folder.file("completions.bash", cacherace({"completions", "bash"}).out);
};

TEST_F(Bash, TheScriptIsSound) {
  const auto read = Process({bash, "-n", file}).wait();
  EXPECT_EQ(read.status, 0) << read.err;
  EXPECT_EQ(read.err, "");
}

TEST_F(Bash, Commands) {
  EXPECT_THAT(complete({"cacherace", "ex"}), ElementsAre("explore", "explain"));
  EXPECT_THAT(complete({"cacherace", ""}), AllOf(Contains("run"), Contains("man"), Contains("completions")));
  EXPECT_THAT(complete({"cacherace", "--v"}), ElementsAre("--version"));
}

TEST_F(Bash, OptionsOfTheCommandAndNoOthers) {
  EXPECT_THAT(complete({"cacherace", "run", "x", "--only"}), ElementsAre("--only-run"));
  EXPECT_THAT(complete({"cacherace", "explore", "x", "--only"}), IsEmpty());
  EXPECT_THAT(complete({"cacherace", "explore", "--un"}), ElementsAre("--untimed"));
}

TEST_F(Bash, Values) {
  EXPECT_THAT(complete({"cacherace", "run", "--format", ""}),
              ElementsAre("table", "json", "markdown", "junit"));
  EXPECT_THAT(complete({"cacherace", "run", "--format", "=", "ju"}), ElementsAre("junit"));
  EXPECT_THAT(complete({"cacherace", "run", "--format", "="}), Contains("json"));
  EXPECT_THAT(complete({"cacherace", "run", "x", "--strategy", "delayed"}),
              Contains("delayed-double-delete"));
  EXPECT_THAT(complete({"cacherace", "list", "f"}), ElementsAre("faults", "formats"));
  EXPECT_THAT(complete({"cacherace", "explain", "write-then-del"}), ElementsAre("write-then-delete"));
  EXPECT_THAT(complete({"cacherace", "run", "--seed", ""}), IsEmpty());
}

TEST_F(Bash, ScenariosThatShipAndFiles) {
  const auto mine = folder.file("article of mine.json", "{}");
  const auto offered = complete({"cacherace", "run", "article"});
  EXPECT_THAT(offered, AllOf(Contains("article/late-reader"), Contains("article of mine.json")));
  EXPECT_THAT(complete({"cacherace", "check", "article"}), ElementsAre("article of mine.json"));
  EXPECT_THAT(complete({"cacherace", "run", "x", "--output", "article"}),
              ElementsAre("article of mine.json"));
}

TEST(Completions, OfEachShellKnowEachCommandAndOption) {
  const auto help = cacherace({"run", "--help"}).out;
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto script = cacherace({"completions", shell});
    EXPECT_EQ(script.status, 0);
    for (const std::string option : {"only-run", "save-baseline", "fail-on", "certificate", "skip-bad"})
      EXPECT_THAT(script.out, HasSubstr(option)) << shell;
    EXPECT_THAT(script.out, AllOf(HasSubstr("article/late-reader"), HasSubstr("delayed-double-delete")))
        << shell;
  }
  EXPECT_EQ(cacherace({"completions", "zhs"}).status, 2);
  EXPECT_THAT(cacherace({"completions", "zhs"}).err, HasSubstr("did you mean \"zsh\""));
}

TEST(Manual, IsRenderedWithoutAWarning) {
  const auto page = cacherace({"man"});
  EXPECT_EQ(page.status, 0);
  for (const char c : page.out) ASSERT_LT(static_cast<unsigned char>(c), 0x80U);
  if (!std::filesystem::exists("/usr/bin/groff")) GTEST_SKIP() << "no groff here";
  const Folder folder;
  const auto rendered =
      Process({"/usr/bin/groff", "-man", "-ww", "-Tutf8", "-P-cbou", folder.file("cacherace.1", page.out)})
          .wait();
  EXPECT_EQ(rendered.status, 0);
  EXPECT_EQ(rendered.err, "");
  EXPECT_THAT(rendered.out, AllOf(HasSubstr("EXIT STATUS"), HasSubstr("--save-baseline FILE"),
                                  HasSubstr("cacherace run side-by-side\n"), Not(HasSubstr("\\f"))));
}

}  // namespace
}  // namespace cacherace::tools
