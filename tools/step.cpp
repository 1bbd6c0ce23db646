#include "tools/step.hpp"

#include <langinfo.h>
#include <ncurses.h>
#include <poll.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstring>
#include <optional>

#include "tools/interrupt.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

using reports::Style;
using reports::Walk;

constexpr short red_pair = 1, green_pair = 2;

// What a terminal shows of names is UTF-8, whatever the environment says.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

// The terminal in the mode of full screens, as long as the object lives.
class Screen {
 public:
  Screen() : screen_(newterm(nullptr, stdout, stdin)) {
    if (screen_ == nullptr) return;
    constexpr int look_for_signals_every_ms = 100;
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    set_escdelay(look_for_signals_every_ms);
    curs_set(0);
    timeout(look_for_signals_every_ms);
    coloured_ = paint_of_stdout() == reports::Paint::coloured && has_colors() && start_color() == OK &&
                use_default_colors() == OK;
    if (!coloured_) return;
    init_pair(red_pair, COLOR_RED, -1);
    init_pair(green_pair, COLOR_GREEN, -1);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen() {
    if (screen_ == nullptr) return;
    endwin();
    delscreen(screen_);
  }

  [[nodiscard]] bool is_open() const { return screen_ != nullptr; }

  void show(reports::Stepper& stepper) const {
    const auto lines = stepper.screen(static_cast<std::size_t>(LINES), static_cast<std::size_t>(COLS));
    erase();
    for (std::size_t row = 0; row < lines.size(); ++row) {
      const auto attributes = static_cast<attr_t>(attributes_of(lines[row].style));
      attron(attributes);
      mvaddstr(static_cast<int>(row), 0, lines[row].text.c_str());
      attroff(attributes);
    }
    refresh();
  }

 private:
  [[nodiscard]] chtype attributes_of(Style style) const {
    switch (style) {
      case Style::plain:
        return A_NORMAL;
      case Style::bold:
        return A_BOLD;
      case Style::dim:
        return A_DIM;
      case Style::red:
        return coloured_ ? COLOR_PAIR(red_pair) : A_BOLD;
      case Style::green:
        return coloured_ ? COLOR_PAIR(green_pair) : A_NORMAL;
      case Style::current:
        return A_REVERSE;
    }
    return A_NORMAL;
  }

  SCREEN* screen_;
  bool coloured_ = false;
};

std::optional<Walk> walk_of(int key) {
  switch (key) {
    case KEY_RIGHT:
    case KEY_DOWN:
    case ' ':
    case 'n':
    case 'j':
      return Walk::next;
    case KEY_LEFT:
    case KEY_UP:
    case 'p':
    case 'k':
      return Walk::previous;
    case KEY_NPAGE:
      return Walk::page_down;
    case KEY_PPAGE:
      return Walk::page_up;
    case KEY_HOME:
    case 'g':
      return Walk::first;
    case KEY_END:
    case 'G':
      return Walk::last;
    case 'v':
      return Walk::next_violation;
    case 'V':
      return Walk::previous_violation;
    default:
      return std::nullopt;
  }
}

// Then nothing can be read any more, and waiting for a key does not wait.
bool has_hung_up() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace

ExitStatus step_through(reports::Stepper stepper) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
    complain("--step: needs a terminal for its input and output; without --step the steps are printed");
    return ExitStatus::bad_input;
  }
  use_utf8();
  const auto& interrupted = watch_for_interruption();
  const Screen screen;
  if (!screen.is_open()) {
    complain(
        "--step: this terminal is not known to ncurses; set TERM to its kind, as in TERM=xterm-256color");
    return ExitStatus::bad_input;
  }
  screen.show(stepper);
  while (!interrupted) {
    const int key = getch();
    if (key == 'q') return ExitStatus::ok;
    if (key == ERR && has_hung_up()) break;
    if (key == ERR) continue;
    if (const auto walk = walk_of(key)) stepper.walk(*walk);
    screen.show(stepper);
  }
  return ExitStatus::unfinished;
}

}  // namespace cacherace::tools
