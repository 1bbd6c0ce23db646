// --report writes a page for a browser: whole, into a folder of its own or one that is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Report, IsOneFileInAFolderThatIsMadeForIt) {
  const Folder folder;
  const auto done =
      cacherace({"run", "causes/late-fill", "--runs", "200", "--quiet", "--report", folder / "new/"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("late fill: 200 runs"));
  EXPECT_THAT(folder.names(), ElementsAre("new"));
  const std::string page = text_of(folder / "new/index.html");
  EXPECT_THAT(page, HasSubstr("SET k0 = v0 (late fill)"));
  EXPECT_EQ(page.substr(0, 15), "<!doctype html>");
  EXPECT_EQ(page.substr(page.size() - 8), "</html>\n");
}

TEST(Report, LeavesOtherFilesOfItsFolderAlone) {
  const Folder folder;
  EXPECT_EQ(folder.file("index.html", "old"), folder / "index.html");
  EXPECT_EQ(folder.file("notes.txt", "kept"), folder / "notes.txt");
  const auto done = cacherace({"explore", "article/late-reader", "--quiet", "--report", folder / ""});
  EXPECT_NE(done.status, 2) << done.err;
  EXPECT_THAT(folder.names(), UnorderedElementsAre("index.html", "notes.txt"));
  EXPECT_EQ(text_of(folder / "notes.txt"), "kept");
  EXPECT_THAT(text_of(folder / "index.html"), HasSubstr("\"command\":\"explore\""));
}

TEST(Report, IsTheSameOnAnyNumberOfThreads) {
  const Folder folder;
  for (const auto* jobs : {"1", "3"}) {
    cacherace(
        {"run", "causes/late-fill", "--runs", "300", "--quiet", "--jobs", jobs, "--report", folder / jobs});
  }
  EXPECT_EQ(text_of(folder / "1/index.html"), text_of(folder / "3/index.html"));
}

TEST(Report, SaysWhichFolderCannotBeUsedBeforeAnythingIsRun) {
  const Folder folder;
  const std::string file = folder.file("file", "text");
  const auto complaint = [&](const std::string& report) {
    const auto done = cacherace({"run", "causes/late-fill", "--runs", "1", "--report", report});
    EXPECT_EQ(done.status, 2);
    EXPECT_THAT(done.out, IsEmpty());
    return done.err;
  };
  EXPECT_EQ(complaint(file),
            "cacherace: --report: " + file + ": Not a directory; the page is a file in a folder\n");
  EXPECT_EQ(complaint(folder / "no/such"),
            "cacherace: --report: " + (folder / "no") + ": No such file or directory\n");
  EXPECT_EQ(complaint(""), "cacherace: --report: a folder needs a name\n");
  EXPECT_THAT(folder.names(), ElementsAre("file"));
}

TEST(Report, AndAnotherOutputNeedFilesOfTheirOwn) {
  const Folder folder;
  const std::string page = folder.file("index.html", "old");
  const auto done =
      cacherace({"run", "causes/late-fill", "--runs", "1", "--report", folder / "", "--output", page});
  EXPECT_EQ(done.status, 2);
  EXPECT_THAT(done.err, HasSubstr("--output"));
  EXPECT_EQ(text_of(page), "old");
}

}  // namespace
}  // namespace cacherace::tools
