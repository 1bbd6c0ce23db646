// Every command of the lessons, run as it stands: what it prints is what the page says. A block of `console`
// holds commands behind "$ " and their output; "<!-- picture: COMMAND -->" stands before a diagram that
// COMMAND draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/tools/process.hpp"

namespace cacherace::tools {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const std::string folder_of_lessons = std::string(CACHERACE_SOURCE_DIR) + "/docs/lessons";

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

// One page, its commands run in one folder, in which `cacherace` is the command that was built.
class Page {
 public:
  explicit Page(Lines lines) : lines_(std::move(lines)) {
    fs::create_symlink(CACHERACE_COMMAND, folder_ / "cacherace");
  }

  // The page with all output as it is now.
  Lines rewritten() {
    Lines page;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      page.push_back(lines_[at]);
      if (lines_[at] == "```console") at = rewrite_console(at + 1, page);
      if (lines_[at].starts_with(picture_begin)) at = rewrite_picture(at, page);
    }
    return page;
  }

  [[nodiscard]] std::size_t commands() const { return commands_; }

 private:
  static constexpr std::string_view picture_begin = "<!-- picture: ";

  std::string output_of(const std::string& command) {
    ++commands_;
    const auto finished = Process({"/bin/sh", "-c", "cd '" + (folder_ / ".") + "' && " + command},
                                  {{"PATH", (folder_ / ".") + ":/usr/bin:/bin"}, {"NO_COLOR", "1"}})
                              .wait();
    EXPECT_LE(finished.status, 1) << command << "\n" << finished.err;
    return finished.out;
  }

  std::size_t end_of_block(std::size_t at) const {
    while (at < lines_.size() && lines_[at] != "```") ++at;
    return at;
  }

  // Its commands, each with its output. Gives the place of the block's last line.
  std::size_t rewrite_console(std::size_t at, Lines& page) {
    const std::size_t end = end_of_block(at);
    for (; at < end; ++at) {
      if (!lines_[at].starts_with("$ ")) continue;
      page.push_back(lines_[at]);
      for (auto& line : lines_of(output_of(lines_[at].substr(2)))) page.push_back(std::move(line));
    }
    page.push_back("```");
    return end;
  }

  // The first diagram that the command draws.
  std::size_t rewrite_picture(std::size_t at, Lines& page) {
    std::string command = lines_[at].substr(picture_begin.size());
    command.resize(command.rfind(" -->"));
    const Lines drawn = lines_of(output_of(command));
    auto line = std::ranges::find(drawn, "```mermaid");
    EXPECT_NE(line, drawn.end()) << command << " draws nothing";
    for (; line != drawn.end(); ++line) {
      page.push_back(*line);
      if (*line == "```") break;
    }
    return end_of_block(at + 1);
  }

  Lines lines_;
  Folder folder_;
  std::size_t commands_ = 0;
};

TEST(Lessons, SayWhatTheirCommandsPrint) {
  std::size_t lessons = 0;
  for (const auto& entry : fs::directory_iterator(folder_of_lessons)) {
    if (entry.path().filename() == "README.md") continue;
    const std::string text = text_of(entry.path());
    Page page(lines_of(text));
    const std::string now = joined(page.rewritten());
    if (std::getenv("CACHERACE_UPDATE_DOCS") != nullptr) std::ofstream(entry.path()) << now;
    EXPECT_TRUE(now == text_of(entry.path()))
        << entry.path().filename()
        << " is not what its commands print; CACHERACE_UPDATE_DOCS=1 writes it anew";
    EXPECT_GE(page.commands(), 2U) << entry.path();
    ++lessons;
  }
  EXPECT_EQ(lessons, 8U);
}

// A page that says something else is found.
TEST(Lessons, AWrongPageIsNoticed) {
  const Lines wrong = {"# x", "```console", "$ cacherace --version", "cacherace 0.0.0", "```", "end"};
  const Lines right = Page(wrong).rewritten();
  ASSERT_EQ(right.size(), wrong.size());
  EXPECT_TRUE(right[3].starts_with("cacherace ")) << right[3];
  EXPECT_NE(right[3], wrong[3]);
  EXPECT_EQ(right[5], "end");
}

}  // namespace
}  // namespace cacherace::tools
