#include "tests/tools/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace cacherace::tools {
namespace {

constexpr auto patience = std::chrono::seconds(20);

winsize size_of(int rows, int columns) {
  winsize size{};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  return size;
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | (code >> 6));
    return add(0x80 | (code & 0x3F));
  }
  if (code < 0x10000) {
    add(0xE0 | (code >> 12));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
  }
  add(0x80 | ((code >> 6) & 0x3F));
  add(0x80 | (code & 0x3F));
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& arguments, int rows, int columns, const std::string& kind,
                   bool ignores_hang_up)
    : rows_(rows), columns_(columns), terminal_(vterm_new(rows, columns)) {
  vterm_set_utf8(terminal_, 1);
  screen_ = vterm_obtain_screen(terminal_);
  vterm_screen_enable_altscreen(screen_, 1);
  vterm_screen_reset(screen_, 1);
  std::vector<std::string> words = {CACHERACE_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  auto size = size_of(rows, columns);
  id_ = forkpty(&master_, nullptr, nullptr, &size);
  if (id_ < 0) throw std::runtime_error("no pseudo-terminal");
  if (id_ == 0) {
    setenv("TERM", kind.c_str(), 1);
    unsetenv("NO_COLOR");
    if (ignores_hang_up) std::signal(SIGHUP, SIG_IGN);
    execv(pointers[0], pointers.data());
    _exit(127);
  }
}

Terminal::~Terminal() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  if (master_ >= 0) close(master_);
  vterm_free(terminal_);
}

void Terminal::type(const std::string& keys) const {
  if (write(master_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("cannot type");
  }
}

void Terminal::press(VTermKey key) const {
  vterm_keyboard_key(terminal_, key, VTERM_MOD_NONE);
  std::array<char, 64> bytes{};
  const auto count = vterm_output_read(terminal_, bytes.data(), bytes.size());
  type(std::string(bytes.data(), count));
}

void Terminal::resize(int rows, int columns) {
  rows_ = rows;
  columns_ = columns;
  vterm_set_size(terminal_, rows, columns);
  const auto size = size_of(rows, columns);
  ioctl(master_, TIOCSWINSZ, &size);
}

void Terminal::signal(int number) const {
  kill(id_, number);
}

bool Terminal::read_some(int timeout_ms) {
  pollfd ready{master_, POLLIN, 0};
  if (poll(&ready, 1, timeout_ms) <= 0) return true;
  std::array<char, 4096> bytes{};
  const auto count = read(master_, bytes.data(), bytes.size());
  if (count <= 0) return false;
  vterm_input_write(terminal_, bytes.data(), static_cast<std::size_t>(count));
  return true;
}

std::vector<std::string> Terminal::lines() const {
  std::vector<std::string> all;
  for (int row = 0; row < rows_; ++row) {
    std::string line;
    for (int column = 0; column < columns_;) {
      VTermScreenCell cell;
      vterm_screen_get_cell(screen_, {row, column}, &cell);
      if (cell.chars[0] == 0) line += ' ';
      for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; ++i) {
        append_utf8(line, cell.chars[i]);
      }
      column += cell.width > 0 ? cell.width : 1;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all.push_back(line);
  }
  return all;
}

std::string Terminal::shown() const {
  std::string text;
  for (const auto& line : lines()) text += line + "\n";
  return text;
}

std::string Terminal::missing(const std::vector<std::string>& texts) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (true) {
    const std::string screen = shown();
    const auto absent =
        std::ranges::find_if(texts, [&](const auto& text) { return screen.find(text) == std::string::npos; });
    if (absent == texts.end()) return "";
    constexpr int a_moment_ms = 20;
    if (!read_some(a_moment_ms) || std::chrono::steady_clock::now() > end)
      return *absent + "\nis not in\n" + shown();
  }
}

bool Terminal::is_reversed(const std::string& text) {
  const auto all = lines();
  for (int row = 0; row < rows_; ++row) {
    if (all[static_cast<std::size_t>(row)].find(text) == std::string::npos) continue;
    VTermScreenCell cell;
    vterm_screen_get_cell(screen_, {row, 0}, &cell);
    return cell.attrs.reverse != 0;
  }
  return false;
}

int Terminal::wait() {
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (waitpid(id_, &status, WNOHANG) != id_) {
    if (std::chrono::steady_clock::now() > end) kill(id_, SIGKILL);
    constexpr int a_moment_ms = 10;
    if (master_ < 0 || !read_some(a_moment_ms)) usleep(1000 * a_moment_ms);
  }
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Terminal::hang_up() {
  close(master_);
  master_ = -1;
}

}  // namespace cacherace::tools
