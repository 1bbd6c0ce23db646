// A pseudo-terminal with the real command in it, and the screen that its user would see (libvterm).
#pragma once

#include <vterm.h>

#include <string>
#include <vector>

namespace cacherace::tools {

class Terminal {
 public:
  // Starts `cacherace ARGUMENTS` in a terminal of that size and kind.
  Terminal(const std::vector<std::string>& arguments, int rows, int columns,
           const std::string& kind = "xterm-256color", bool ignores_hang_up = false);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  void type(const std::string& keys) const;
  // A key that is no character, as the terminal sends it in its present mode.
  void press(VTermKey key) const;
  void resize(int rows, int columns);
  void signal(int number) const;
  // The terminal goes away.
  void hang_up();

  // Waits until the screen shows all the texts (lines end in "\n", without the spaces before it): empty.
  // After a while: which one is missing, and what it shows instead.
  std::string missing(const std::vector<std::string>& texts);
  // What it shows now.
  [[nodiscard]] std::string shown() const;
  // Whether a cell of the line that holds `text` is shown in reverse.
  bool is_reversed(const std::string& text);
  // The exit status, after the command's end; 128 + number of the signal that ended it. One that does not end
  // is killed after a while.
  int wait();

 private:
  bool read_some(int timeout_ms);
  [[nodiscard]] std::vector<std::string> lines() const;

  int rows_, columns_;
  int master_ = -1;
  int id_ = -1;
  VTerm* terminal_;
  VTermScreen* screen_;
};

}  // namespace cacherace::tools
